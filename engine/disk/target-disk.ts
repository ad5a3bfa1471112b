/** The disk that is written: it carries a layout out. Made unbootable first, its partition table valid last. */

import { fileReader } from '../../lib/disk/file-reader.ts';
import type { Layout } from '../../lib/disk/layout/layout.ts';
import {
  BOOT_SECTORS,
  restorePlan,
  type DiskAction,
  type RestorePlan,
} from '../../lib/disk/layout/restore-plan.ts';
import { readPartitionTable } from '../../lib/disk/tables/partition-table.ts';
import { areaBytes } from '../../lib/disk/tables/table-area.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { TableArea } from '../../lib/model/partition-table.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import type { DiskOutcome } from '../../lib/model/task.ts';
import { bytesToSectors, sectorsToBytes, type Sectors } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { findBlockDevice, listPartitions, partitionAddress } from '../system-info/block-device.ts';
import { flushBuffers } from '../tools/blockdev.ts';
import { writeSectors } from '../tools/dd.ts';
import { lockDisk } from '../tools/disk-lock.ts';
import { addPartition, removePartition, updatePartitions } from '../tools/partx.ts';
import { wipeSignatures } from '../tools/wipefs.ts';

export class TargetDisk {
  readonly disk: Disk;
  readonly #run: Run;
  /** Not ended by what ends the work. */
  readonly #cleanUpRun: Run;
  /** What is done to this disk, with the table as it will be on it. */
  readonly plan: RestorePlan;
  #unlock: (() => Promise<void>) | undefined;
  #isTouched = false;
  #isRolledBack = false;
  #clearing: Promise<void> = Promise.resolve();
  #tableWrites: Promise<void> = Promise.resolve();

  /** `layout` is one for `disk`: planLayout() has made it. */
  constructor(run: Run, disk: Disk, layout: Layout, cleanUpRun: Run = run) {
    this.#run = run;
    this.#cleanUpRun = cleanUpRun;
    this.disk = disk;
    this.plan = restorePlan(layout);
  }

  get isTouched(): boolean {
    return this.#isTouched;
  }

  /** Where a partition of the image is on this disk. */
  partition(number: number): string {
    return partitionAddress(this.disk.address, number);
  }

  /** Keeps the disk for us from now on; the open device keeps its name as well. Throws `disk-busy`. */
  async lock(): Promise<void> {
    this.#unlock ??= await lockDisk(this.disk.address);
  }

  /**
   * The point of no return. Takes away every way to boot from the disk and everything that was recognised on it,
   * and makes the kernel know the image's partitions though no table is on the disk.
   */
  clear(): Promise<void> {
    this.#clearing = this.#clear();
    return this.#clearing;
  }

  async #clear(): Promise<void> {
    await this.lock();
    for (const action of this.plan.clear) {
      // A run that was stopped meanwhile has said that the disk is as it was.
      if (!this.#isTouched) this.#refuseAfterRollBack();
      if (action.type !== 'forget-partitions') this.#isTouched = true;
      await this.#perform(action);
    }
  }

  /** Everything written so far is on the disk when this resolves. */
  async sync(signal: AbortSignal): Promise<void> {
    for (const action of this.plan.flush) await this.#perform(action, signal);
  }

  /** Boot code and partition table, the first sector last: from now on the disk boots. */
  writeTable(): Promise<void> {
    this.#tableWrites = this.#writeTable();
    return this.#tableWrites;
  }

  async #writeTable(): Promise<void> {
    for (const action of this.plan.table) {
      if (this.#isRolledBack) return;
      await this.#perform(action);
    }
  }

  /** The kernel reads the table, and so do we: what is on the disk must be what the layout says. */
  async verifyTable(): Promise<void> {
    for (const action of this.plan.verify) await this.#perform(action);
    const reader = await fileReader(this.disk.address, this.disk.logicalSectorBytes);
    try {
      await readPartitionTable(reader);
    } finally {
      await reader.close();
    }
  }

  /**
   * After a failure or a stop, whatever is still under way: nothing is cleared and no table is written any more, and
   * none stays on a disk that was touched. Returns what is on it.
   */
  async rollBack(): Promise<DiskOutcome> {
    this.#isRolledBack = true;
    await Promise.allSettled([this.#clearing, this.#tableWrites]);
    if (!this.#isTouched) return 'untouched';
    await this.#makeUnbootable(this.#cleanUpRun);
    await this.#forgetPartitions(this.#cleanUpRun).catch(() => undefined);
    return 'cleared';
  }

  #refuseAfterRollBack(): void {
    if (!this.#isRolledBack) return;
    throw new OperatorError({
      code: 'cancelled',
      message: `clearing ${this.disk.address}: the work was stopped before`,
      hint: 'Start the task again if the host is still to get this work.',
    });
  }

  async dispose(): Promise<void> {
    await this.#unlock?.();
  }

  async #perform(action: DiskAction, signal?: AbortSignal): Promise<void> {
    const run = this.#run;
    const { address, logicalSectorBytes } = this.disk;
    switch (action.type) {
      case 'forget-partitions':
        return this.#forgetPartitions(run);
      case 'make-unbootable':
        return this.#makeUnbootable(run);
      case 'zero-ends': {
        const sectors = Math.min(this.#sectors, this.#toSectors(action.endBytes));
        return this.#zeroEnds(run, sectors, sectors);
      }
      case 'wipe-signatures':
        return wipeSignatures(run, this.#device(action.number));
      case 'add-partition':
        return addPartition(run, address, action.number, action.range, logicalSectorBytes);
      case 'flush':
        return flushBuffers(run, this.#device(action.number), signal);
      case 'write-area': {
        const bytes = areaBytes(action.area, logicalSectorBytes);
        return writeSectors(run, address, action.area.startSector, bytes, logicalSectorBytes);
      }
      case 'read-table':
        return updatePartitions(run, address);
      case 'compare-table':
        return this.#compareTable(action.areas);
      default:
        return unreachable(action);
    }
  }

  async #compareTable(areas: readonly TableArea[]): Promise<void> {
    const { address, logicalSectorBytes } = this.disk;
    const reader = await fileReader(address, logicalSectorBytes);
    try {
      for (const area of areas) {
        const found = await reader.read(area.startSector, area.sectorCount);
        if (found.equals(areaBytes(area, logicalSectorBytes))) continue;
        throw new OperatorError({
          code: 'disk-write-failed',
          message: `reading the partition table of ${address} back: sector ${area.startSector} is not what was written`,
          hint: 'The disk is failing: see dmesg and smartctl, and replace it.',
        });
      }
    } finally {
      await reader.close();
    }
  }

  /** No firmware finds anything to boot. */
  #makeUnbootable(run: Run): Promise<void> {
    return this.#zeroEnds(run, BOOT_SECTORS.atStart, BOOT_SECTORS.atEnd);
  }

  async #zeroEnds(run: Run, atStart: Sectors, atEnd: Sectors): Promise<void> {
    await this.#zero(run, 0, atStart);
    await this.#zero(run, this.#sectors - atEnd, atEnd);
  }

  /** A partition, or with null the disk itself. */
  #device(number: number | null): string {
    return number === null ? this.disk.address : this.partition(number);
  }

  get #sectors(): Sectors {
    return bytesToSectors(this.disk.sizeBytes, this.disk.logicalSectorBytes);
  }

  #toSectors(bytes: number): Sectors {
    return bytesToSectors(bytes, this.disk.logicalSectorBytes);
  }

  async #zero(run: Run, startSector: Sectors, sectorCount: Sectors): Promise<void> {
    const { address, logicalSectorBytes } = this.disk;
    const zeros = Buffer.alloc(sectorsToBytes(sectorCount, logicalSectorBytes));
    await writeSectors(run, address, startSector, zeros, logicalSectorBytes);
  }

  async #forgetPartitions(run: Run): Promise<void> {
    const { address } = this.disk;
    const device = await findBlockDevice(address);
    for (const { number } of (await listPartitions(device)).toReversed()) {
      await removePartition(run, address, number);
    }
  }
}
