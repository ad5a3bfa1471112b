/** What `openclone doctor` found, in lines. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { printable } from '../../lib/format.ts';
import type { Examination } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { countOf } from './words.ts';

const WORDS: Readonly<Record<Finding['type'], string>> = {
  ok: 'ok',
  warning: 'WARNING',
  failure: 'FAILURE',
  skipped: 'skipped',
};

/** A line per finding, a line with the remedy below what needs one, and a sum at the end. */
export function doctorLines(examinations: readonly Examination[]): string[] {
  const width = Math.max(...examinations.map(({ name }) => widthOf(name)));
  const lines = examinations.flatMap(({ name, findings }) =>
    findings.flatMap(({ type, about, found, remedy }) => {
      const head = `${padEnd(WORDS[type], 7)}  ${padEnd(name, width)}  `;
      const text = printable(about === '' ? found : `${about}: ${found}`);
      const below = `${' '.repeat(widthOf(head))}-> `;
      return [
        `${head}${text}`,
        ...(remedy ?? '')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `${below}${printable(line)}`),
      ];
    }),
  );
  return [...lines, '', sumLine(examinations)];
}

function sumLine(examinations: readonly Examination[]): string {
  const all = examinations.flatMap(({ findings }) => findings);
  const count = (type: Finding['type']): number => all.filter((each) => each.type === type).length;
  return [
    countOf(count('failure'), 'failure'),
    countOf(count('warning'), 'warning'),
    `${count('ok')} ok`,
    `${count('skipped')} skipped`,
  ].join(', ');
}
