/** The real program in real terminals: kinds, sizes, locales, and what it leaves behind. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import { run } from '../../lib/exec/run.ts';
import { startSmallServer, withSocketPath } from '../cli/small-server.ts';
import { roomHandlers } from './room-handlers.ts';
import { sampleRoom } from './sample-room.ts';
import { withTmux, type Shown, type Tmux } from './tmux.ts';

const MAIN = join(import.meta.dirname, '../../tui/main.ts');
const CRASH = join(import.meta.dirname, 'crash-on-signal.ts');

type Start = {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
};

/** The UI in a shell that says what the terminal is like before and after. */
async function inTerminal(
  { env = {}, ...size }: Start,
  work: (tmux: Tmux) => Promise<void>,
): Promise<void> {
  await withSocketPath(async (socketPath) => {
    const server = await startSmallServer(socketPath, roomHandlers(sampleRoom(0.4)));
    const assignments = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
    const ui = [
      'env',
      '-u',
      'LC_ALL',
      'LANG=C.UTF-8',
      'TZ=UTC',
      ...assignments,
      process.execPath,
      '--import',
      CRASH,
      MAIN,
      '--socket',
      socketPath,
    ].join(' ');
    const command = `stty -a >${socketPath}.before; ${ui}; echo "status $?"; stty -a | diff - ${socketPath}.before && echo 'as before'; exec sleep 1000`;
    try {
      await withTmux({ ...size, command }, work);
    } finally {
      await server.close();
    }
  });
}

/** What a shell needs after the UI: its own screen, a cursor, no mouse reports, and the terminal's settings. */
async function assertGivenBack(tmux: Tmux, status: number): Promise<readonly string[]> {
  const lines = await tmux.waitFor('as before');
  assert.ok(lines.includes(`status ${status}`), lines.join('\n'));
  const flags = '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_flag}';
  assert.equal(await tmux.ask(flags), '0 1 0 0');
  return lines;
}

describe('every kind of terminal', () => {
  for (const kind of ['xterm-256color', 'screen', 'tmux', 'linux', 'vt100']) {
    for (const locale of ['C.UTF-8', 'C']) {
      test(`${kind}, LANG=${locale}: keys, every frame, and the terminal as it was`, async () => {
        await inTerminal({ env: { TERM: kind, LANG: locale } }, async (tmux) => {
          const isUnicode = locale !== 'C';
          const first = await tmux.waitFor([
            'deploy win11 to room-1',
            isUnicode ? /┌─ Server ─+┐/ : /\+- Server -+\+/,
          ]);
          assert.equal(first.length, 24);
          await tmux.keys('g', 'Down');
          await tmux.waitFor('3 groups');
          await tmux.keys('Enter');
          await tmux.waitFor('Hosts of group');
          await tmux.keys('Escape');
          await tmux.waitFor('3 groups');
          await tmux.keys('Escape');
          await tmux.waitFor('Running now');
          await tmux.keys('v');
          const session = await tmux.waitFor([
            'Transmission: deploy win11',
            '38.4 GB of 96.0 GB sent',
            // Without a colour the state is a sign and a word.
            isUnicode ? /pc-04 +✗ failed/ : /pc-04 +! failed/,
          ]);
          const text = session.join('\n').replaceAll(/Ü|ö|ä/g, '');
          if (!isUnicode) assert.match(text, /^[\x00-\x7f]*$/);
          await tmux.keys('C-c');
          await assertGivenBack(tmux, 0);
        });
      });
    }
  }
});

test('a resize at any time paints the whole of the new size', async () => {
  await inTerminal({ env: { TERM: 'xterm-256color' } }, async (tmux) => {
    await tmux.waitFor('deploy win11 to room-1');
    for (const [columns, rows] of [
      [300, 80],
      [100, 30],
      [70, 20],
      [80, 24],
    ] as const) {
      await tmux.resize(columns, rows);
      const isSmall = columns < 80 || rows < 24;
      await tmux.waitFor([
        (all) => all.length === rows,
        (all) => all.slice(-3).some((each) => each.includes('Enter open')),
        (all) => all.filter((each) => each.trimEnd().length === columns).length > 5,
        (all) => all.join('\n').includes('80x24 needed') === isSmall,
        // Nothing of the size before is left.
        ...['─ Overview', '┌─ Server', 'Running now', 'deploy win11'].map(isOnce),
      ]);
    }
  });
});

test('a dozen sizes in a row, and keys between them, end in a whole picture', async () => {
  await inTerminal({ env: { TERM: 'xterm-256color' } }, async (tmux) => {
    await tmux.waitFor('deploy win11 to room-1');
    await tmux.keys('h');
    for (let step = 0; step < 12; step += 1) {
      await tmux.resize(80 + ((step * 53) % 200), 24 + ((step * 17) % 50));
      await tmux.keys('Down');
    }
    await tmux.resize(90, 26);
    await tmux.waitFor([
      (all) => all.length === 26,
      isOnce('pc-10 '),
      (all) => !all.join().includes('pc-30'),
    ]);
  });
});

test('the mouse works in a terminal, also to the right of column 95', async () => {
  await inTerminal({ env: { TERM: 'xterm-256color' }, columns: 200, rows: 50 }, async (tmux) => {
    const lines = await tmux.waitFor('i images');
    assert.equal(await tmux.ask('#{mouse_any_flag} #{mouse_sgr_flag}'), '1 1');
    const row = lines.findIndex((line) => line.includes('i images'));
    const column = (lines[row] ?? '').indexOf('i images');
    await tmux.type(`\u001b[<0;${column + 1};${row + 1}M\u001b[<0;${column + 1};${row + 1}m`);
    await tmux.waitFor('4 images');
  });
});

describe('the end', () => {
  test('the end by q and by SIGTERM gives the terminal back', async () => {
    await inTerminal({ env: { TERM: 'tmux-256color' } }, async (tmux) => {
      await tmux.waitFor('deploy win11 to room-1');
      await tmux.keys('q');
      await assertGivenBack(tmux, 0);
    });
    await inTerminal({ env: { TERM: 'linux' } }, async (tmux) => {
      await tmux.waitFor('deploy win11 to room-1');
      process.kill(await uiOf(tmux), 'SIGTERM');
      await assertGivenBack(tmux, 0);
    });
  });

  test('the end by a fault gives the terminal back, and then says what it was', async () => {
    await inTerminal({ env: { TERM: 'xterm-256color' } }, async (tmux) => {
      await tmux.waitFor('deploy win11 to room-1');
      process.kill(await uiOf(tmux), 'SIGUSR2');
      const text = (await assertGivenBack(tmux, ERROR_TREATMENT['internal-error'].exitStatus)).join(
        '\n',
      );
      assert.match(text, /this is a fault in OpenClone, please report it/);
      assert.match(text, /a fault that the test made/);
    });
  });
});

const isOnce =
  (text: string): Shown =>
  (lines) =>
    lines.join('\n').split(text).length === 2;

/** The process of the UI: the shell's only child. */
async function uiOf(tmux: Tmux): Promise<number> {
  const shell = await tmux.ask('#{pane_pid}');
  const { stdout } = await run('ps', ['--ppid', shell, '-o', 'pid=']);
  return Number(stdout.trim());
}
