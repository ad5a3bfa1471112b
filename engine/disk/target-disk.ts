/** The disk that is written: made unbootable first, its partition table valid last. */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { DeployImage } from '../../lib/model/operations/assignment.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import type { DiskOutcome } from '../../lib/model/task.ts';
import { restorePlan, type RestorePlan } from '../../lib/disk/restore-plan.ts';
import { bytesToSectors, sectorsToBytes, type Sectors } from '../../lib/units.ts';
import { findBlockDevice, listPartitions, partitionAddress } from '../system-info/block-device.ts';
import { flushBuffers } from '../tools/blockdev.ts';
import { writeSectors } from '../tools/dd.ts';
import { lockDisk } from '../tools/disk-lock.ts';
import { addPartition, removePartition, updatePartitions } from '../tools/partx.ts';
import { wipeSignatures } from '../tools/wipefs.ts';
import { fitAreas } from '../../lib/disk/tables/fit.ts';
import { readPartitionTable } from '../../lib/disk/tables/partition-table.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import { areaBytes } from '../../lib/disk/tables/table-area.ts';

export class TargetDisk {
  readonly disk: Disk;
  readonly #run: Run;
  /** Not ended by what ends the work. */
  readonly #cleanUpRun: Run;
  /** What is done to this disk, with the table as it will be on it. */
  readonly plan: RestorePlan;
  #unlock: (() => Promise<void>) | undefined;
  #isTouched = false;
  #isGivenUp = false;
  #clearing: Promise<void> = Promise.resolve();
  #tableWrites: Promise<void> = Promise.resolve();

  /** Throws `disk-too-small` or `disk-sector-size` when the image's table does not go onto `disk`. */
  constructor(run: Run, disk: Disk, image: DeployImage, cleanUpRun: Run = run) {
    this.#run = run;
    this.#cleanUpRun = cleanUpRun;
    this.disk = disk;
    const areas = fitAreas(
      image.tableAreas,
      image.partitionTable,
      this.#sectors,
      disk.logicalSectorBytes,
    );
    this.plan = restorePlan(image, areas);
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
    const { address } = this.disk;
    await this.lock();
    // A run that was stopped meanwhile has said that the disk is as it was.
    this.#mustNotBeGivenUp();
    await this.#forgetPartitions(this.#run);
    this.#mustNotBeGivenUp();
    this.#isTouched = true;
    await this.#makeUnbootable(this.#run);
    const clearedSectors = Math.min(this.#sectors, this.#toSectors(this.plan.clear.endBytes));
    await this.#zero(this.#run, 0, clearedSectors);
    await this.#zero(this.#run, this.#sectors - clearedSectors, clearedSectors);
    // What is recognised farther inside, such as the volume of a VMFS datastore.
    await wipeSignatures(this.#run, address);
    for (const { number, ...range } of this.plan.clear.partitions) {
      await addPartition(this.#run, address, number, range, this.disk.logicalSectorBytes);
      await wipeSignatures(this.#run, this.partition(number));
    }
  }

  /** Everything written so far is on the disk when this resolves. */
  async sync(signal: AbortSignal): Promise<void> {
    for (const number of this.plan.flush) {
      await flushBuffers(this.#run, this.partition(number), signal);
    }
    await flushBuffers(this.#run, this.disk.address, signal);
  }

  /** Boot code and partition table, the first sector last: from now on the disk boots. */
  writeTable(): Promise<void> {
    this.#tableWrites = this.#writeAreas();
    return this.#tableWrites;
  }

  async #writeAreas(): Promise<void> {
    for (const area of this.plan.table) {
      if (this.#isGivenUp) return;
      const bytes = areaBytes(area, this.disk.logicalSectorBytes);
      await writeSectors(
        this.#run,
        this.disk.address,
        area.startSector,
        bytes,
        this.disk.logicalSectorBytes,
      );
    }
  }

  /** The kernel reads the table, and so do we: what is on the disk must be what the image says. */
  async verifyTable(): Promise<void> {
    await flushBuffers(this.#run, this.disk.address);
    await updatePartitions(this.#run, this.disk.address);
    const reader = await fileReader(this.disk.address, this.disk.logicalSectorBytes);
    try {
      for (const area of this.plan.table) {
        const found = await reader.read(area.startSector, area.sectorCount);
        if (!found.equals(areaBytes(area, this.disk.logicalSectorBytes))) {
          throw new OperatorError({
            code: 'disk-write-failed',
            message: `reading the partition table of ${this.disk.address} back: sector ${area.startSector} is not what was written`,
            hint: 'The disk is failing: see dmesg and smartctl, and replace it.',
          });
        }
      }
      await readPartitionTable(reader);
    } finally {
      await reader.close();
    }
  }

  /**
   * After a failure or a stop, whatever is still under way: nothing is cleared and no table is written any more, and
   * none stays on a disk that was touched. Answers what is on it.
   */
  async giveUp(): Promise<DiskOutcome> {
    this.#isGivenUp = true;
    await Promise.allSettled([this.#clearing, this.#tableWrites]);
    if (!this.#isTouched) return 'untouched';
    await this.#makeUnbootable(this.#cleanUpRun);
    await this.#forgetPartitions(this.#cleanUpRun).catch(() => undefined);
    return 'cleared';
  }

  #mustNotBeGivenUp(): void {
    if (!this.#isGivenUp) return;
    throw new OperatorError({
      code: 'cancelled',
      message: `clearing ${this.disk.address}: the work was given up before`,
      hint: 'Start the task again when the host shall get the work after all.',
    });
  }

  /** Zeroes the first sector and both GPT headers: no firmware finds anything to boot. */
  async #makeUnbootable(run: Run): Promise<void> {
    await this.#zero(run, 0, 2);
    await this.#zero(run, this.#sectors - 1, 1);
  }

  async release(): Promise<void> {
    await this.#unlock?.();
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
