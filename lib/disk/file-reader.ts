/** Reads a block device or an image file by sectors. */

import { open, readFile, type FileHandle } from 'node:fs/promises';
import { OperatorError } from '../errors.ts';
import {
  bytesToSectors,
  KERNEL_SECTOR_BYTES,
  sectorsToBytes,
  type Bytes,
  type Sectors,
} from '../units.ts';
import { byteRange, type Geometry, type SectorReader } from './sector-reader.ts';

export type FileReader = SectorReader & { readonly close: () => Promise<void> };

/**
 * Opens the block device or regular file `path` read-only; `close` ends it. Throws OperatorError disk-read-failed
 * when it cannot be opened.
 */
export async function fileReader(path: string, sectorSizeBytes: Bytes): Promise<FileReader> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw readError(`opening ${path}`, cause);
  }
  try {
    const disk = {
      name: path,
      sectorSizeBytes,
      diskSectors: bytesToSectors(await sizeOf(handle, path), sectorSizeBytes),
    };
    return {
      ...disk,
      read: (startSector, sectorCount) => readSectors(handle, disk, startSector, sectorCount),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A failed read continues up to the bad sector, so that the error names just that one. */
async function readSectors(
  handle: FileHandle,
  disk: Geometry,
  startSector: Sectors,
  sectorCount: Sectors,
): Promise<Buffer> {
  const { offsetBytes, sizeBytes } = byteRange(disk, startSector, sectorCount);
  const buffer = Buffer.alloc(sizeBytes);
  let doneBytes = 0;
  while (doneBytes < sizeBytes) {
    const sector = startSector + bytesToSectors(doneBytes, disk.sectorSizeBytes);
    const what = `reading sector ${sector} of ${disk.name}`;
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(
        buffer,
        doneBytes,
        sizeBytes - doneBytes,
        offsetBytes + doneBytes,
      ));
    } catch (cause) {
      throw readError(what, cause);
    }
    if (bytesRead === 0) throw readError(what, new Error('the disk ends here'));
    doneBytes += bytesRead;
  }
  return buffer;
}

/** Block devices say 0 in stat(2), and Node cannot seek to the end: their size is in sysfs, in 512-byte units. */
async function sizeOf(handle: FileHandle, path: string): Promise<Bytes> {
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isBlockDevice()) return Number(stat.size);
    const text = await readFile(`/sys/dev/block/${deviceNumber(stat.rdev)}/size`, 'utf8');
    return sectorsToBytes(Number(text), KERNEL_SECTOR_BYTES);
  } catch (cause) {
    throw readError(`finding the size of ${path}`, cause);
  }
}

/** "8:16" from glibc's dev_t (makedev(3)): the major number in bits 8-19 and 44-63, the minor in the others. */
function deviceNumber(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return `${major.toString()}:${minor.toString()}`;
}

function readError(message: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'disk-read-failed',
    message,
    hint: 'The disk may be failing or gone: look at `dmesg` and `smartctl -a` on that host.',
    cause,
  });
}
