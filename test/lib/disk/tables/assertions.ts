/** What the tests of lib/disk/tables ask of a result and of an error. */

import assert from 'node:assert/strict';
import { readPartitionTable } from '../../../../lib/disk/tables/partition-table.ts';
import { bufferReader } from '../../../../lib/disk/sector-reader.ts';
import type { TableOnDisk } from '../../../../lib/disk/tables/table-area.ts';
import { OperatorError } from '../../../../lib/errors.ts';
import { PartitionTable, TableArea } from '../../../../lib/model/partition-table.ts';
import { readBytes, readDisk } from './partitioned-file.ts';

/** The result fits its schemas, and its areas are the disk's own bytes. */
export async function assertSound(found: TableOnDisk, path: string): Promise<void> {
  PartitionTable.parse(found.table);
  const { sectorSizeBytes } = found.table;
  for (const area of found.areas) {
    TableArea.parse(area);
    const onDisk = await readBytes(
      path,
      area.startSector * sectorSizeBytes,
      area.sectorCount * sectorSizeBytes,
    );
    assert.ok(dataOf(area).equals(onDisk), `the area ${area.kind} is what the disk has`);
  }
}

/** Reading `disk`, a path or the bytes of a disk with sectors of 512, ends in partition-table-bad. */
export async function assertRefused(disk: string | Buffer, message: RegExp): Promise<void> {
  const reading =
    typeof disk === 'string' ? readDisk(disk) : readPartitionTable(bufferReader(disk, 512));
  await assert.rejects(reading, (error: unknown) => {
    assert.ok(error instanceof OperatorError, String(error));
    assert.equal(error.code, 'partition-table-bad');
    assert.match(error.message, message);
    assert.notEqual(error.hint, '');
    return true;
  });
}

/** Whatever is on the disk, the end is a table that fits its schema or an OperatorError. */
export async function assertNoCrash(disk: Buffer, sectorSizeBytes: number): Promise<void> {
  try {
    const found = await readPartitionTable(bufferReader(disk, sectorSizeBytes));
    PartitionTable.parse(found.table);
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
  }
}

/** The bytes of an area. */
export function dataOf(area: TableArea | undefined): Buffer {
  assert.ok(area !== undefined);
  return Buffer.from(area.dataBase64, 'base64');
}
