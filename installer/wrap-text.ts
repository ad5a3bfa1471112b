/** Text for a terminal, broken at words. */

/** What a terminal without a width has. */
const USUAL_COLUMNS = 80;

/** The columns of what is written to; the usual ones when it is no terminal. */
export function columnsOf(output: NodeJS.WritableStream): number {
  const columns = 'columns' in output ? Number(output.columns) : 0;
  return columns > 0 ? columns : USUAL_COLUMNS;
}

/**
 * Breaks each line at words so that none is longer than `columns`, and goes on below where the line's own text begins. A word
 * that is longer stays whole: a path that was cut is none.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(' ')) {
    const isFirst = current.trim() === '';
    if (!isFirst && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = `${indent}  ${word}`;
    } else {
      current = isFirst ? `${current}${word}` : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
