/** Things to try on, gone when the test ends: directories, sparse files, and disks on loop devices with partitions. */

import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';
import { addPartitions, attachLoop } from '../lab/loop-device.ts';

export const MIB = 1024 * 1024;

export type ScratchDisk = {
  readonly address: string;
  readonly file: string;
  /** A directory of its own, empty but for the file; removed at the end. */
  readonly directory: string;
};

/** A new, empty directory. */
export async function scratchDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-test-'));
  afterTest(t, () => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A new file of zeros, `sizeBytes` long, alone in its directory. */
export async function scratchFile(t: TestContext, sizeBytes: Bytes): Promise<string> {
  const file = join(await scratchDirectory(t), 'disk.img');
  await writeFile(file, '');
  await truncate(file, sizeBytes);
  return file;
}

/**
 * Makes a disk with the partitions that `script` says (sfdisk(8), input format); none when it is empty. Everything is
 * gone when the test has ended, however it ended; cleaning up that the test asked for later is done earlier.
 */
export async function makeScratchDisk(
  t: TestContext,
  options: { sizeBytes: Bytes; script: string; sectorSizeBytes?: Bytes },
): Promise<ScratchDisk> {
  const file = await scratchFile(t, options.sizeBytes);
  const address = await attachLoop(run, file, {
    ...(options.sectorSizeBytes === undefined ? {} : { sectorSizeBytes: options.sectorSizeBytes }),
  });
  afterTest(t, () => detachOwn(address));
  if (options.script !== '') {
    await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', address], {
      input: options.script,
    });
  }
  await addPartitions(run, address);
  return { address, file, directory: join(file, '..') };
}

/** Detaches a loop device that nobody else can have detached, so that its number still means ours. */
export async function detachOwn(device: string): Promise<void> {
  await run('partx', ['--delete', device], { allowedStatuses: [0, 1] });
  // The kernel's read-only flag would stay for the next user of the number.
  await run('blockdev', ['--setrw', device], { allowedStatuses: [0, 1] });
  await run('losetup', ['--detach', device]);
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
