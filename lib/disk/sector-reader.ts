/** A disk that is read by sectors: what every parser here takes, over memory (here), or over a device or a file (file-reader.ts). */

import { bytesToSectors, sectorsToBytes, type Bytes, type Sectors } from '../units.ts';

export type SectorReader = {
  /** What error messages call the disk: its path. */
  readonly name: string;
  /** Bytes of one logical sector. */
  readonly sectorSizeBytes: Bytes;
  /** Whole sectors of the disk; a rest below one sector is out of reach. */
  readonly diskSectors: Sectors;
  /**
   * Exactly `sectorCount` sectors from `startSector`. Throws RangeError outside the disk (a bug: callers check what
   * they found on the disk first) and OperatorError disk-read-failed.
   */
  readonly read: (startSector: Sectors, sectorCount: Sectors) => Promise<Buffer>;
};

/** A disk in memory; what is read is a view of `buffer`, no copy. */
export function bufferReader(
  buffer: Buffer,
  sectorSizeBytes: Bytes,
  name = 'memory',
): SectorReader {
  const diskSectors = bytesToSectors(buffer.length, sectorSizeBytes);
  return {
    name,
    sectorSizeBytes,
    diskSectors,
    read: (startSector, sectorCount) => {
      const range = byteRange({ name, sectorSizeBytes, diskSectors }, startSector, sectorCount);
      return Promise.resolve(
        buffer.subarray(range.offsetBytes, range.offsetBytes + range.sizeBytes),
      );
    },
  };
}

/** What of a reader says where it ends. */
export type Geometry = Pick<SectorReader, 'name' | 'sectorSizeBytes' | 'diskSectors'>;

/** The bytes of some sectors. Throws RangeError when they are not inside the disk. */
export function byteRange(
  disk: Geometry,
  startSector: Sectors,
  sectorCount: Sectors,
): { offsetBytes: Bytes; sizeBytes: Bytes } {
  const inside =
    Number.isSafeInteger(startSector) &&
    Number.isSafeInteger(sectorCount) &&
    startSector >= 0 &&
    sectorCount >= 0 &&
    startSector + sectorCount <= disk.diskSectors;
  if (!inside) {
    throw new RangeError(
      `${sectorCount} sectors from ${startSector} are not inside the ${disk.diskSectors} of ${disk.name}`,
    );
  }
  return {
    offsetBytes: sectorsToBytes(startSector, disk.sectorSizeBytes),
    sizeBytes: sectorsToBytes(sectorCount, disk.sectorSizeBytes),
  };
}
