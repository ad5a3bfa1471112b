/** wrapText: text for a terminal, broken at words. */

import { widthOf } from '../columns.ts';

/**
 * Breaks each line at words so that none is longer than `columns`, and goes on below where the line's own text begins, and
 * `hang` columns more. A word that is longer stays whole: a path that was cut is none.
 */
export function wrapText(text: string, columns: number, hang = 2): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns, ' '.repeat(hang)))
    .join('\n');
}

function wrapLine(line: string, columns: number, hang: string): string[] {
  if (widthOf(line) <= columns) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(' ')) {
    const isFirst = current.trim() === '';
    if (!isFirst && widthOf(current) + 1 + widthOf(word) > columns) {
      lines.push(current);
      current = `${indent}${hang}${word}`;
    } else {
      current = isFirst ? `${current}${word}` : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
