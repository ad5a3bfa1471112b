/** The full-screen UI's entry: reads environment and arguments, opens the terminal, keeps the connection. */

import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseServer } from '../lib/client/known-servers.ts';
import type { ServerPlace } from '../lib/client/operator-client.ts';
import { describeError, exitStatusOf, toReport } from '../lib/errors.ts';
import { DEFAULT_ENGINE_PORT, DEFAULT_SOCKET, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { App } from './app.ts';
import { keepConnected } from './connection.ts';
import { meetServer } from './first-contact.ts';
import { newModel } from './model.ts';
import { overviewScreen } from './screens/overview.ts';
import { LANGUAGES, languageOf } from './text/catalogue.ts';
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
if (!process.stdin.isTTY || !process.stdout.isTTY) {
  process.stderr.write(
    'openclone tui: this needs a terminal; for scripts there is `openclone help`\n',
  );
  process.exit(2);
}
const { env } = process;
const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
const unicode = /utf-?8/i.test(locale);
const language = LANGUAGES.find((each) => each === wanted) ?? languageOf(env);
const place = await placeOfServer().catch((error: unknown) => {
  const report = toReport(error);
  process.stderr.write(`openclone tui: ${describeError(report)}\nhint: ${report.hint}\n`);
  process.exit(exitStatusOf(report));
});
const stopping = new AbortController();
const terminal = new Terminal({
  input: process.stdin,
  output: process.stdout,
  terminal: env['TERM'] ?? 'vt100',
  unicode,
  colours: coloursOf(env['TERM'] ?? 'vt100', env['NO_COLOR']),
  onEvent: (event) => app.put(event),
});
const app = new App({
  state: {
    model: newModel({
      area: terminal.area,
      unicode,
      language,
      now: Date.now(),
      operator: userInfo().username,
    }),
    screens: [overviewScreen()],
  },
  display: terminal,
  clock: () => Date.now(),
  onQuit: () => leave(0),
});
const ticking = setInterval(() => app.put({ type: 'tick', now: Date.now() }), 1000);
// A fault must not leave the terminal without echo and in another screen, with its text lost there.
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.on('SIGTERM', () => leave(0));
process.on('SIGHUP', () => leave(0));
await keepConnected({
  ...place,
  operator: userInfo().username,
  app,
  clock: () => Date.now(),
  signal: stopping.signal,
});

/** Where the server is; one on the network that is not known yet is asked about first. */
async function placeOfServer(): Promise<ServerPlace> {
  if (server === undefined)
    return { socketPath: socket ?? (env['OPENCLONE_SOCKET'] || DEFAULT_SOCKET) };
  const settings = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return meetServer({
    server: parseServer(server, DEFAULT_ENGINE_PORT),
    path: join(settings, 'openclone', 'known-servers.json'),
    language,
    input: process.stdin,
    output: process.stdout,
  });
}

function leave(status: number): void {
  clearInterval(ticking);
  stopping.abort();
  terminal.close();
  process.exit(status);
}

function crash(error: unknown): void {
  clearInterval(ticking);
  stopping.abort();
  terminal.close();
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `openclone tui: this is a fault in OpenClone, please report it\nTasks on the server go on.\n${text}\n`,
  );
  process.exit(exitStatusOf(toReport(error)));
}

/** By the name of the terminal: terminfo is not always there for it. */
function coloursOf(name: string, noColour: string | undefined): number {
  if (noColour !== undefined && noColour !== '') return 0;
  if (/^vt\d|dumb/.test(name)) return 0;
  return /256color|^tmux|^screen|kitty|alacritty/.test(name) ? 256 : 8;
}
