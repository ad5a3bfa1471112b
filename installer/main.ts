/** The installer's entry; install.sh starts it. */

import { resolve } from 'node:path';
import { Command } from 'commander';
import { describeError, exitStatusOf, OperatorError, toReport } from '../lib/errors.ts';
import { runForeground } from '../lib/exec/foreground.ts';
import { run } from '../lib/exec/run.ts';
import { printable } from '../lib/format.ts';
import { DEFAULT_SOCKET, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { wrapText } from '../lib/text/wrap-text.ts';
import { install } from './install.ts';
import { withInstallerLock } from './machine/lock.ts';
import { columnsOf } from './terminal/columns.ts';
import { makePrompter, type Prompter } from './terminal/prompter.ts';
import { STEPS } from './steps/table.ts';
import type { System } from './machine/system.ts';
import { waitingForApt } from './tools/apt.ts';
import { uninstall } from './uninstall.ts';

type Arguments = {
  answers?: string;
  yes?: true;
  dryRun?: true;
  force?: true;
  refresh?: true;
  serverHardware?: boolean;
  uninstall?: true;
  purgeData?: true;
  removePackages?: true;
};

const command = new Command('install.sh')
  .description(
    'Makes this machine an OpenClone server, or updates the one it is: every setting and all data stay.\n' +
      'Asks, shows what it will do, and does nothing before you have said yes.',
  )
  .version(PROGRAM_VERSION)
  .option('--answers <file>', 'answers to the questions, as JSON (docs/install.md)')
  .option('--yes', 'ask nothing: what no answer is given for is as proposed, or as it was')
  .option('--dry-run', 'show the plan, and change nothing')
  .option('--force', 'go on in spite of what could be wrong but need not be; restart a busy server')
  .option('--refresh', 'fetch boot loaders and the root file system again: security updates')
  .option('--server-hardware', 'hosts are servers too: drivers of their adapters; remembered')
  .option('--no-server-hardware', 'they are not; when neither is said, it stays as it is')
  .option('--uninstall', 'remove OpenClone; images, hosts and keys stay')
  .option('--purge-data', 'with --uninstall: delete images, hosts and keys as well')
  .option('--remove-packages', 'with --uninstall: also Debian packages that nothing else needs')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

// Nearly all of it is read by other users than root, whatever root's own umask is.
process.umask(0o022);

const given = command.opts<Arguments>();
const NOTHING_CHANGED =
  given.uninstall !== true && given.dryRun !== true
    ? 'Nothing was changed. What you have answered is kept, and proposed when you start it again.'
    : 'Nothing was changed.';

const interruption = new AbortController();
// A terminal that is gone takes no more text: what is under way is finished or taken back all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort());
}
const system: System = {
  run: waitingForApt(run, { say: (text) => print([text]), signal: interruption.signal }),
  root: '/',
  operatorSocket: DEFAULT_SOCKET,
};

try {
  process.exitCode = await main(given);
} catch (error) {
  // Ctrl-C at a question (inquirer).
  const left = error instanceof Error && error.name === 'ExitPromptError';
  const report = toReport(
    left
      ? new OperatorError({
          code: 'cancelled',
          message: 'asking',
          hint: NOTHING_CHANGED,
          cause: new Error('interrupted'),
        })
      : error,
  );
  say([`install.sh: ${printable(describeError(report))}`, `hint: ${printable(report.hint)}`]);
  if (report.code === 'internal-error' && error instanceof Error) say([error.stack ?? '']);
  process.exitCode = exitStatusOf(report);
}
process.exit();

async function main(given: Arguments): Promise<number> {
  if (process.getuid?.() !== 0) {
    throw new OperatorError({
      code: 'unauthorized',
      message: 'installing without the rights of root',
      hint: 'Run: sudo ./install.sh',
    });
  }
  const prompter = prompterFor(given);
  const force = given.force === true;
  const dryRun = given.dryRun === true;
  if (given.uninstall === true) {
    const purgeData = given.purgeData === true;
    const removePackages = given.removePackages === true;
    return withInstallerLock(system, 'install.sh --uninstall', () =>
      uninstall({ system, prompter, purgeData, removePackages, force, dryRun, print }),
    );
  }
  if (given.purgeData === true || given.removePackages === true) {
    throw new OperatorError({
      code: 'bad-argument',
      message: 'reading the command line: --purge-data and --remove-packages go with --uninstall',
      hint: 'Nothing was changed.',
    });
  }
  return withInstallerLock(system, 'install.sh', () =>
    install({
      system,
      prompter,
      force,
      dryRun,
      print,
      steps: STEPS,
      sourceDirectory: resolve(import.meta.dirname, '..'),
      answersFile: given.answers ?? null,
      refresh: given.refresh === true,
      serverHardware: given.serverHardware ?? null,
      signal: interruption.signal,
      show: runForeground,
    }),
  );
}

/** null when nobody is to be asked. */
function prompterFor(given: Arguments): Prompter | null {
  if (given.yes === true || (given.dryRun === true && given.uninstall === true)) return null;
  if (process.stdin.isTTY && process.stdout.isTTY) {
    return makePrompter(
      { input: process.stdin, output: process.stdout },
      { signal: interruption.signal, hint: NOTHING_CHANGED },
    );
  }
  throw new OperatorError({
    code: 'bad-argument',
    message: 'asking questions without a terminal',
    hint: 'Give --yes, and --answers FILE for what is not to be as proposed.',
  });
}

function print(lines: readonly string[]): void {
  // Programs that read it get whole lines.
  const shown = process.stdout.isTTY
    ? lines.map((line) => wrapText(line, columnsOf(process.stdout)))
    : lines;
  process.stdout.write(shown.map((line) => `${line}\n`).join(''));
}

function say(lines: readonly string[]): void {
  const shown = process.stderr.isTTY
    ? lines.map((line) => wrapText(line, columnsOf(process.stderr)))
    : lines;
  process.stderr.write(shown.map((line) => `${line}\n`).join(''));
}
