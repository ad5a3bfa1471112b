import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { ErrorReport } from '../../../lib/model/error-report.ts';
import { Store } from '../../../server/store/store.ts';
import { withDirectory } from '../../support/directories.ts';

const PROGRAM = join(import.meta.dirname, 'store-program.ts');

type Holder = {
  child: ChildProcess;
  firstLine: string;
  end: (signal: NodeJS.Signals) => Promise<void>;
};

/** Starts a program that opens the store, below `prefix`, and waits until it said what came of it. */
async function startHolder(directory: string, prefix: readonly string[] = []): Promise<Holder> {
  const args = [...prefix, process.execPath, PROGRAM, 'hold', directory];
  const child = spawn('env', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [firstLine] = await Promise.race([
    once(lines, 'line'),
    exited.then(() => ['ended without a word']),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return { child, firstLine: String(firstLine), end };
}

describe('the lock of the store', () => {
  test('the lock of the store refuses a second store in the same process', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      await assert.rejects(Store.open(directory), {
        code: 'store-locked',
        message: `opening the store in ${directory}: process ${process.pid} has it open`,
      });
      await store.close();
      await (await Store.open(directory)).close();
    });
  });

  test('the lock of the store names the process that holds the store', async () => {
    await withDirectory(async (directory) => {
      const holder = await startHolder(directory);
      try {
        assert.equal(holder.firstLine, 'open');
        await assert.rejects(Store.open(directory), {
          code: 'store-locked',
          message: `opening the store in ${directory}: process ${holder.child.pid ?? 0} has it open`,
        });
      } finally {
        await holder.end('SIGKILL');
      }
    });
  });

  test('the lock of the store is free as soon as its holder was killed, again and again', async () => {
    await withDirectory(async (directory) => {
      for (let round = 0; round < 3; round += 1) {
        const holder = await startHolder(directory);
        await holder.end('SIGKILL');
        assert.equal(holder.firstLine, 'open');
      }
      await (await Store.open(directory)).close();
    });
  });

  test('the lock of the store holds against a process in other network, mount and process-id namespaces', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const namespaces = [
        'unshare',
        '--net',
        '--mount',
        '--propagation',
        'slave',
        '--pid',
        '--fork',
        '--kill-child',
      ];
      const second = await startHolder(directory, namespaces);
      await second.end('SIGKILL');
      assert.equal(ErrorReport.parse(JSON.parse(second.firstLine)).code, 'store-locked');
      await store.close();
      const third = await startHolder(directory, namespaces);
      try {
        assert.equal(third.firstLine, 'open');
        await assert.rejects(Store.open(directory), { code: 'store-locked' });
      } finally {
        await third.end('SIGKILL');
      }
    });
  });

  test('the lock of the store holds whatever happens to the files and to the name of the directory', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(join(directory, 'data'));
      await rm(join(directory, 'data', 'lock-holder'));
      await rename(join(directory, 'data'), join(directory, 'moved'));
      await assert.rejects(Store.open(join(directory, 'moved')), {
        code: 'store-locked',
        message: `opening the store in ${directory}/moved: another process has it open`,
      });
      await store.close();
    });
  });

  test('the lock of the store goes to one alone of many that ask at once', async () => {
    await withDirectory(async (directory) => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => Store.open(directory)),
      );
      const opened = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value] : [],
      );
      assert.equal(opened.length, 1);
      await opened[0]?.close();
    });
  });
});
