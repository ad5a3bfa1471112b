/** The command that operators type: when it is the full-screen UI and when the command line. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run, type RunResult } from '../../lib/exec/run.ts';
import { withSmallServer } from '../cli/small-server.ts';
import { roomHandlers } from './room-handlers.ts';
import { sampleRoom } from './sample-room.ts';

const LAUNCHER = join(import.meta.dirname, '../../openclone');
const ALL_STATUSES = Array.from({ length: 256 }, (_, status) => status);

function onTerminal(
  socketPath: string,
  args: readonly string[],
  input: string,
): Promise<RunResult> {
  const command = [LAUNCHER, ...args].map((word) => `'${word}'`).join(' ');
  return run('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { OPENCLONE_SOCKET: socketPath, TERM: 'xterm', LANG: 'C.UTF-8', TZ: 'UTC' },
    allowedStatuses: ALL_STATUSES,
    input,
  });
}

async function inRoom(work: (socketPath: string) => Promise<void>): Promise<void> {
  await withSmallServer(roomHandlers(sampleRoom(0.4)), ({ socketPath }) => work(socketPath));
}

describe('on a terminal', () => {
  for (const args of [[], ['tui'], ['tui', '--language', 'de'], ['--socket', '/nowhere', 'tui']]) {
    test(`on a terminal: \`openclone ${args.join(' ')}\` is the full-screen UI, and q ends it`, async () => {
      await inRoom(async (socketPath) => {
        const { stdout, exitStatus } = await onTerminal(socketPath, args, 'q');
        assert.equal(exitStatus, 0, stdout);
        assert.ok(stdout.includes('\u001b[?1049h'), 'it takes the whole screen');
        assert.ok(stdout.lastIndexOf('\u001b[?1049l') > stdout.indexOf('\u001b[?1049h'));
        assert.ok(stdout.includes('\u001b]0;OpenClone\u0007'), 'it names the window');
      });
    });
  }

  test('on a terminal: every other word is for the command line', async () => {
    await inRoom(async (socketPath) => {
      const { stdout } = await onTerminal(socketPath, ['group', 'list'], '');
      assert.match(stdout, /Übungsraum 2/);
      assert.ok(!stdout.includes('\u001b[?1049h'));
    });
  });
});

describe('without a terminal', () => {
  test('without a terminal: `openclone` shows the help of the command line', async () => {
    const { stdout, stderr } = await run(LAUNCHER, [], { allowedStatuses: ALL_STATUSES });
    assert.match(`${stdout}${stderr}`, /openclone .*deploy/s);
  });

  test('without a terminal: `openclone tui` refuses a language that it does not speak, as every command does', async () => {
    for (const args of [
      ['tui', '--language', 'fr'],
      ['--language', 'fr', 'tui'],
    ]) {
      const { stderr, exitStatus } = await run(LAUNCHER, args, { allowedStatuses: ALL_STATUSES });
      assert.equal(exitStatus, 2);
      assert.match(stderr, /reading --language "fr": one of en, de is expected\nhint: See `/);
    }
  });

  test('without a terminal: `openclone tui` says that it needs one', async () => {
    const { stderr, exitStatus } = await run(LAUNCHER, ['tui'], { allowedStatuses: ALL_STATUSES });
    assert.equal(exitStatus, 2);
    assert.match(stderr, /needs a terminal/);
  });
});
