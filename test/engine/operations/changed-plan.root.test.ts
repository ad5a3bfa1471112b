/** The disk of a capture changes between the plan and the write protection: engines that are started by hand on a running system. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, type Run } from '../../../lib/exec/run.ts';
import { makeScratchDisk, MIB } from '../scratch-disk.ts';
import { captureOf, makeHost } from './perform.ts';

const SCRIPT = 'label: dos\nstart=2048, size=20000, type=83\nstart=24576, size=20000, type=82\n';

const CHANGES: readonly (readonly [string, (disk: string) => Promise<unknown>, RegExp])[] = [
  [
    'another partition in the table',
    (disk) =>
      run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', '--append', '--force', disk], {
        input: 'start=45056, size=2048, type=83\n',
      }),
    /its partition table changed after the plan was made/,
  ],
  [
    'other boot code',
    (disk) =>
      run('dd', [`of=${disk}`, 'conv=notrunc,fsync', 'status=none'], { input: 'another loader' }),
    /its partition table changed after the plan was made/,
  ],
  [
    'a partition that the kernel forgot',
    (disk) => run('partx', ['--delete', '--nr', '2', disk]),
    /partition 2 is gone after the plan was made/,
  ],
  [
    'another file system in a partition',
    (disk) => run('mkfs.ext4', ['-q', '-F', `${disk}p1`]),
    /what is in partition 1 changed after the plan was made/,
  ],
  [
    'a system that went to sleep in the swap area',
    (disk) =>
      run(
        'dd',
        [`of=${disk}p2`, 'bs=1', 'seek=4086', 'conv=notrunc,fsync', 'iflag=fullblock', 'count=10'],
        { input: 'S1SUSPEND\0' },
      ),
    /what is in partition 2 changed after the plan was made/,
  ],
];

for (const [what, change, message] of CHANGES) {
  test(`A capture does not go by a plan that is not true any more: ${what}.`, async (t) => {
    const disk = await makeScratchDisk(t, { sizeBytes: 24 * MIB, script: SCRIPT });
    await run('mkfs.ext2', ['-q', '-F', `${disk.address}p1`]);
    await run('mkswap', [`${disk.address}p2`]);
    for (const device of [`${disk.address}p1`, `${disk.address}p2`, disk.address]) {
      await run('blockdev', ['--flushbufs', device]);
    }
    const host = await makeHost(t, [disk.address]);
    let isChanged = false;
    // The last moment at which anybody can write.
    const changing: Run = async (tool, args, options) => {
      if (tool === 'blockdev' && args.includes('--flushbufs') && !isChanged) {
        isChanged = true;
        await change(disk.address);
        await run('blockdev', ['--flushbufs', `${disk.address}p1`]);
      }
      return run(tool, args, options);
    };
    const { end, steps } = await host.perform(captureOf(disk.address), { run: changing });
    assert.ok(isChanged);
    assert.equal(end.outcome, 'failed');
    assert.match(end.error?.message ?? '', message);
    assert.match(end.error?.hint ?? '', /Something on that host writes to the disk/);
    assert.equal(steps.at(-1), 'protect-source failed');
    assert.equal(host.data.streams.size, 0);
  });
}
