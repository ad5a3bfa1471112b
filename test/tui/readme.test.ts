/** The README's way from the first screen to a deployed room: its keys are the UI's, and its picture is the UI's. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { walk } from './driver.ts';
import { called, inRoom } from './in-room.ts';
import { watchedRoom } from './watched-room.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The text of the step with that number. */
function step(number: number): string {
  const text = README.split(/^\*\*(?=\d\. )/m).find((part) => part.startsWith(`${number}. `));
  assert.ok(text !== undefined, `step ${number} of the README`);
  return text;
}

/** Keys as they are written there, each of which `text` must name in this order. */
function named(text: string, keys: readonly string[]): void {
  const found = [...text.matchAll(/`(.)`|Space|Enter/g)].map(([whole, key]) => key ?? whole);
  let from = 0;
  for (const key of keys) {
    const at = found.indexOf(key, from);
    assert.notEqual(at, -1, `the README names ${key} (${found.join(' ')})`);
    from = at;
  }
}

test('the picture of the README is the one that the program makes', () => {
  const [, picture = ''] = /```\n( OpenClone ─ Transmission[^`]*)```/.exec(README) ?? [];
  const made = readFileSync(join(ROOT, 'docs/screens/transmission.txt'), 'utf8');
  assert.equal(picture.trimEnd(), made.trimEnd());
});

test('the keys of the README lead from the first screen over hosts, capture and deploy to a transmission', async () => {
  named(step(3), ['h', 's', 'r', 'Space', 'a', 'u', 'm']);
  named(step(4), ['c', 'Enter']);
  named(step(5), ['d', 'Enter', 'y']);
  const handlers = { ...watchedRoom().handlers, 'operator.list': () => Promise.resolve([]) };
  await inRoom(
    async (driver, server) => {
      await walk(driver, [
        ['h', 'pc-01'],
        ['space', '1 marked'],
        ['a', /, (\d+) marked/],
        ['u', 'Names by rule'],
        ['escape', 'marked'],
        ['m', /Put \d+ hosts into/],
        ['escape', 'marked'],
        ['escape', /of \d+ hosts *$/m],
        ['escape', 'Data rate'],
        ['s', 'There is no operator yet'],
        ['r', 'for 30 minutes'],
        ['escape', 'There is no operator yet'],
        ['escape', 'Data rate'],
        ['c', 'step 1 of 3'],
        ['enter', 'step 2 of 3'],
        ['escape', 'step 1 of 3'],
        ['escape', 'Data rate'],
        ['d', 'step 1 of 5'],
        ['enter', 'step 2 of 5'],
        ['enter', 'step 3 of 5'],
        ['enter', 'step 4 of 5'],
        ['enter', 'step 5 of 5'],
        ['y', 'Transmission: deploy win11'],
      ]);
      assert.ok(called(server, 'task.create') !== undefined);
    },
    { handlers, share: null },
  );
});
