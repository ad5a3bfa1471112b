/** Table areas: the raw sectors of a partition table, as they travel. */

import { OperatorError } from '../../errors.ts';
import type { Message } from '../../model/message.ts';
import type { PartitionTable, TableArea } from '../../model/partition-table.ts';
import { bytesToSectors, sectorsToBytes, type Bytes, type Sectors } from '../../units.ts';

/** A partition table with the sectors it was read from; a damaged copy of a GPT is repaired in `areas`. */
export type TableOnDisk = {
  readonly table: PartitionTable;
  readonly areas: readonly TableArea[];
  /** What an operator should know, in sentences without full stop; empty when all is well. */
  readonly warnings: readonly Message[];
};

/** The area of `kind` that holds `data`, whole sectors from `startSector` on. */
export function tableArea(
  kind: TableArea['kind'],
  startSector: Sectors,
  data: Buffer,
  sectorSizeBytes: Bytes,
): TableArea {
  const sectorCount = bytesToSectors(data.length, sectorSizeBytes);
  return { kind, startSector, sectorCount, dataBase64: data.toString('base64') };
}

/**
 * The bytes of `area`. Throws OperatorError disk-sector-size when they are not `sectorCount` sectors of
 * `sectorSizeBytes`.
 */
export function areaBytes(area: TableArea, sectorSizeBytes: Bytes): Buffer {
  const bytes = Buffer.from(area.dataBase64, 'base64');
  if (bytes.length !== sectorsToBytes(area.sectorCount, sectorSizeBytes)) {
    throw new OperatorError({
      code: 'disk-sector-size',
      message: `taking the ${area.kind} area: ${bytes.length} bytes are not ${area.sectorCount} sectors of ${sectorSizeBytes} bytes`,
      hint: 'The image is for disks of another sector size, or its manifest was changed.',
    });
  }
  return bytes;
}
