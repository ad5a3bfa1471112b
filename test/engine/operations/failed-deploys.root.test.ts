/** Deployments that fail or are cancelled: what they leave on the disk. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStopped } from '../../../engine/abort.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import { ImageId } from '../../../lib/model/ids.ts';
import { deployOf, send } from './perform.ts';
import { until } from '../../support/wait.ts';
import { makeDeployCase, hashOf, assertCleared, assertGivenBack } from './old-disk.ts';

describe('A deployment that fails', { concurrency: 4 }, () => {
  test('A deployment that fails by one flipped bit in a stream leaves no table, and says which stream', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    const bytes = Buffer.from(transmission.bytes);
    const place = transmission.places.get('p7.raw.zst') ?? assert.fail();
    bytes.writeUInt8(bytes.readUInt8(place + 1_000_000) ^ 4, place + 1_000_000);
    send(host.data, bytes);
    const { end, steps } = await host.perform(deployOf(target.address, image));
    assert.deepEqual([end.outcome, end.diskOutcome], ['failed', 'cleared']);
    // Whichever notices first: the hash, or the decompressor with the checksum of its own.
    assert.ok(['hash-mismatch', 'disk-write-failed'].includes(end.error?.code ?? ''));
    assert.match(end.error?.message ?? '', /p7/);
    assert.ok(steps.at(-1)?.endsWith(' failed'));
    await assertCleared(target);
    await assertGivenBack(target);
  });

  test('A deployment that fails because another image is sent leaves the disk as it was', async (t) => {
    const made = await makeDeployCase(t, { script: 'label: gpt\nsize=20M\n' });
    const { host, target, image } = made;
    const before = await hashOf(target.file);
    const other = { ...image, imageId: ImageId.parse('image-0000000009') };
    const { end, steps } = await host.perform(deployOf(target.address, other));
    assert.equal(steps.at(-1), 'wait-for-data failed');
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['failed', 'untouched', 'stream-wrong'],
    );
    await run('blockdev', ['--flushbufs', target.address]);
    assert.equal(await hashOf(target.file), before);
  });

  test('A deployment that fails because the server goes away in the middle leaves no table', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    host.data.onSession = (request, response) => {
      response.writeHead(200, { 'content-length': transmission.bytes.length });
      response.write(transmission.bytes.subarray(0, transmission.bytes.length - 1000), () =>
        request.socket.destroy(),
      );
    };
    const { end } = await host.perform(deployOf(target.address, image));
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['failed', 'cleared', 'stream-broken'],
    );
    await assertCleared(target);
  });

  test('A deployment that fails because the server never sends anything leaves the disk as it was, to be tried again', async (t) => {
    const { host, target, image } = await makeDeployCase(t);
    const before = await hashOf(target.file);
    host.data.onSession = (_, response) => {
      response.writeHead(200).end();
    };
    const { end } = await host.perform(deployOf(target.address, image));
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['failed', 'untouched', 'session-missed'],
    );
    assert.equal(await hashOf(target.file), before);
  });

  test('A deployment that fails because a partition cannot be written leaves no table', async (t) => {
    const { host, target, image } = await makeDeployCase(t);
    const failing: Run = (tool, args, options) =>
      args.includes(`of=${target.address}p6`) ? run('false', []) : run(tool, args, options);
    const { end, steps } = await host.perform(deployOf(target.address, image), { run: failing });
    assert.equal(steps.at(-1), 'write-swap-p6 failed');
    assert.deepEqual([end.outcome, end.diskOutcome], ['failed', 'cleared']);
    await assertCleared(target);
  });
});

describe('A deployment that is cancelled', { concurrency: 4 }, () => {
  test('A deployment that is cancelled while it waits for data ends with the disk as it was', async (t) => {
    const { host, target, image } = await makeDeployCase(t);
    const before = await hashOf(target.file);
    let closed = false;
    const stop = new AbortController();
    host.data.onSession = (_, response) => {
      response.once('close', () => (closed = true));
      response.writeHead(200).flushHeaders();
      stop.abort(new RunStopped('aborted', 'alice cancelled it'));
    };
    const { end } = await host.perform(deployOf(target.address, image), { signal: stop.signal });
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['aborted', 'untouched', 'cancelled'],
    );
    assert.equal(await hashOf(target.file), before);
    await until('the server may stop sending', () => closed);
    await assertGivenBack(target);
  });

  test('A deployment that is cancelled in the middle of a stream ends with no table on the disk, and nothing still writes', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    const stop = new AbortController();
    const added = t.mock.method(host.lingeringWriters, 'add');
    const half = (transmission.places.get('p7.raw.zst') ?? 0) + 500_000;
    host.data.onSession = (_, response) => {
      response.writeHead(200, { 'content-length': transmission.bytes.length });
      response.write(transmission.bytes.subarray(0, half));
    };
    const { end } = await host.perform(deployOf(target.address, image), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step-started' && event.stepId === 'write-p7') {
          stop.abort(new RunStopped('aborted', 'alice cancelled it'));
        }
      },
    });
    assert.deepEqual([end.outcome, end.diskOutcome], ['aborted', 'cleared']);
    await assertCleared(target);
    await assertGivenBack(target);
    assert.ok(added.mock.calls.length > 0);
    assert.deepEqual(
      added.mock.calls.map((call) => call.arguments[0]),
      added.mock.calls.map(() => target.address),
    );
    await host.lingeringWriters.waitUntilExited(target.address);
  });

  test('A deployment that is cancelled leaves its disk to the next one when its writers are gone, and no sooner', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    host.data.onSession = (_, response) => response.end(transmission.bytes);
    const gone = Promise.withResolvers<undefined>();
    host.lingeringWriters.add(target.address, gone.promise);
    let isWaiting = false;
    const tooEarly: string[] = [];
    const { end } = await host.perform(deployOf(target.address, image), {
      run: (tool, ...rest) => {
        if (isWaiting) tooEarly.push(tool);
        return run(tool, ...rest);
      },
      onEvent: (event) => {
        if (event.type !== 'step-started' || event.stepId !== 'check-target') return;
        isWaiting = true;
        setTimeout(() => {
          isWaiting = false;
          gone.resolve(undefined);
        }, 500);
      },
    });
    assert.equal(end.outcome, 'completed', JSON.stringify(end.error));
    assert.deepEqual(tooEarly, []);
  });

  for (const step of ['clear-disk', 'sync-disk', 'write-table', 'verify-table']) {
    test(`A deployment that is cancelled at the step ${step} leaves a disk without a table, or as it was`, async (t) => {
      const { host, target, image } = await makeDeployCase(t);
      const before = await hashOf(target.file);
      const stop = new AbortController();
      const { end } = await host.perform(deployOf(target.address, image), {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type === 'step-started' && event.stepId === step) {
            setImmediate(() => stop.abort(new RunStopped('aborted', 'alice cancelled it')));
          }
        },
      });
      assert.equal(end.outcome, 'aborted');
      if (end.diskOutcome === 'untouched') {
        await run('blockdev', ['--flushbufs', target.address]);
        assert.equal(await hashOf(target.file), before);
      } else {
        assert.equal(end.diskOutcome, 'cleared');
        await assertCleared(target);
      }
      await assertGivenBack(target);
    });
  }
});
