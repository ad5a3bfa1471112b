/** A small image for the tests of the image directory. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ImageId, RunId, VersionId } from '../../../lib/model/ids.ts';
import { Manifest, streamsOf } from '../../../lib/model/image.ts';
import type { CommittedVersion, ImageStore } from '../../../server/image-store/image-store.ts';

export const IMAGE = ImageId.parse('image-0000000001');
export const VERSION = VersionId.parse('version-0000000001');
export const RUN = RunId.parse('run-0000000001');

/** More than any capture of these tests sends. */
export const LARGE = 1024 ** 4;

/** What the streams of the sample hold: name → content. */
export type SampleStreams = Readonly<Record<string, Buffer>>;

export const STREAMS: SampleStreams = {
  'p1.partclone.zst': Buffer.alloc(3_000_000, 'one'),
  'p2.raw.zst': Buffer.alloc(100, 'two'),
  'gap-1.raw.zst': Buffer.alloc(1_048_576, 'gap'),
};

/** A manifest that names `streams`, as an engine and the server would make it of a disk. */
export function sampleManifest(
  streams: SampleStreams = STREAMS,
  versionId: VersionId = VERSION,
): Manifest {
  const described = Object.entries(streams).map(([name, content]) => ({
    name,
    content: 'raw',
    tool: 'partclone.dd 0.3.23',
    rawBytes: content.length,
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return Manifest.parse({
    formatVersion: 1,
    imageId: IMAGE,
    versionId,
    name: 'win11',
    capturedAt: '2026-11-21T07:00:00.000Z',
    host: { id: 'host-0000000001', name: 'pc-1', mac: '52:54:00:77:00:01' },
    program: 'OpenClone 0.1.0',
    disk: {
      address: '/dev/sda',
      model: 'QEMU HARDDISK',
      serial: 'QM00001',
      wwn: null,
      sizeBytes: 1_073_741_824,
      logicalSectorBytes: 512,
      physicalSectorBytes: 512,
    },
    requiredBytes: 1_073_741_824,
    compression: 'zstd',
    compressionTool: 'zstd 1.5.4',
    partitionTable: {
      type: 'dos',
      diskSignature: '12345678',
      sectorSizeBytes: 512,
      diskSectors: 2_097_152,
      partitions: [],
    },
    sfdiskDump: 'label: dos\n',
    tableAreas: [],
    gaps: described
      .filter(({ name }) => name.startsWith('gap'))
      .map((stream) => ({ startSector: 1, sectorCount: 2047, stream })),
    partitions: described
      .filter(({ name }) => !name.startsWith('gap'))
      .map((stream, index) => ({
        number: index + 1,
        startSector: 2048 * (index + 1),
        sectorCount: 2048,
        filesystem: null,
        content: { type: 'stream', stream },
      })),
  });
}

/** `content` in pieces, as a connection brings it. */
export function streamOf(content: Buffer): Readable {
  const pieces = Array.from({ length: Math.ceil(content.length / 65_536) }, (_, index) =>
    content.subarray(index * 65_536, (index + 1) * 65_536),
  );
  return Readable.from(pieces);
}

/** Opens a staging and sends all streams. */
export async function sendStreams(
  store: ImageStore,
  runId = RUN,
  streams: SampleStreams = STREAMS,
): Promise<void> {
  await store.openStaging(runId);
  for (const [name, content] of Object.entries(streams)) {
    await store.receiveStream(runId, name, streamOf(content), LARGE);
  }
}

/** Sends and commits the sample, and checks itself that the manifest fits what was sent. */
export async function commitSample(store: ImageStore): Promise<CommittedVersion> {
  await sendStreams(store);
  return store.commit(RUN, sampleManifest());
}

/** The names of the sample's streams in the manifest's order. */
export function streamNames(): string[] {
  return streamsOf(sampleManifest()).map(({ name }) => name);
}
