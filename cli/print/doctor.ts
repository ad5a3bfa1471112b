/** What `openclone doctor` found, in lines. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { printable } from '../../lib/format.ts';
import type { Examination } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Texts } from '../text/catalogue.ts';

/** A line per finding, a line with the remedy below what needs one, and a sum at the end. */
export function doctorLines(texts: Texts, examinations: readonly Examination[]): string[] {
  const types = texts.doctor.types;
  const typeWidth = Math.max(...Object.values(types).map(widthOf));
  const width = Math.max(...examinations.map(({ name }) => widthOf(name)));
  const lines = examinations.flatMap(({ name, findings }) =>
    findings.flatMap(({ type, about, found, remedy }) => {
      const head = `${padEnd(types[type], typeWidth)}  ${padEnd(name, width)}  `;
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
  return [...lines, '', sumLine(texts, examinations)];
}

function sumLine({ counts, doctor }: Texts, examinations: readonly Examination[]): string {
  const all = examinations.flatMap(({ findings }) => findings);
  const count = (type: Finding['type']): number => all.filter((each) => each.type === type).length;
  return [
    counts.failures(count('failure')),
    counts.warnings(count('warning')),
    doctor.ok(count('ok')),
    doctor.skipped(count('skipped')),
  ].join(', ');
}
