/** The partition table of the disk that is captured, and what belongs to its image outside of partitions. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { dynamicDiskAreas, isDynamicPartition } from '../../lib/disk/dynamic-disk.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import type { Signature } from '../../lib/disk/signature.ts';
import { gapsOf } from '../../lib/disk/tables/kinds.ts';
import { readPartitionTable } from '../../lib/disk/tables/partition-table.ts';
import { WholeDiskTaken } from '../../lib/disk/tables/table-checks.ts';
import type { TableOnDisk } from '../../lib/disk/tables/table-area.ts';
import {
  besidePartitions,
  outsidePartitions,
  refuseMember,
  wholeDiskContent,
} from '../../lib/disk/whole-disk-use.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import type { SectorRange } from '../../lib/units.ts';
import { listSignatures } from '../tools/wipefs.ts';
import { message } from '../../lib/model/messages/table.ts';
export type SourceTable = { readonly onDisk: TableOnDisk; readonly gaps: readonly SectorRange[] };

/** The table, and what belongs to the image outside of partitions. Throws for a disk that an image could not hold. */
export async function readSourceTable(run: Run, disk: Disk): Promise<SourceTable> {
  const signatures = await listSignatures(run, disk.address);
  const reader = await fileReader(disk.address, disk.logicalSectorBytes);
  try {
    const onDisk = await readPartitionTable(reader).catch((error: unknown) => {
      throw namedByContent(error, disk, signatures);
    });
    const outside = outsidePartitions(signatures, onDisk.table);
    refuseMember(disk.address, outside);
    if (onDisk.table.partitions.length === 0) {
      throw new OperatorError({
        code: 'partition-table-bad',
        message: `planning the capture of ${describeDisk(disk)}: its partition table is empty`,
        hint: 'Choose the disk that the machine boots from.',
      });
    }
    const dynamicAreas = await dynamicDiskAreas(reader, onDisk.table);
    const warnings = [
      ...onDisk.warnings,
      ...besidePartitions(outside),
      ...(onDisk.table.partitions.some(isDynamicPartition) ? [message('note.dynamic-disk')] : []),
    ];
    return {
      onDisk: { ...onDisk, warnings },
      gaps: [...gapsOf(onDisk.table), ...dynamicAreas],
    };
  } finally {
    await reader.close();
  }
}

/** A disk without a table that can be used, said by what is on it. */
function namedByContent(error: unknown, disk: Disk, signatures: readonly Signature[]): unknown {
  const isTable = error instanceof OperatorError && error.code === 'partition-table-bad';
  if (!isTable || signatures.length === 0) return error;
  const outside = outsidePartitions(signatures, null);
  refuseMember(disk.address, outside);
  // What the reader of the table has recognised by itself it has named.
  if (signatures.some(({ usage }) => usage === 'partition-table')) return error;
  const found = wholeDiskContent(outside);
  if (found === null || error instanceof WholeDiskTaken) return error;
  return new OperatorError({
    code: error.code,
    message: `planning the capture of ${describeDisk(disk)}: it has no partition table, the whole disk is ${found}`,
    hint: error.hint,
  });
}
