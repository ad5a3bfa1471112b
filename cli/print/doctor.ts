/** What `openclone doctor` found, in lines and as JSON. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { describeError } from '../../lib/errors.ts';
import { printable } from '../../lib/format.ts';
import { errorIn, errorLineIn } from '../../lib/messages/errors.ts';
import { render } from '../../lib/messages/render.ts';
import { wrapText } from '../../lib/text/wrap-text.ts';
import type { CheckResult } from '../doctor/check.ts';
import type { Finding, Unfinished, Words } from '../doctor/finding.ts';
import type { Texts } from '../text/catalogue.ts';

const BEFORE_REMEDY = '-> ';
/** On a narrower terminal lines are longer than it. */
const LEAST_TEXT_COLUMNS = 20;

/**
 * A line per finding, a line with the remedy below what needs one, and a sum at the end. Lines are broken at words, below
 * each other, to fit `columns`; never when that is null.
 */
export function doctorLines(
  texts: Texts,
  results: readonly CheckResult[],
  columns: number | null,
): string[] {
  const types = texts.doctor.types;
  const typeWidth = Math.max(...Object.values(types).map(widthOf));
  const nameWidth = Math.max(...results.map(({ name }) => widthOf(name)));
  const blocks = results.flatMap(({ name, findings }) =>
    findings.flatMap((finding) => {
      const head = `${padEnd(types[finding.type], typeWidth)}  ${padEnd(name, nameWidth)}  `;
      const before = `${' '.repeat(widthOf(head))}${BEFORE_REMEDY}`;
      const remedies = remedyText(texts, finding)
        .split('\n')
        .filter((line) => line !== '');
      return [
        ...hanging(head, foundText(texts, finding), columns),
        ...remedies.flatMap((line) => hanging(before, line, columns)),
      ];
    }),
  );
  return [...blocks, '', sumLine(texts, results)];
}

/** `text` behind `head`, its further lines below its first one. */
function hanging(head: string, text: string, columns: number | null): string[] {
  const shown = printable(text);
  if (columns === null) return [`${head}${shown}`];
  const width = Math.max(LEAST_TEXT_COLUMNS, columns - widthOf(head));
  const indent = ' '.repeat(widthOf(head));
  return wrapText(shown, width, 0)
    .split('\n')
    .map((line, index) => `${index === 0 ? head : indent}${line}`);
}

function foundText(texts: Texts, finding: Finding | Unfinished): string {
  if ('error' in finding) return errorLineIn(texts.language, finding.error);
  const found = render(texts.language, finding.found);
  return finding.about === '' ? found : `${wordsText(texts, finding.about)}: ${found}`;
}

function remedyText(texts: Texts, finding: Finding | Unfinished): string {
  if ('error' in finding) {
    const { error } = finding;
    return error.hint === '' ? '' : errorIn(texts.language, error).hint;
  }
  return finding.remedy === null ? '' : wordsText(texts, finding.remedy);
}

function wordsText({ language }: Texts, words: Words): string {
  return typeof words === 'string' ? words : render(language, words);
}

function sumLine({ counts, doctor }: Texts, results: readonly CheckResult[]): string {
  const all = results.flatMap(({ findings }) => findings);
  const count = (type: Finding['type']): number => all.filter((each) => each.type === type).length;
  return [
    counts.failures(count('failure')),
    counts.warnings(count('warning')),
    doctor.ok(count('ok')),
    doctor.skipped(count('skipped')),
  ].join(', ');
}

/** For --json: an unfinished check has the texts of a finding too, beside its error. */
export function doctorJson(results: readonly CheckResult[]): unknown {
  return results.map(({ name, title, findings }) => ({
    name,
    title,
    findings: findings.map((finding) =>
      'error' in finding
        ? {
            type: finding.type,
            about: '',
            found: describeError(finding.error),
            remedy: finding.error.hint,
            error: finding.error,
          }
        : finding,
    ),
  }));
}
