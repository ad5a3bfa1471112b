import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { FilesystemKind } from '../../../engine/filesystems/filesystem.ts';
import { chooseSource, type Choice } from '../../../engine/imaging/choose-source.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory, scratchFile } from '../scratch-disk.ts';

type Examine = FilesystemKind['examine'];

async function choose(t: TestContext, examine: Examine, signal: AbortSignal): Promise<Choice> {
  const device = await scratchFile(t, MIB);
  const kind = { types: ['odd'], program: 'partclone.odd', captureOptions: [], examine };
  const workDirectory = await scratchDirectory(t);
  return chooseSource(device, kind, { run, workDirectory, signal });
}

describe('A stop is heard while a file system is examined', () => {
  const reason = new Error('the operator says stop');
  const cases: readonly [string, (stop: AbortController) => Examine][] = [
    [
      'at the next sectors that are read',
      (stop) =>
        async ({ reader }) => {
          stop.abort(reason);
          await reader.read(0, 1);
          return { type: 'every-sector', reason: 'it was read' };
        },
    ],
    [
      'while a tool of its own works, whose end is then no fault of the file system',
      (stop) =>
        async ({ run: runTool }) => {
          stop.abort(reason);
          await runTool('sleep', ['1000']);
          return { type: 'every-sector', reason: 'it ended' };
        },
    ],
  ];
  for (const [title, examine] of cases) {
    test(title, async (t) => {
      const stop = new AbortController();
      await assert.rejects(choose(t, examine(stop), stop.signal), reason);
    });
  }
});

describe('The warning says why nobody can make sense of a file system', () => {
  const cases: readonly [string, Examine, RegExp][] = [
    [
      'what its tool said',
      async ({ run: runTool }) => {
        await runTool('sh', ['-c', 'echo "bad tree block 17" >&2; exit 3']);
        return { type: 'every-sector', reason: 'it ended' };
      },
      /not understood \(running sh .*exit status 3\): bad tree block 17\)$/,
    ],
    [
      'that its tool took too long',
      async ({ run: runTool }) => {
        await runTool('sleep', ['1000'], { timeoutMs: 1 });
        return { type: 'every-sector', reason: 'it ended' };
      },
      /not understood \(running sleep 1000 \(it took longer than/,
    ],
  ];
  for (const [title, examine, said] of cases) {
    test(title, async (t) => {
      const choice = await choose(t, examine, new AbortController().signal);
      assert.ok(choice.type === 'capture' && choice.source.type === 'device');
      assert.match(choice.warning ?? '', said);
    });
  }
});
