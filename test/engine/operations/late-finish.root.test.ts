import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { RunStopped } from '../../../engine/abort.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import { makeScratchDisk, MIB } from '../scratch-disk.ts';
import { captureOf, deployOf, imageOf, makeHost, send, transmissionFor } from './perform.ts';

const SIZE_BYTES = 24 * MIB;
const SCRIPT = 'label: dos\nstart=2048, size=20000, type=7\nstart=24576, size=20000, type=82\n';

/** By the arguments of the tool that each of these steps runs on a partition. */
const STEPS: readonly (readonly [string, (tool: string, args: readonly string[]) => boolean])[] = [
  ['write-swap-p2', (tool, args) => tool === 'dd' && args.some((arg) => /^of=.*p2$/.test(arg))],
  [
    'write-ntfs-backup-p1',
    (tool, args) => tool === 'dd' && args.some((arg) => /^if=.*p1$/.test(arg)),
  ],
  ['sync-disk', (tool, args) => tool === 'blockdev' && args.some((arg) => /p2$/.test(arg))],
];

for (const [step, isItsTool] of STEPS) {
  test(`Work on a disk waits for a tool that the kernel does not let go after a stop: ${step}.`, async (t) => {
    const source = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: SCRIPT });
    const target = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: '' });
    await run('mkntfs', ['-q', '-Q', '-F', `${source.address}p1`]);
    await run('mkswap', [`${source.address}p2`]);
    for (const number of [1, 2]) {
      await run('blockdev', ['--flushbufs', `${source.address}p${number}`]);
    }
    const host = await makeHost(t, [source.address, target.address]);
    const captured = await host.perform(captureOf(source.address));
    assert.equal(captured.end.error, null);
    const image = imageOf(captured);
    send(host.data, transmissionFor(image, host.data.streams).bytes);

    const stop = new AbortController();
    const stuck = Promise.withResolvers<undefined>();
    let isUnderWay = false;
    // Killed, and yet there: as on a disk that stalls.
    const stalling: Run = async (tool, args, options) => {
      if (isUnderWay && isItsTool(tool, args)) {
        stop.abort(new RunStopped('aborted', 'cancelled'));
        await stuck.promise;
      }
      return run(tool, args, options);
    };
    const { end } = await host.perform(deployOf(target.address, image), {
      signal: stop.signal,
      run: stalling,
      onEvent: (event) => {
        if (event.type === 'step-started') isUnderWay = event.stepId === step;
      },
    });
    assert.equal(end.outcome, 'aborted');
    let isFree = false;
    const free = host.lingeringWriters.waitUntilExited(target.address).then(() => (isFree = true));
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    assert.equal(isFree, false, 'it is waited for');
    stuck.resolve(undefined);
    await free;
    send(host.data, transmissionFor(image, host.data.streams).bytes);
    const again = await host.perform(deployOf(target.address, image));
    assert.equal(again.end.error, null);
  });
}
