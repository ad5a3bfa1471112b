/** `npm run bench`: how fast capture and deploy are, as ratios to what the same machine can do without OpenClone. */

import { Command, InvalidArgumentError } from 'commander';
import { run } from '../../lib/exec/run.ts';
import { explain } from '../lab/report.ts';
import type { Section } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { describeMachine } from './machine.ts';
import { formatText, writeReport } from './report.ts';

const names = BENCHMARKS.map(({ name }) => name);

const program = new Command('bench')
  .description('Measures capture and deploy against the bare tools, in the lab, and prints ratios')
  .option('--only <name...>', `only these: ${names.join(', ')}`, readName)
  .option('--repeat <count>', 'how often each thing is measured', readCount, 3)
  .option('--quick', 'small data, once: to see that the benchmark works', false)
  .option('--json', 'one JSON document on standard output', false)
  .option('--write-report <file>', 'write the tables into this file: docs/benchmarks.md')
  .addHelpText(
    'after',
    `\nBenchmarks:\n${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join('\n')}`,
  );

const options = program.parse().opts<{
  only?: readonly string[];
  repeat: number;
  quick: boolean;
  json: boolean;
  writeReport?: string;
}>();

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}

try {
  const machine = await describeMachine(run);
  const sections: Section[] = [];
  const repeats = options.quick ? 1 : options.repeat;
  for (const benchmark of BENCHMARKS) {
    if (options.only !== undefined && !options.only.includes(benchmark.name)) continue;
    say(`${benchmark.name}: ${benchmark.summary}`);
    const { quick } = options;
    sections.push(
      await benchmark.run({
        repeats,
        quick,
        signal: interruption.signal,
        say: (text) => say(`${benchmark.name}: ${text}`),
      }),
    );
  }
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, '');
  const outcome = { machine, command, repeats, quick: options.quick, sections };
  process.stdout.write(
    options.json ? `${JSON.stringify(outcome, null, 2)}\n` : formatText(outcome),
  );
  if (options.writeReport !== undefined) writeReport(options.writeReport, outcome);
} catch (error) {
  const { signal } = interruption;
  process.stderr.write(`bench: ${explain(signal.aborted ? signal.reason : error)}\n`);
  process.exitCode = 1;
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

function readName(text: string, before: readonly string[] = []): readonly string[] {
  if (names.some((name) => name === text)) return [...before, text];
  throw new InvalidArgumentError(`one of ${names.join(', ')}.`);
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 100) return count;
  throw new InvalidArgumentError('a whole number from 1 to 100.');
}
