import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, createReadStream, writeSync } from 'node:fs';
import { describe, test } from 'node:test';
import { makePipe } from '../../../lib/exec/pipe.ts';
import { startService } from '../../../lib/exec/service.ts';
import { withFifo } from './processes.ts';

const SERVICE = new URL('../../../lib/exec/service.ts', import.meta.url).href;

/** A program that starts a service, which holds `fifo` open as long as it lives, and then waits. */
function parentProgram(fifo: string, deathSignal: string): string {
  const script = 'exec 3> "$0"; echo ready >&3; exec sleep 1000';
  return `
    import { startService } from ${JSON.stringify(SERVICE)};
    startService('sh', ['-c', ${JSON.stringify(script)}, ${JSON.stringify(fifo)}], {
      deathSignal: ${JSON.stringify(deathSignal)},
      input: 'none',
      output: 'none',
      onText: () => undefined,
    });
    setInterval(() => undefined, 1000);
  `;
}

describe('a service', () => {
  test('a service tells how it ended and what it said', async () => {
    const texts: string[] = [];
    const service = startService('sh', ['-c', 'echo out; echo err >&2; exit 3'], {
      deathSignal: 'TERM',
      input: 'none',
      output: 'stream',
      onText: (text) => texts.push(text),
    });
    const { output } = service;
    assert.ok(output !== null && service.pid !== null);
    const chunks: unknown[] = await output.toArray();
    assert.equal(chunks.map(String).join(''), 'out\n');
    assert.deepEqual(await service.ended, { status: 3, signal: null });
    assert.equal(texts.join(''), 'err\n');
  });

  test('a service reads what the descriptor gives that it was handed', async () => {
    const { readFd, writeFd } = makePipe();
    writeSync(writeFd, 'hello');
    closeSync(writeFd);
    const service = startService('cat', [], {
      deathSignal: 'TERM',
      input: readFd,
      output: 'stream',
      onText: () => undefined,
    });
    closeSync(readFd);
    assert.ok(service.output !== null);
    const chunks: unknown[] = await service.output.toArray();
    assert.equal(chunks.map(String).join(''), 'hello');
    assert.deepEqual(await service.ended, { status: 0, signal: null });
  });

  test('a service ends when it is told to', async () => {
    const service = startService('sleep', ['1000'], {
      deathSignal: 'KILL',
      input: 'none',
      output: 'none',
      onText: () => undefined,
    });
    service.kill('SIGINT');
    assert.deepEqual(await service.ended, { status: null, signal: 'SIGINT' });
  });

  test('a service of a program that is missing ends at once and says which', async () => {
    const texts: string[] = [];
    const service = startService('no-such-program', [], {
      deathSignal: 'KILL',
      input: 'none',
      output: 'none',
      onText: (text) => texts.push(text),
    });
    assert.deepEqual(await service.ended, { status: 127, signal: null });
    assert.match(texts.join(''), /no-such-program/);
  });

  for (const deathSignal of ['INT', 'TERM', 'KILL']) {
    test(`a service does not outlive its parent: it gets SIG${deathSignal}`, async () => {
      await withFifo(async (fifo) => {
        const reader = createReadStream(fifo, { encoding: 'utf8' });
        const parent = spawn(
          process.execPath,
          ['--input-type=module-typescript', '--eval', parentProgram(fifo, deathSignal)],
          { stdio: ['ignore', 'ignore', 'inherit'] },
        );
        try {
          await new Promise<void>((resolve) => reader.once('data', () => resolve()));
          parent.kill('SIGKILL');
          // The FIFO ends when the last program that has it open for writing does.
          await new Promise<void>((resolve) => reader.once('end', () => resolve()));
        } finally {
          parent.kill('SIGKILL');
          reader.destroy();
        }
      });
    });
  }
});
