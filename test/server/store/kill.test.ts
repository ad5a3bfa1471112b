import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { STORE_FORMAT } from '../../../server/store/schema.ts';
import { parseStoreText } from '../../../server/store/store-text.ts';
import { Store } from '../../../server/store/store.ts';
import { withDirectory } from '../../support/directories.ts';

const KILLS = 60;
const DIRECTORIES = 4;

type Life = { acknowledged: Map<number, number>; errorOutput: string };

/** The writer in one file: it starts in a third of the time, which counts many times. */
async function bundleProgram(directory: string): Promise<string> {
  const outfile = join(directory, 'store-program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'store-program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

/** Lets a writer run until a random moment after its first acknowledged change, kills it, and says what it had said. */
async function liveAndDie(program: string, directory: string): Promise<Life> {
  const child = spawn(process.execPath, [program, 'write', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  let errorOutput = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errorOutput += text));
  await Promise.race([once(child.stdout, 'data'), closed]);
  // The moment is to be anywhere in a write, and not only right behind an acknowledgement.
  await setTimeout(Math.random() * 20);
  child.kill('SIGKILL');
  await closed;
  const acknowledged = new Map<number, number>();
  for (const [, lane, number] of output.matchAll(/^(\d+) (\d+)\n/gm)) {
    acknowledged.set(Number(lane), Number(number));
  }
  return { acknowledged, errorOutput };
}

/** What the store has for each lane of the writer. */
async function storedNumbers(directory: string): Promise<Map<number, number>> {
  const store = await Store.open(directory);
  const stored = store
    .read()
    .groups.map((group): [number, number] => [Number(group.id.at(-1)), Number(group.name)]);
  await store.close();
  return new Map(stored);
}

async function checkLives(program: string, directory: string, lives: number): Promise<number> {
  let acknowledgements = 0;
  let before = new Map<number, number>();
  for (let life = 0; life < lives; life += 1) {
    const { acknowledged, errorOutput } = await liveAndDie(program, directory);
    assert.equal(errorOutput, '');
    assert.notEqual(acknowledged.size, 0);
    const stored = await storedNumbers(directory);
    for (const [lane, number] of acknowledged) {
      const found = stored.get(lane) ?? 0;
      // A change may be stored whose acknowledgement was not said any more; there is one a lane at a time.
      assert.ok(
        found === number || found === number + 1,
        `${number} acknowledged, ${found} stored`,
      );
      acknowledgements += number - (before.get(lane) ?? 0);
    }
    before = stored;
    const previous = await readFile(join(directory, 'store.json.previous'));
    assert.equal(parseStoreText(previous, STORE_FORMAT).type, 'good');
  }
  return acknowledgements;
}

test(`nothing acknowledged is lost when the server is killed ${KILLS} times`, async (t) => {
  await withDirectory(async (parent) => {
    const program = await bundleProgram(parent);
    const counts = await Promise.all(
      Array.from({ length: DIRECTORIES }, (_, index) =>
        checkLives(program, join(parent, String(index)), KILLS / DIRECTORIES),
      ),
    );
    t.diagnostic(`${counts.reduce((sum, count) => sum + count, 0)} changes were acknowledged`);
  });
});
