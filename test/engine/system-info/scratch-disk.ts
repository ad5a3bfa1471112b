/** A disk to try things on: a sparse file on a loop device, with partitions. */

import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import type { Bytes } from '../../../lib/units.ts';
import { addPartitions, attachLoop, detachLoop } from '../../lab/loop-device.ts';

export type ScratchDisk = {
  readonly address: string;
  readonly file: string;
  /** A directory of its own, empty but for the file; removed at the end. */
  readonly directory: string;
};

/**
 * Makes a disk with the partitions that `script` says (sfdisk(8), input format). Everything is gone when the test has
 * ended, however it ended; cleaning up that the test asked for later is done earlier.
 */
export async function makeScratchDisk(
  t: TestContext,
  options: { sizeBytes: Bytes; script: string; sectorSizeBytes?: Bytes },
): Promise<ScratchDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-test-'));
  afterTest(t, () => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'disk.img');
  await writeFile(file, '');
  await truncate(file, options.sizeBytes);
  const address = await attachLoop(run, file, {
    ...(options.sectorSizeBytes === undefined ? {} : { sectorSizeBytes: options.sectorSizeBytes }),
  });
  afterTest(t, () => detachLoop(run, address));
  await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', address], {
    input: options.script,
  });
  await addPartitions(run, address);
  return { address, file, directory };
}

const cleanups = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/** Like `t.after`, but the last one asked for is the first one done, and each one is, whatever the others do. */
export function afterTest(t: TestContext, cleanup: () => Promise<unknown>): void {
  const known = cleanups.get(t);
  if (known !== undefined) {
    known.push(cleanup);
    return;
  }
  const list = [cleanup];
  cleanups.set(t, list);
  t.after(async () => {
    const failures: unknown[] = [];
    for (const one of list.toReversed())
      await one().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'cleaning up after a test');
  });
}
