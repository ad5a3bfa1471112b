import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { run, type RunResult } from '../../../lib/exec/run.ts';
import { CLI_PROGRAM } from '../small-server.ts';

/** The real command on a machine that is no server. */
function doctor(locale: Readonly<Record<string, string>>, ...args: string[]): Promise<RunResult> {
  return run(
    process.execPath,
    [CLI_PROGRAM, 'doctor', '--site', '/nonexistent', '--data', '/nonexistent', ...args],
    { allowedStatuses: [19], env: { LC_ALL: '', LC_MESSAGES: '', LANG: '', ...locale } },
  );
}

describe('openclone doctor', () => {
  test('openclone doctor speaks German where LANG, LC_MESSAGES, LC_ALL or --language say so', async () => {
    const runs = [
      doctor({ LANG: 'de_DE.UTF-8' }),
      doctor({ LANG: 'C', LC_MESSAGES: 'de_AT.UTF-8' }),
      doctor({ LANG: 'C', LC_MESSAGES: 'C', LC_ALL: 'de' }),
      doctor({ LANG: 'C' }, '--language', 'de'),
    ];
    for (const { stdout } of await Promise.all(runs)) {
      const lines = stdout.split('\n');
      assert.match(
        lines[0] ?? '',
        /^FEHLER {4}site {8}\/nonexistent: sie lässt sich nicht lesen: /,
      );
      assert.equal(
        lines[1],
        '                      -> `sudo ./install.sh` noch einmal ausführen: es fragt nach den Einstellungen und schreibt die Datei.',
      );
      assert.equal(lines.at(-2), '1 Fehler, 0 Warnungen, 0 gut, 21 entfallen');
    }
  });

  test('openclone doctor speaks English elsewhere, and its failures begin with FAILURE', async () => {
    for (const { stdout } of await Promise.all([doctor({}), doctor({ LANG: 'fr_FR.UTF-8' })])) {
      assert.match(stdout, /^FAILURE {2}site {8}\/nonexistent: it cannot be read: /);
      assert.match(stdout, /^1 failure, 0 warnings, 0 ok, 21 skipped$/m);
    }
  });

  test('openclone doctor prints the same JSON in every language', async () => {
    const [english, german] = await Promise.all([
      doctor({ LANG: 'C' }, '--json'),
      doctor({ LANG: 'de_DE.UTF-8' }, '--json'),
    ]);
    assert.equal(german.stdout, english.stdout);
    assert.match(english.stdout, /"foundMessage":\{"id":"site\.unreadable"/);
  });
});
