/** The process behind detachLoops, which runs it under a lock: reads a job on standard input and does it. */

import { text } from 'node:stream/consumers';
import { run } from '../../lib/exec/run.ts';
import { DetachJob, loopDevicesOf } from './loop-device.ts';

const { path, only, except } = DetachJob.parse(JSON.parse(await text(process.stdin)));
for (const device of await loopDevicesOf(run, path)) {
  if ((only !== null && device !== only) || except.includes(device)) continue;
  // 1: the kernel knows none of its partitions; it was freed meanwhile.
  await run('partx', ['--delete', device], { allowedStatuses: [0, 1] });
  await run('losetup', ['--detach', device], { allowedStatuses: [0, 1] });
}
