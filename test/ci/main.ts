/** Continuous integration, whole or in part: runs stages, says how long each took, keeps the logs of what failed. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { runStage } from './run-stage.ts';
import { STAGES, type Stage } from './stages.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

const command = new Command('npm test --')
  .description(
    `Runs stages in their order and says how long each took; all of them when none is named.\n\n${STAGES.map(({ name, title }) => `  ${name.padEnd(6)} ${title}`).join('\n')}`,
  )
  .argument('[stages...]', 'the stages to run')
  .option('--quick', 'formatter and linter look at what differs from the main branch only')
  .option('--keep', 'keep the logs although everything passed')
  .parse();
const { quick = false, keep = false } = command.opts<{ quick?: boolean; keep?: boolean }>();

process.exitCode = await runStages(command.args.map(stageNamed));

/** Returns the exit status. One stage that fails does not keep the others from being run. */
async function runStages(named: readonly Stage[]): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-ci-'));
  const lines: string[] = [];
  let hasFailed = false;
  for (const stage of named.length === 0 ? STAGES : STAGES.filter((each) => named.includes(each))) {
    if (stage.needsRoot && process.getuid?.() !== 0) {
      hasFailed = true;
      lines.push(`${stage.name.padEnd(6)} not run: it needs root`);
      continue;
    }
    print(`── ${stage.name}: ${stage.title}`);
    const { isPassed, elapsedMs, logFile } = await runStage(stage, {
      project: PROJECT,
      directory,
      isQuick: quick,
      environment: process.env,
    });
    hasFailed ||= !isPassed;
    const seconds = `${(elapsedMs / 1000).toFixed(0)} s`.padStart(6);
    lines.push(`${stage.name.padEnd(6)} ${seconds}  ${isPassed ? 'passed' : `FAILED: ${logFile}`}`);
  }
  print('──', ...lines);
  if (hasFailed || keep) print(`Logs, and screens of what failed: ${directory}`);
  else await rm(directory, { recursive: true });
  return hasFailed ? 1 : 0;
}

function stageNamed(name: string): Stage {
  const stage = STAGES.find((each) => each.name === name);
  if (stage !== undefined) return stage;
  return command.error(`there is no stage ${name}; see --help`, { exitCode: 2 });
}

function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}
