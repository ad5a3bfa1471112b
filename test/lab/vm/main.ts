/** `npm run lab:vm`: whole computers boot by network from our own services; see scenarios/table.ts for what is shown. */

import { constants } from 'node:os';
import { Command, Option } from 'commander';
import { DEFAULT_SUITE, parseSuite, SUITES } from '../install/suite.ts';
import { runScenarios, type ScenarioOutcome } from './run-scenarios.ts';
import { SCENARIOS } from './scenarios/table.ts';

const program = new Command('lab:vm')
  .description('Boots virtual machines by network from the real services, in namespaces')
  .argument('[scenarios...]', 'which, by name; those of CI when there is none')
  .option('--all', 'every scenario')
  .option('--list', 'say what there is')
  .addOption(
    new Option(
      '--suite <name>',
      'Debian of the root file system, and of a server that is a machine',
    )
      .choices(SUITES)
      .default(DEFAULT_SUITE),
  )
  .option('--logs <directory>', 'where the logs of a failed scenario go', '/var/tmp')
  .parse();

const { all, list, logs, suite } = program.opts<{
  all?: true;
  list?: true;
  logs: string;
  suite: string;
}>();
const unknown = program.args.filter((name) => !SCENARIOS.some((each) => each.name === name));
if (unknown.length > 0) program.error(`there is no scenario ${unknown.join(', ')}; see --list`);
const chosen = SCENARIOS.filter(
  ({ name, inCi }) =>
    all === true || (program.args.length === 0 ? inCi : program.args.includes(name)),
);

const interruption = new AbortController();
let failureStatus = 1;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    failureStatus = 128 + constants.signals[signal];
    interruption.abort(new Error(`interrupted by ${signal}`));
  });
}

if (list === true) {
  for (const { name, title, inCi } of SCENARIOS) print(`${name}${inCi ? ' (CI)' : ''}: ${title}`);
} else {
  try {
    const outcomes = await runScenarios(
      chosen,
      parseSuite(suite),
      {
        onRoom: (group) => print(`→ A room for ${group.map(({ name }) => name).join(', ')}`),
        onOutcome: printOutcome,
        onFailure: (room, { name }) => {
          const directory = `${logs}/openclone-vm-${name}-${process.pid}`;
          room.saveLogs(directory);
          print(`  logs: ${directory}`);
        },
      },
      interruption.signal,
    );
    if (outcomes.some(({ error }) => error !== null)) process.exitCode = failureStatus;
  } catch (error) {
    print(`✗ ${describe(error)}`);
    process.exitCode = failureStatus;
  }
}

function printOutcome({ title, elapsedMs, error, note }: ScenarioOutcome): void {
  print(`${error === null ? '✓' : '✗'} ${title} (${(elapsedMs / 1000).toFixed(1)} s)`);
  if (note !== '') print(`  ${note}`);
  if (error !== null) print(describe(error));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
