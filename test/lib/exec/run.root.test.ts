import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { untilOver, withFifo } from './processes.ts';

/** Starts a program with a child of its own, which keeps the output open; tells both process ids into `fifo`. */
const FAMILY = 'sleep 1000 & echo $$ $! > "$0"; wait; wait';

async function pidsFrom(fifo: string): Promise<number[]> {
  return (await readFile(fifo, 'utf8')).trim().split(' ').map(Number);
}

describe('running a program', () => {
  test('running a program answers what it printed and how it ended', async () => {
    const result = await run('sh', ['-c', 'echo out; echo err >&2; exit 3'], {
      allowedStatuses: [0, 3],
    });
    assert.deepEqual(result, { stdout: 'out\n', stderr: 'err\n', exitStatus: 3 });
  });

  test('running a program hands it text or bytes, and nothing unless told', async () => {
    assert.equal((await run('cat', [], { input: 'Müller\n' })).stdout, 'Müller\n');
    assert.equal((await run('wc', ['-c'], { input: Buffer.alloc(5_000_000) })).stdout, '5000000\n');
    assert.equal((await run('cat', [])).stdout, '');
  });

  test('running a program does not mind input that is not read', async () => {
    assert.equal((await run('true', [], { input: Buffer.alloc(5_000_000) })).exitStatus, 0);
  });

  test('running a program takes more output than a pipe holds', async () => {
    const { stdout } = await run('head', ['-c', '5000000', '/dev/zero']);
    assert.equal(stdout.length, 5_000_000);
  });

  test('running a program passes arguments as they are, never through a shell', async () => {
    const { stdout } = await run('printf', ['%s|', '$HOME; `id`', '', '*', "'"]);
    assert.equal(stdout, "$HOME; `id`||*|'|");
  });

  test('running a program makes it speak English, in the environment of ours', async () => {
    const { stdout } = await run('env', [], { env: { EXTRA: 'yes' } });
    assert.match(stdout, /^LC_ALL=C$/m);
    assert.match(stdout, /^EXTRA=yes$/m);
    assert.match(stdout, /^PATH=/m);
  });

  test('running a program fails with what it said last when it ends otherwise than allowed', async () => {
    await assert.rejects(run('sh', ['-c', 'printf "1 %%\\r2 %%\\rdisk is full\\n" >&2; exit 4']), {
      code: 'tool-failed',
      message: /^running sh -c .* \(exit status 4\)$/,
      cause: new Error('disk is full'),
    });
    await assert.rejects(run('sh', ['-c', 'kill -TERM $$']), {
      message: /\(ended by SIGTERM\)$/,
    });
  });

  test('running a program tells why the system does not start it at all', async () => {
    await assert.rejects(run('true', ['x'.repeat(200_000)]), {
      code: 'tool-failed',
      message: /\(it could not be started\)$/,
      cause: new Error('the system answers E2BIG'),
    });
  });

  test('running a program names the program that is missing', async () => {
    await assert.rejects(run('no-such-program', ['x']), {
      code: 'tool-missing',
      message: 'running no-such-program: there is no such program on this machine',
    });
  });
});

describe('ending a program early', () => {
  test('ending a program early ends everything it has started too', async () => {
    await withFifo(async (fifo) => {
      const stop = new AbortController();
      const running = run('sh', ['-c', FAMILY, fifo], { signal: stop.signal });
      const pids = await pidsFrom(fifo);
      stop.abort();
      await assert.rejects(running, { code: 'tool-failed', message: /ended by SIGKILL/ });
      await untilOver(pids);
      assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
    });
  });

  test('ending a program early works before it has begun', async () => {
    await assert.rejects(run('sleep', ['1000'], { signal: AbortSignal.abort() }), {
      code: 'tool-failed',
    });
  });

  test('ending a program early is what happens when its time is over, to its children as well', async () => {
    await withFifo(async (fifo) => {
      const running = run('sh', ['-c', FAMILY, fifo], { timeoutMs: 300 });
      running.catch(() => undefined);
      const pids = await pidsFrom(fifo);
      await assert.rejects(running, { code: 'tool-failed' });
      await untilOver(pids);
    });
  });

  test('ending a program early leaves one that ended in time alone', async () => {
    const stop = new AbortController();
    await run('true', [], { signal: stop.signal, timeoutMs: 60_000 });
    assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  });
});
