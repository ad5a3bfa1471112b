/** docs/keys.md, and what every key table must have. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenOf } from '../../tui/actions.ts';
import { commandsOf } from '../../tui/commands.ts';
import type { ScreenName } from '../../tui/screen-states.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { viewScreen } from '../../tui/screens/table.ts';
import { keysPage } from './keys/page.ts';
import { MODEL, SAMPLES } from './keys/samples.ts';

test('docs/keys.md is what `npm run keys` makes of the key tables now', async () => {
  const path = join(import.meta.dirname, '../../docs/keys.md');
  assert.equal(await readFile(path, 'utf8'), keysPage());
});

for (const name of Object.keys(SAMPLES)) {
  test(`${name}: no key means two commands, each command has a name of its own and a help`, () => {
    check(name);
  });
}

function check(name: string): void {
  assert.ok(isScreenName(name));
  const screen = screenOf(name, SAMPLES[name]);
  const commands = commandsOf({ model: MODEL, screens: [FIRST_SCREEN, screen] });
  const read = commands.filter(({ documentationOnly }) => documentationOnly !== true);
  const keys = read.flatMap((each) => each.keys);
  assert.deepEqual(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    [],
    'no key twice',
  );
  const names = commands.map((each) => each.name);
  assert.equal(new Set(names).size, names.length, names.join(' '));
  for (const { label, help } of commands) assert.ok(label !== '' && help !== '');
  assert.deepEqual(JSON.parse(JSON.stringify(screen)), screen, 'the state is plain data');
  viewScreen(screen, MODEL, MODEL.area);
}

function isScreenName(name: string): name is ScreenName {
  return Object.hasOwn(SAMPLES, name);
}
