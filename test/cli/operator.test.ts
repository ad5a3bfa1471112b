/** The commands about operators, on a real terminal and without one. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { OperatorView } from '../../lib/model/operator-account.ts';
import { CLI_PROGRAM, runCli, runProgram, withSmallServer } from './small-server.ts';

const EVA: OperatorView = { name: 'eva', createdAt: '2026-11-21T07:00:00.000Z' };
const PASSWORD = 'Schöne Größe 1';

const taking: Parameters<typeof withSmallServer>[0] = {
  'operator.add': () => Promise.resolve(EVA),
  'operator.password': () => Promise.resolve(EVA),
  'operator.list': () => Promise.resolve([EVA]),
  'operator.delete': () => Promise.resolve({}),
};

/** The command line on a terminal (script(1)), typed on by the test: `type` when `prompt` shows. */
async function onTerminal(
  socketPath: string,
  args: readonly string[],
  answers: readonly (readonly [prompt: string, type: string])[],
): Promise<{ shown: string; exitStatus: number | null }> {
  const command = [process.execPath, CLI_PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...process.env, OPENCLONE_SOCKET: socketPath, TERM: 'xterm', LC_ALL: 'C.UTF-8' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let shown = '';
  let unread = '';
  let next = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    unread += text;
    const [prompt, answer] = answers[next] ?? [];
    if (prompt === undefined || answer === undefined || !unread.includes(prompt)) return;
    next += 1;
    unread = '';
    child.stdin.write(answer);
  });
  await exit;
  assert.equal(next, answers.length, `not all was asked for: ${shown}`);
  return { shown, exitStatus: child.exitCode };
}

describe('openclone operator add', () => {
  test('openclone operator add asks twice on the terminal, shows nothing of the password, and sends it', async () => {
    await withSmallServer(taking, async ({ socketPath, calls }) => {
      const { shown, exitStatus } = await onTerminal(
        socketPath,
        ['operator', 'add', 'eva'],
        [
          ['Password of eva: ', `${PASSWORD}\r`],
          ['The same again: ', `${PASSWORD}\r`],
        ],
      );
      assert.equal(exitStatus, 0, shown);
      assert.match(shown, /added the operator eva/);
      assert.ok(!/Schö|Größe/.test(shown), shown);
      assert.deepEqual(calls, [
        { name: 'operator.add', params: { name: 'eva', password: PASSWORD } },
      ]);
    });
  });

  test('openclone operator add asks again when the two differ or the password cannot be taken, and corrects typing', async () => {
    await withSmallServer(taking, async ({ socketPath, calls }) => {
      const { shown } = await onTerminal(
        socketPath,
        ['operator', 'add', 'eva'],
        [
          ['Password of eva: ', 'short\r'],
          ['at least 8 characters.\r\nPassword of eva: ', 'one password\r'],
          ['The same again: ', 'other password\r'],
          ['not the same.\r\nPassword of eva: ', 'good passwordd\u007f\r'],
          ['The same again: ', 'good password\r'],
        ],
      );
      assert.deepEqual(calls, [
        { name: 'operator.add', params: { name: 'eva', password: 'good password' } },
      ]);
      assert.ok(!/one|other|good/.test(shown), shown);
    });
  });

  test('openclone operator add takes two lines that are pasted at once', async () => {
    await withSmallServer(taking, async ({ socketPath, calls }) => {
      const pasted = `${PASSWORD}\r${PASSWORD}\r`;
      await onTerminal(
        socketPath,
        ['operator', 'add', 'eva'],
        [
          ['Password of eva: ', pasted],
          ['The same again: ', ''],
        ],
      );
      assert.equal(calls.length, 1);
    });
  });

  for (const [key, typed] of [
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ] as const) {
    test(`openclone operator add changes nothing after ${key}`, async () => {
      await withSmallServer(taking, async ({ socketPath, calls }) => {
        const { exitStatus, shown } = await onTerminal(
          socketPath,
          ['operator', 'add', 'eva'],
          [['Password of eva: ', typed]],
        );
        assert.equal(exitStatus, 16, shown);
        assert.deepEqual(calls, []);
      });
    });
  }

  test('openclone operator add reads password and hash from standard input, one line, without its newline', async () => {
    await withSmallServer(taking, async ({ socketPath, calls }) => {
      const hash = `$2b$12$${'a'.repeat(53)}`;
      await runCli(socketPath, ['operator', 'add', 'eva', '--password-stdin'], {
        piped: `${PASSWORD}\n`,
      });
      await runCli(socketPath, ['operator', 'password', 'eva', '--password-stdin'], {
        piped: PASSWORD,
      });
      await runCli(socketPath, ['operator', 'add', 'eva', '--hash-stdin'], {
        piped: `${hash}\r\n`,
      });
      assert.deepEqual(calls, [
        { name: 'operator.add', params: { name: 'eva', password: PASSWORD } },
        { name: 'operator.password', params: { name: 'eva', password: PASSWORD } },
        { name: 'operator.add', params: { name: 'eva', passwordHash: hash } },
      ]);
    });
  });

  for (const [what, input] of [
    ['nothing', ''],
    ['a newline only', '\n'],
    ['5,000 bytes', 'x'.repeat(5000)],
    ['no UTF-8', Buffer.from([0x70, 0x61, 0xff, 0xfe])],
  ] as const) {
    test(`openclone operator add refuses ${what} on standard input`, async () => {
      await withSmallServer(taking, async ({ socketPath, calls }) => {
        const add = ['operator', 'add', 'eva', '--password-stdin'];
        assert.equal((await runCli(socketPath, add, { piped: input })).exitStatus, 2);
        assert.deepEqual(calls, []);
      });
    });
  }

  test('openclone operator add refuses both ways at once, and a missing terminal', async () => {
    await withSmallServer(taking, async ({ socketPath, calls }) => {
      const both = ['operator', 'add', 'eva', '--password-stdin', '--hash-stdin'];
      assert.equal((await runCli(socketPath, both, { piped: PASSWORD })).exitStatus, 2);
      const { exitStatus, stderr } = await runCli(socketPath, ['operator', 'add', 'eva'], {
        piped: '',
      });
      assert.equal(exitStatus, 2);
      assert.match(stderr, /no terminal to ask on[^]*--password-stdin/);
      assert.deepEqual(calls, []);
    });
  });

  test('openclone operator add keeps the password out of the list of processes', async () => {
    const seen: string[] = [];
    const looking: typeof taking = {
      'operator.add': () => {
        seen.push(...commandLinesAndEnvironments());
        return Promise.resolve(EVA);
      },
    };
    await withSmallServer(looking, async ({ socketPath }) => {
      const args = ['operator', 'add', 'eva', '--password-stdin'];
      assert.equal(
        (await runProgram(socketPath, args, { input: 'pass in no list' })).exitStatus,
        0,
      );
    });
    assert.ok(seen.some((text) => text.includes('--password-stdin')));
    assert.ok(!seen.some((text) => text.includes('pass in no list')));
  });
});

describe('openclone operator', () => {
  test('openclone operator lists and deletes', async () => {
    await withSmallServer(taking, async ({ socketPath, calls }) => {
      const listed = await runCli(socketPath, ['operator', 'list']);
      assert.equal(listed.stdout, 'OPERATOR  SINCE\neva       2026-11-21 07:00\n');
      assert.equal((await runCli(socketPath, ['operator', 'delete', 'eva'])).exitStatus, 2);
      assert.equal((await runCli(socketPath, ['operator', 'delete', 'eva', '-y'])).exitStatus, 0);
      assert.deepEqual(calls.at(-1), { name: 'operator.delete', params: { name: 'eva' } });
    });
  });
});

/** Of every process that can be read. */
function commandLinesAndEnvironments(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
    .flatMap((path) => {
      try {
        return [readFileSync(path, 'utf8')];
      } catch {
        return [];
      }
    });
}
