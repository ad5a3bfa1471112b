/** docs/screens shows the program as it is. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';

const MAIN = join(import.meta.dirname, 'shots/main.ts');
const SCREENS = join(import.meta.dirname, '../../docs/screens');

test('docs/screens is what `npm run screens` makes of the program now', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-screens-'));
  try {
    await run(process.execPath, [MAIN, directory], { env: { TZ: 'UTC' } });
    const made = readdirSync(directory).sort();
    assert.deepEqual(readdirSync(SCREENS).sort(), made, 'run `npm run screens`');
    for (const file of made) {
      const [shown, now] = [SCREENS, directory].map((each) =>
        readFileSync(join(each, file), 'utf8'),
      );
      assert.equal(shown, now, `${file} is old: look at it after \`npm run screens\``);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
