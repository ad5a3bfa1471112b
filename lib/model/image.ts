/** Images: the manifest that lies beside the streams, and what the store keeps of an image. */

import { z } from 'zod';
import { HostId, ImageId, VersionId } from './ids.ts';
import { MAX_VERSIONS } from './limits.ts';
import { Message } from './message.ts';
import { MachineText } from './machine-text.ts';
import { Count } from './count.ts';
import { MacAddress, Name, Sha256, Timestamp } from './names.ts';
import { PartitionTable, TableArea } from './partition-table.ts';

/** Version of the image format (docs/design/image-format.md). Raised when an older program would misread it. */
export const IMAGE_FORMAT_VERSION = 1;

/** Beside the images: the lock of the server that has the directory. It stays when nobody holds it. */
export const IMAGE_LOCK_NAME = '.lock';

export const Compression = z.enum(['zstd', 'gzip', 'lzo', 'none']);
export type Compression = z.infer<typeof Compression>;

/** What the bytes of a stream are once decompressed: partclone's image format, or the plain sectors. */
export const StreamContent = z.enum(['partclone', 'raw']);

/** One file of the image: the compressed content of a partition or of a gap. */
export const ImageStream = z.object({
  /** Unique in the image, also its file name: "p1.partclone.zst", "gap-1.raw.zst". */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  content: StreamContent,
  /** Which program made it, with its version: "partclone.ext4 0.3.23". */
  tool: MachineText,
  /** Bytes of the content before compression: the blocks in use, or all sectors of a 1:1 copy. */
  rawBytes: Count,
  /** Bytes of the file. */
  sizeBytes: Count,
  /** Over the file as it is stored. */
  sha256: Sha256,
});
export type ImageStream = z.infer<typeof ImageStream>;

/**
 * The first page of a swap area, which is all that swapon(8) and blkid(8) know it by: `dataBase64` from its first byte on, then
 * zeros, then `signature` as its last ten bytes.
 */
export const SwapHeader = z.object({
  pageSizeBytes: z.union([4096, 8192, 16384, 32768, 65536].map((size) => z.literal(size))),
  signature: z.enum(['SWAPSPACE2', 'SWAP-SPACE']),
  dataBase64: z.base64().max(48 * 1024),
});
export type SwapHeader = z.infer<typeof SwapHeader>;

/** What is kept of a partition's content. */
export const PartitionContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stream'), stream: ImageStream }),
  /** Linux swap: its header is written back; images of 0.2 have none, and get a new one with the same UUID and label. */
  z.object({
    type: z.literal('swap'),
    uuid: MachineText.nullable(),
    label: MachineText.nullable(),
    header: SwapHeader.optional(),
  }),
  /** The container of logical partitions: nothing of its own. */
  z.object({ type: z.literal('extended') }),
]);
export type PartitionContent = z.infer<typeof PartitionContent>;

export const ImagePartition = z.object({
  number: z.number().int().positive(),
  startSector: Count,
  sectorCount: Count,
  filesystem: z
    .object({ type: MachineText, uuid: MachineText.nullable(), label: MachineText.nullable() })
    .nullable(),
  content: PartitionContent,
});
export type ImagePartition = z.infer<typeof ImagePartition>;

/** Sectors outside all partitions that belong to the boot loader (docs/design/image-format.md). */
export const ImageGap = z.object({ startSector: Count, sectorCount: Count, stream: ImageStream });
export type ImageGap = z.infer<typeof ImageGap>;

/** What an engine finds out while it captures a disk; the server adds who, when and under which name. */
export const CapturedDisk = z.object({
  disk: z.object({
    address: z.string().max(80),
    model: MachineText,
    serial: MachineText.nullable(),
    wwn: MachineText.nullable(),
    sizeBytes: Count,
    logicalSectorBytes: z.number().int().positive(),
    physicalSectorBytes: z.number().int().positive(),
  }),
  /** The smallest disk that the partition table and everything it names fits on. */
  requiredBytes: Count,
  compression: Compression,
  /** Program and version that compressed: "zstd 1.5.4"; empty for none. */
  compressionTool: MachineText,
  partitionTable: PartitionTable,
  /** The same table as `sfdisk --dump` prints it, for people with no OpenClone at hand. */
  sfdiskDump: z.string().max(100_000),
  tableAreas: z.array(TableArea).max(1000),
  gaps: z.array(ImageGap).max(1000),
  partitions: z.array(ImagePartition).max(1000),
});
export type CapturedDisk = z.infer<typeof CapturedDisk>;

export const Manifest = CapturedDisk.extend({
  formatVersion: z.literal(IMAGE_FORMAT_VERSION),
  imageId: ImageId,
  versionId: VersionId,
  /** The image's name at capture; renaming an image leaves its versions alone. */
  name: Name,
  capturedAt: Timestamp,
  host: z.object({ id: HostId, name: MachineText, mac: MacAddress }),
  /** Version of OpenClone that captured. */
  program: MachineText,
});
export type Manifest = z.infer<typeof Manifest>;

/** All streams in the order in which a session sends them: partitions first, gaps last. */
export function streamsOf(disk: Pick<CapturedDisk, 'partitions' | 'gaps'>): ImageStream[] {
  const partitions = disk.partitions.flatMap(({ content }) =>
    content.type === 'stream' ? [content.stream] : [],
  );
  return [...partitions, ...disk.gaps.map((gap) => gap.stream)];
}

/** More than these are in the run of the capture alone. */
export const MAX_IMAGE_WARNINGS = 100;

/** One stored version of an image, as the store knows it. */
export const ImageVersion = z.object({
  id: VersionId,
  capturedAt: Timestamp,
  hostId: HostId,
  hostName: MachineText,
  /** SHA-256 of manifest.json, so that a changed manifest is noticed. */
  manifestSha256: Sha256,
  diskSizeBytes: Count,
  sectorSizeBytes: z.number().int().positive(),
  /** The smallest disk the image fits on. */
  requiredBytes: Count,
  storedBytes: Count,
  rawBytes: Count,
  compression: Compression,
  tableType: z.enum(['dos', 'gpt']),
  partitionCount: z.number().int().nonnegative(),
  /** What the capture warned of: what is not in it, or is there in another way. Absent: nothing, or a server before 0.3 made it. */
  warnings: z.array(Message).max(MAX_IMAGE_WARNINGS).optional(),
});
export type ImageVersion = z.infer<typeof ImageVersion>;

export const Image = z.object({
  id: ImageId,
  name: Name,
  createdAt: Timestamp,
  /** Neither deleted nor captured again until an operator takes the protection away. */
  isProtected: z.boolean().default(false),
  /** Newest first; the first one is deployed. */
  versions: z.array(ImageVersion).max(MAX_VERSIONS),
});
export type Image = z.infer<typeof Image>;

/** What a verification of one version found; it is sound when there is no problem. */
export const Verification = z.object({
  imageId: ImageId,
  versionId: VersionId,
  filesChecked: Count,
  bytesChecked: Count,
  problems: z.array(z.object({ file: z.string().max(4096), problem: Message })).max(100_000),
});
export type Verification = z.infer<typeof Verification>;
