/** Reads the structures of a file system where they say they are. */

import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { SimpleMessage } from '../../lib/model/message.ts';
import type { STRUCTURE_MESSAGES } from '../../lib/model/messages/structures.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Bytes } from '../../lib/units.ts';

type StructureFaultId = keyof typeof STRUCTURE_MESSAGES;

/** A structure is not as its format wants it, or of a kind that is not known here. */
export class StructureFault extends Error {
  readonly fault: SimpleMessage;

  constructor(id: StructureFaultId) {
    super(id);
    this.name = 'StructureFault';
    this.fault = message(id);
  }
}

/** No structure that is read at once is larger: what says otherwise is damaged. */
const MAX_READ_BYTES = 64 * 1024 * 1024;

/**
 * Exactly `sizeBytes` from `offsetBytes` of the volume. Throws StructureFault outside of it and for more than
 * 64 MiB, else as `reader`.
 */
export async function readBytes(
  reader: SectorReader,
  offsetBytes: Bytes,
  sizeBytes: Bytes,
): Promise<Buffer> {
  const { sectorSizeBytes, diskSectors } = reader;
  const end = offsetBytes + sizeBytes;
  const inside =
    Number.isSafeInteger(offsetBytes) &&
    Number.isSafeInteger(end) &&
    offsetBytes >= 0 &&
    sizeBytes >= 0 &&
    end <= diskSectors * sectorSizeBytes;
  if (!inside) throw new StructureFault('structure.outside');
  if (sizeBytes > MAX_READ_BYTES) {
    throw new StructureFault('structure.too-large');
  }
  const firstSector = Math.floor(offsetBytes / sectorSizeBytes);
  const endSector = Math.ceil(end / sectorSizeBytes);
  const sectors = await reader.read(firstSector, endSector - firstSector);
  const from = offsetBytes - firstSector * sectorSizeBytes;
  return sectors.subarray(from, from + sizeBytes);
}

/** A number of 64 bits that must be one that JavaScript counts exactly. Throws StructureFault. */
export function safeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new StructureFault('structure.impossible-number');
  }
  return Number(value);
}

/** Throws StructureFault with `fault` unless `condition`. */
export function mustHold(condition: boolean, fault: StructureFaultId): asserts condition {
  if (!condition) throw new StructureFault(fault);
}
