/** Quantities whose unit must not be guessed, and the one place that turns sectors into bytes. */

/** A count of bytes: a whole number up to 2^53, enough for disks of 8 PiB. */
export type Bytes = number;
/** A count of logical sectors; how many bytes one has is a property of the disk. */
export type Sectors = number;

/** Where a range of sectors lies on a disk. */
export type SectorRange = { readonly startSector: Sectors; readonly sectorCount: Sectors };

/** Bytes in `sectors` sectors of `sectorSizeBytes`. Throws RangeError when the result is no safe integer. */
export function sectorsToBytes(sectors: Sectors, sectorSizeBytes: Bytes): Bytes {
  const bytes = sectors * sectorSizeBytes;
  if (!Number.isSafeInteger(bytes)) {
    throw new RangeError(
      `${sectors} sectors of ${sectorSizeBytes} bytes are not countable in bytes`,
    );
  }
  return bytes;
}

/** Whole sectors in `bytes`; a rest below one sector is dropped. */
export function bytesToSectors(bytes: Bytes, sectorSizeBytes: Bytes): Sectors {
  return Math.floor(bytes / sectorSizeBytes);
}

/** The kernel counts partitions in 512-byte units whatever the disk's sector size (addpart(8)). */
export const KERNEL_SECTOR_BYTES = 512;
