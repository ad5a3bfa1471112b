/** An image, its manifest and its streams as a server shows them. */

import type { z } from 'zod';
import { Image, Manifest } from '../../lib/model/image.ts';
import { TIME } from './times.ts';

const SHA256 = 'a'.repeat(64);

const stream = (
  name: string,
  content: 'partclone' | 'raw',
): z.input<typeof Manifest>['gaps'][0]['stream'] => ({
  name,
  content,
  tool: 'partclone.ntfs 0.3.23',
  rawBytes: 60_000_000,
  sizeBytes: 21_000_000,
  sha256: SHA256,
});

export const SAMPLE_MANIFEST = Manifest.parse({
  formatVersion: 1,
  imageId: 'image-0000000001',
  versionId: 'version-0000000002',
  name: 'win11',
  capturedAt: TIME,
  host: { id: 'host-0000000001', name: 'golden', mac: '52:54:00:77:00:01' },
  program: 'OpenClone 0.1.0',
  disk: {
    address: '/dev/sda',
    model: 'Samsung SSD 860',
    serial: 'S3Z8NB0K',
    wwn: null,
    sizeBytes: 500_107_862_016,
    logicalSectorBytes: 512,
    physicalSectorBytes: 512,
  },
  requiredBytes: 400_000_000,
  compression: 'zstd',
  compressionTool: 'zstd 1.5.4',
  partitionTable: {
    type: 'dos',
    diskSignature: '8b527f66',
    sectorSizeBytes: 512,
    diskSectors: 976_773_168,
    partitions: [],
  },
  sfdiskDump: 'label: dos\n',
  tableAreas: [
    {
      kind: 'mbr',
      startSector: 0,
      sectorCount: 1,
      dataBase64: Buffer.alloc(512).toString('base64'),
    },
    {
      kind: 'ebr',
      startSector: 206_848,
      sectorCount: 1,
      dataBase64: Buffer.alloc(512).toString('base64'),
    },
  ],
  gaps: [{ startSector: 1, sectorCount: 2047, stream: stream('gap-1.raw.zst', 'raw') }],
  partitions: [
    {
      number: 1,
      startSector: 2048,
      sectorCount: 204_800,
      filesystem: { type: 'ntfs', uuid: 'AA', label: 'Müller' },
      content: { type: 'stream', stream: stream('p1.partclone.zst', 'partclone') },
    },
    {
      number: 2,
      startSector: 206_848,
      sectorCount: 400_000,
      filesystem: null,
      content: { type: 'extended' },
    },
    {
      number: 5,
      startSector: 208_896,
      sectorCount: 100_000,
      filesystem: {
        type: 'swap',
        uuid: '7a1d8f0e-3a52-4c2b-9d0e-4a1f5b6c7d8e',
        label: "it's swap",
      },
      content: { type: 'swap', uuid: '7a1d8f0e-3a52-4c2b-9d0e-4a1f5b6c7d8e', label: "it's swap" },
    },
  ],
});

export const SAMPLE_IMAGE = Image.parse({
  id: 'image-0000000001',
  name: 'win11',
  createdAt: TIME,
  versions: [
    {
      id: 'version-0000000002',
      capturedAt: TIME,
      hostId: 'host-0000000001',
      hostName: 'golden',
      manifestSha256: SHA256,
      diskSizeBytes: 500_107_862_016,
      sectorSizeBytes: 512,
      requiredBytes: 400_000_000,
      storedBytes: 42_000_000,
      rawBytes: 120_000_000,
      compression: 'zstd',
      tableType: 'dos',
      partitionCount: 3,
    },
  ],
});
