/** An image as a capture leaves it in the store. */

import { type HostId } from '../../../lib/model/ids.ts';
import { Image } from '../../../lib/model/image.ts';
import type { commitSample } from './sample-manifest.ts';
import { IMAGE, VERSION } from './sample-manifest.ts';

/** An image of one version, captured from the first host. */
export function capturedImage(hostId: HostId, { manifestSha256, storedBytes }: Committed): Image {
  return Image.parse({
    id: IMAGE,
    name: 'win11',
    createdAt: '2026-11-21T07:00:00.000Z',
    versions: [
      {
        id: VERSION,
        capturedAt: '2026-11-21T07:00:00.000Z',
        hostId: hostId,
        hostName: 'pc-1',
        manifestSha256,
        diskSizeBytes: 1_073_741_824,
        sectorSizeBytes: 512,
        requiredBytes: 1_073_741_824,
        storedBytes,
        rawBytes: storedBytes,
        compression: 'zstd',
        tableType: 'dos',
        partitionCount: 2,
      },
    ],
  });
}

type Committed = Awaited<ReturnType<typeof commitSample>>;
