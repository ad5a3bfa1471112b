/** The full-screen UI's entry: reads environment and arguments, opens the terminal, keeps the connection. */

import { mkdir, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseServer } from '../lib/client/known-servers.ts';
import type { ServerPlace } from '../lib/client/operator-client.ts';
import { ConnectionError } from '../lib/client/trouble.ts';
import type { Trouble } from '../lib/model/trouble.ts';
import { describeError, exitStatusOf, toReport } from '../lib/errors.ts';
import type { ErrorReport } from '../lib/model/error-report.ts';
import { DEFAULT_ENGINE_PORT, DEFAULT_SOCKET, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { App } from './app.ts';
import { ConnectionWishes } from './connection-wishes.ts';
import { keepConnected } from './connection.ts';
import { meetServer } from './first-contact.ts';
import { newModel } from './model.ts';
import { FIRST_SCREEN } from './screens/open.ts';
import { newState } from './state.ts';
import type { Language } from '../lib/model/language.ts';
import { isUnicode, languageOf, namedLanguage } from '../lib/text/language.ts';
import { troubleIn } from '../lib/messages/trouble.ts';
import { Terminal } from './widgets/terminal.ts';

const command = new Command('openclone tui')
  .description('The full-screen UI.')
  .version(PROGRAM_VERSION)
  .option('--socket <path>', "the server's socket, else $OPENCLONE_SOCKET")
  .option('--server <host[:port]>', 'a server on the network, instead of the one on this machine')
  .option('--language <en|de>', 'instead of the one of LANG')
  .parse();

const {
  socket,
  server,
  language: wanted,
} = command.opts<{ socket?: string; server?: string; language?: string }>();
const { env } = process;
const language = chosenLanguage();
if (!process.stdin.isTTY || !process.stdout.isTTY) {
  process.stderr.write(
    'openclone tui: this needs a terminal; for scripts there is `openclone help`\n',
  );
  process.exit(2);
}
const unicode = isUnicode(env);
const operator = userInfo().username;

// From the server on this machine one may go to another one.
for (let named: string | undefined = server; ;) {
  const next = await workAt(await placeOf(named));
  if (next === null) process.exit(0);
  named = next;
}

function chosenLanguage(): Language {
  if (wanted === undefined) return languageOf(env);
  try {
    return namedLanguage(wanted, 'openclone tui');
  } catch (error) {
    return leaveWith(reportLines(toReport(error)), error);
  }
}

/** Where the server is; one on the network that is not known yet is asked about first. */
async function placeOf(named: string | undefined): Promise<ServerPlace> {
  if (named === undefined)
    return { socketPath: socket ?? (env['OPENCLONE_SOCKET'] || DEFAULT_SOCKET) };
  const settings = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  try {
    return await meetServer({
      server: parseServer(named, DEFAULT_ENGINE_PORT),
      path: join(settings, 'openclone', 'known-servers.json'),
      language,
      input: process.stdin,
      output: process.stdout,
    });
  } catch (error) {
    const lines =
      error instanceof ConnectionError ? troubleLines(error.trouble) : reportLines(toReport(error));
    return leaveWith(lines, error);
  }
}

function leaveWith(lines: readonly string[], error: unknown): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(exitStatusOf(toReport(error)));
}

function troubleLines(trouble: Trouble): string[] {
  const { what, why, remedy } = troubleIn(language, trouble);
  const said = remedy.map((part) => part.text ?? `    ${part.command}`);
  return [`openclone tui: ${what} ${why}`, ...said];
}

function reportLines(report: ErrorReport): string[] {
  return [`openclone tui: ${describeError(report)}`, `hint: ${report.hint}`];
}

/** Shows the UI until the operator leaves; returns the server that they want to go to instead, if any. */
async function workAt(place: ServerPlace): Promise<string | null> {
  const stopping = new AbortController();
  const terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    terminal: env['TERM'] ?? 'vt100',
    unicode,
    colours: coloursOf(env['TERM'] ?? 'vt100', env['NO_COLOR']),
    onEvent: (event) => app.put(event),
  });
  const leaving = Promise.withResolvers<string | null>();
  const wishes = new ConnectionWishes();
  const app = new App({
    state: newState(
      newModel({ area: terminal.area, unicode, language, now: Date.now(), operator }),
      [FIRST_SCREEN],
    ),
    display: terminal,
    clock: () => Date.now(),
    record: writeRecording,
    wishes,
    onQuit: leaving.resolve,
  });
  const ticking = setInterval(() => app.put({ type: 'tick', now: Date.now() }), 1000);
  const close = (): void => {
    clearInterval(ticking);
    stopping.abort();
    terminal.close();
  };
  // A fault must not leave the terminal without echo and in another screen, with its text lost there.
  const crash = (error: unknown): void => {
    close();
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `openclone tui: this is a fault in OpenClone, please report it\nTasks on the server go on.\n${text}\n`,
    );
    process.exit(exitStatusOf(toReport(error)));
  };
  const leave = (): void => leaving.resolve(null);
  const heard = [
    ['uncaughtException', crash],
    ['unhandledRejection', crash],
    ['SIGTERM', leave],
    ['SIGHUP', leave],
  ] as const;
  for (const [name, listener] of heard) process.on(name, listener);
  const connected = keepConnected({
    ...place,
    operator,
    app,
    wishes,
    clock: () => Date.now(),
    signal: stopping.signal,
  });
  const next = await leaving.promise;
  close();
  // Nothing waits for the server when one leaves.
  if (next === null) return null;
  await connected;
  for (const [name, listener] of heard) process.off(name, listener);
  return next;
}

/** For this user alone: it says what hosts, images and operators there are. */
async function writeRecording(text: string): Promise<string> {
  const states = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  const directory = join(states, 'openclone');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `ui-${new Date().toISOString().replaceAll(':', '-')}.json`);
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  return path;
}

/** By the name of the terminal: terminfo is not always there for it. */
function coloursOf(name: string, noColour: string | undefined): number {
  if (noColour !== undefined && noColour !== '') return 0;
  if (/^vt\d|dumb/.test(name)) return 0;
  return /256color|^tmux|^screen|kitty|alacritty/.test(name) ? 256 : 8;
}
