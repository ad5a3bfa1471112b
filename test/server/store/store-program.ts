/**
 * A program for tests: `store-program.ts hold DIR` opens the store, says "open" or the error as JSON, and holds it
 * until its standard input ends; `store-program.ts write DIR…` changes the stores without end and says "STORE LANE NUMBER"
 * for each change once it is acknowledged.
 */

import { writeSync } from 'node:fs';
import { toReport } from '../../../lib/errors.ts';
import { GroupId } from '../../../lib/model/ids.ts';
import { Store } from '../../../server/store/store.ts';

const LANES = 5;

async function hold(directory: string): Promise<void> {
  let store: Store;
  try {
    store = await Store.open(directory);
  } catch (error) {
    writeSync(1, `${JSON.stringify(toReport(error))}\n`);
    return;
  }
  writeSync(1, 'open\n');
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
  await store.close();
}

/** Every lane has one group, whose name is a number that grows by one with each change. */
async function write(directories: readonly string[]): Promise<void> {
  await Promise.all(
    directories.map(async (directory, index) => {
      const store = await Store.open(directory);
      await Promise.all(
        Array.from({ length: LANES }, (_, lane) =>
          writeLane(store, lane, (number) => writeSync(1, `${index} ${lane} ${number}\n`)),
        ),
      );
    }),
  );
}

async function writeLane(
  store: Store,
  lane: number,
  say: (number: string) => void,
): Promise<never> {
  const id = GroupId.parse(`group-000000000${lane}`);
  for (;;) {
    const number = await store.change((draft) => {
      const group = draft.groups.find((candidate) => candidate.id === id);
      if (group === undefined) {
        draft.groups.push({ id, name: '1', createdAt: '2026-11-21T07:00:00.000Z' });
        return '1';
      }
      group.name = String(Number(group.name) + 1);
      return group.name;
    });
    say(number);
  }
}

const [mode, ...directories] = process.argv.slice(2);
const [first] = directories;
if (first === undefined) throw new Error('usage: store-program.ts hold|write DIRECTORY…');
await (mode === 'write' ? write(directories) : hold(first));
