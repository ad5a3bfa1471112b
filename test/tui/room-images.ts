/** The images of the room. */

import { Image, Manifest } from '../../lib/model/image.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../support/images.ts';
import { ROOM_TIME, GB } from './room-units.ts';

export function image(number: number, name: string, versions: number, bytes: number): Image {
  const [version] = SAMPLE_IMAGE.versions;
  return Image.parse({
    id: `image-${String(number).padStart(10, '0')}`,
    name,
    createdAt: ROOM_TIME,
    isProtected: number === 2,
    versions: Array.from({ length: versions }, (_, index) => ({
      ...version,
      id: `version-${String(number * 10 + index).padStart(10, '0')}`,
      rawBytes: bytes,
      storedBytes: Math.round(bytes * 0.4),
      requiredBytes: 240 * GB,
      hostName: 'pc-07',
    })),
  });
}

export function roomManifest(): Manifest {
  const sectors = (bytes: number): number => Math.floor(bytes / 512);
  const part = (
    number: number,
    start: number,
    size: number,
    type: string,
    label: string | null,
  ): object => ({
    number,
    startSector: sectors(start),
    sectorCount: sectors(size),
    filesystem: { type, uuid: null, label },
    content: {
      type: 'stream',
      stream: {
        ...SAMPLE_MANIFEST.gaps[0]?.stream,
        name: `p${number}.partclone.zst`,
        rawBytes: Math.round(size * 0.6),
        sizeBytes: Math.round(size * 0.25),
      },
    },
  });
  return Manifest.parse({
    ...SAMPLE_MANIFEST,
    partitions: [
      part(1, 1_048_576, 500_000_000, 'vfat', 'ESP'),
      part(2, 600_000_000, 16_000_000, 'ntfs', null),
      part(3, 616_000_000, 250 * GB, 'ntfs', 'Windows'),
      part(4, 251 * GB, 200 * GB, 'ext4', 'Daten für alle'),
      {
        number: 5,
        startSector: sectors(451 * GB),
        sectorCount: sectors(16 * GB),
        filesystem: { type: 'swap', uuid: null, label: null },
        content: { type: 'swap', uuid: null, label: null },
      },
    ],
  });
}
