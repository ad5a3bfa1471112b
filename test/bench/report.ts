/** The outcome of a benchmark run as text, and as the part of docs/benchmarks.md that is not written by hand. */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Section, Table, Verdict } from './benchmark.ts';
import type { MachineFacts } from './machine.ts';

export type BenchmarkOutcome = {
  readonly machine: MachineFacts;
  readonly command: string;
  readonly repeats: number;
  readonly quick: boolean;
  readonly sections: readonly Section[];
};

const BEGIN = '<!-- figures: npm run bench -- --write-report docs/benchmarks.md -->';
const END = '<!-- end of figures -->';

const MET_WORDS: Record<Verdict['met'], string> = {
  yes: 'yes',
  no: 'NO',
  machine: 'limited by this machine',
};

export function formatText({ machine, sections }: BenchmarkOutcome): string {
  return [
    ...Object.entries(machine).map(([fact, value]) => `${fact}: ${value}`),
    ...sections.flatMap(({ title, tables, verdicts }) => [
      '',
      `== ${title}`,
      ...tables.flatMap((table) => ['', table.title, ...textTable(table)]),
      '',
      ...textTable(verdictTable(verdicts)),
    ]),
    '',
  ].join('\n');
}

/** Puts the figures into `file`. Throws when the file has no place for them. */
export function writeReport(file: string, outcome: BenchmarkOutcome): void {
  const text = readFileSync(file, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`${file} lacks the lines "${BEGIN}" and "${END}" around its figures`);
  }
  const written = `${text.slice(0, begin)}${BEGIN}\n\n${formatMarkdown(outcome)}\n${text.slice(end)}`;
  writeFileSync(`${file}.new`, written);
  renameSync(`${file}.new`, file);
}

/** Everything between the two lines. */
export function formatMarkdown(outcome: BenchmarkOutcome): string {
  const { machine, command, repeats, quick, sections } = outcome;
  const times = repeats === 1 ? 'once' : `${repeats} times`;
  return [
    `Measured by \`${command}\`, each figure ${times}: the median, in parentheses the smallest and the largest.`,
    ...(quick ? ['', '**A quick run: it shows that the benchmark works, and nothing else.**'] : []),
    '',
    ...Object.entries(machine).map(([fact, value]) => `- ${fact}: ${value}`),
    '',
    '### Aims',
    '',
    ...markdownTable(verdictTable(sections.flatMap(({ verdicts }) => verdicts))),
    ...sections.flatMap(({ title, method, tables }) => [
      '',
      `### ${title}`,
      ...method.flatMap((paragraph) => ['', paragraph]),
      ...tables.flatMap((table) => ['', `**${table.title}**`, '', ...markdownTable(table)]),
    ]),
    '',
  ].join('\n');
}

function verdictTable(verdicts: readonly Verdict[]): Table {
  return {
    title: 'Aims',
    columns: ['aim', 'measured', 'met'],
    rows: verdicts.map(({ aim, measured, met }) => [aim, measured, MET_WORDS[met]]),
  };
}

function textTable({ columns, rows }: Table): string[] {
  const lines = [columns, ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => (line[index] ?? '').length)),
  );
  return lines.map((line) =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function markdownTable({ columns, rows }: Table): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)];
}
