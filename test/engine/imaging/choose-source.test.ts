import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { emptyBlockMap, markUsed } from '../../../engine/filesystems/block-map.ts';
import type { Filesystem } from '../../../engine/filesystems/filesystem.ts';
import { chooseSource, type Choice } from '../../../engine/imaging/choose-source.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory, scratchFile } from '../scratch-disk.ts';
import { english } from '../../support/messages.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

type Inspect = Filesystem['inspect'];

async function choose(t: TestContext, inspect: Inspect, signal: AbortSignal): Promise<Choice> {
  const device = await scratchFile(t, MIB);
  const odd = { program: { name: 'partclone.odd', options: [] }, inspect };
  const workDirectory = await scratchDirectory(t);
  return chooseSource({ device, type: 'odd' }, odd, { run, workDirectory, signal });
}

describe('A stop is heard while a file system is examined', () => {
  const reason = new Error('the operator says stop');
  const cases: readonly [string, (stop: AbortController) => Inspect][] = [
    [
      'at the next sectors that are read',
      (stop) =>
        async ({ reader }) => {
          stop.abort(reason);
          await reader.read(0, 1);
          return { type: 'every-sector', reason: verbatim('it was read') };
        },
    ],
    [
      'while a tool of its own works, whose end is then no fault of the file system',
      (stop) =>
        async ({ run: runTool }) => {
          stop.abort(reason);
          await runTool('sleep', ['1000']);
          return { type: 'every-sector', reason: verbatim('it ended') };
        },
    ],
  ];
  for (const [title, inspect] of cases) {
    test(`A stop is heard while a file system is examined: ${title}`, async (t) => {
      const stop = new AbortController();
      await assert.rejects(choose(t, inspect(stop), stop.signal), reason);
    });
  }
});

describe('The warning says why nobody can make sense of a file system', () => {
  const cases: readonly [string, Inspect, RegExp][] = [
    [
      'what its tool said',
      async ({ run: runTool }) => {
        await runTool('sh', ['-c', 'echo "bad tree block 17" >&2; exit 3']);
        return { type: 'every-sector', reason: verbatim('it ended') };
      },
      /not understood \(running sh .*exit status 3\): bad tree block 17\)$/,
    ],
    [
      'that its tool took too long',
      async ({ run: runTool }) => {
        await runTool('sleep', ['1000'], { timeoutMs: 1 });
        return { type: 'every-sector', reason: verbatim('it ended') };
      },
      /not understood \(running sleep 1000 \(it took longer than/,
    ],
  ];
  for (const [title, inspect, said] of cases) {
    test(`The warning says why nobody can make sense of a file system: ${title}`, async (t) => {
      const choice = await choose(t, inspect, new AbortController().signal);
      assert.ok(choice.type === 'capture' && choice.source.type === 'device');
      assert.match(english(choice.warnings), said);
    });
  }
});

test('A program that does not answer in time is gone without: by the map of the file system, which is said.', async (t) => {
  const workDirectory = await scratchDirectory(t);
  const name = join(workDirectory, 'partclone.stuck');
  await writeFile(name, '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 });
  const used = emptyBlockMap(4096, MIB / 4096);
  markUsed(used, 3, 1);
  const odd: Filesystem = {
    program: { name, options: [] },
    inspect: () => Promise.resolve({ type: 'used-blocks', used, endBytes: MIB, warnings: [] }),
  };
  const { signal } = new AbortController();
  const device = await scratchFile(t, MIB);
  const options = { run, workDirectory, signal, programLimitMs: 1 };
  const choice = await chooseSource({ device, type: 'odd' }, odd, options);
  assert.ok(choice.type === 'capture' && choice.source.type === 'used-blocks');
  assert.deepEqual(choice.source.used, used);
  assert.match(
    english(choice.warnings),
    /copied by its own map of used blocks: .*stuck had not told after/,
  );
});
