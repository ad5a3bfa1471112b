/** btrfs volumes in files, mounted and scrubbed. */

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { attachLoop } from '../../lab/loop-device.ts';
import { describeTree, type Tree } from '../../lab/tree.ts';
import { detachOwn, scratchDirectory } from '../scratch-disk.ts';

/** Attaches the volumes, mounts the first while `work` runs, and lets the kernel forget them: copies have the same UUID. */
export async function withBtrfs<T>(
  files: readonly string[],
  work: (directory: string) => Promise<T>,
  t: TestContext,
  options: readonly string[] = [],
): Promise<T> {
  const directory = await scratchDirectory(t);
  const devices: string[] = [];
  try {
    for (const file of files) devices.push(await attachLoop(run, file, {}));
    const [first = '', ...others] = devices;
    const all = [...others.map((device) => `device=${device}`), ...options];
    await run('mount', ['-t', 'btrfs', '-o', ['rw', ...all].join(','), first, directory]);
    try {
      return await work(directory);
    } finally {
      await run('umount', [directory]);
    }
  } finally {
    for (const device of devices) {
      // Status 1 where it was never registered.
      await run('btrfs', ['device', 'scan', '--forget', device], { allowedStatuses: [0, 1] });
      await detachOwn(device);
    }
  }
}

/** Every file, after a scrub that found each copy of each block as its check sum wants it. */
export async function scrubbedFiles(t: TestContext, files: readonly string[]): Promise<Tree> {
  return withBtrfs(
    files,
    async (directory) => {
      const { stdout } = await run('btrfs', ['scrub', 'start', '-B', '-R', directory]);
      for (const kind of ['read', 'csum', 'verify', 'super', 'uncorrectable', 'corrected']) {
        assert.match(stdout, new RegExp(`^\\s*${kind}_errors: 0$`, 'm'), stdout);
      }
      return describeTree(directory, { owners: true, blocks: true });
    },
    t,
  );
}
