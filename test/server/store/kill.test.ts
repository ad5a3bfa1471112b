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
import { until } from '../../support/wait.ts';

const KILLS = 16;
/** Each kill ends a program that writes so many stores, each of which is somewhere else in a write. */
const STORES = 4;

/** The last number of each lane of a store that was acknowledged, or is stored. */
type Numbers = Map<number, number>;
type Life = { acknowledged: readonly Numbers[]; errorOutput: string };

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

/** Lets a writer run until a random moment after each store's first acknowledged change, kills it, and says what it had said. */
async function liveAndDie(program: string, directories: readonly string[]): Promise<Life> {
  const child = spawn(process.execPath, [program, 'write', ...directories], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  let errorOutput = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errorOutput += text));
  const acknowledged = (): Numbers[] => {
    const numbers = directories.map((): Numbers => new Map());
    for (const [, store, lane, number] of output.matchAll(/^(\d+) (\d+) (\d+)\n/gm)) {
      numbers[Number(store)]?.set(Number(lane), Number(number));
    }
    return numbers;
  };
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until(
    'each store has acknowledged',
    () => isOver() || acknowledged().every(({ size }) => size > 0),
  );
  // The moment is to be anywhere in a write, and not only right behind an acknowledgement.
  await setTimeout(Math.random() * 20);
  child.kill('SIGKILL');
  await closed;
  return { acknowledged: acknowledged(), errorOutput };
}

/** What the store has for each lane of the writer. */
async function storedNumbers(directory: string): Promise<Numbers> {
  const store = await Store.open(directory);
  const stored = store
    .read()
    .groups.map((group): [number, number] => [Number(group.id.at(-1)), Number(group.name)]);
  await store.close();
  return new Map(stored);
}

/** Returns how many changes were acknowledged after `before`. */
async function checkStore(
  directory: string,
  acknowledged: Numbers,
  before: Numbers,
): Promise<{ readonly stored: Numbers; readonly acknowledgements: number }> {
  assert.notEqual(acknowledged.size, 0);
  const stored = await storedNumbers(directory);
  let acknowledgements = 0;
  for (const [lane, number] of acknowledged) {
    const found = stored.get(lane) ?? 0;
    // A change may be stored whose acknowledgement was not said any more; there is one a lane at a time.
    assert.ok(found === number || found === number + 1, `${number} acknowledged, ${found} stored`);
    acknowledgements += number - (before.get(lane) ?? 0);
  }
  const previous = await readFile(join(directory, 'store.json.previous'));
  assert.equal(parseStoreText(previous, STORE_FORMAT).type, 'good');
  return { stored, acknowledgements };
}

test(`nothing acknowledged is lost when a server with ${STORES} stores is killed ${KILLS} times`, async (t) => {
  await withDirectory(async (parent) => {
    const program = await bundleProgram(parent);
    const stores = Array.from({ length: STORES }, (_, index) => join(parent, String(index)));
    const before = stores.map((): Numbers => new Map());
    let count = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { acknowledged, errorOutput } = await liveAndDie(program, stores);
      assert.equal(errorOutput, '');
      for (const [index, directory] of stores.entries()) {
        const said = acknowledged[index] ?? new Map<number, number>();
        const checked = await checkStore(
          directory,
          said,
          before[index] ?? new Map<number, number>(),
        );
        before[index] = checked.stored;
        count += checked.acknowledgements;
      }
    }
    t.diagnostic(`${count} changes were acknowledged`);
  });
});
