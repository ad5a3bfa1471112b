/** columnsOf: how wide the terminal is. */

/** What a terminal without a width has. */
const USUAL_COLUMNS = 80;

/** The columns of what is written to; the usual ones when it is no terminal. */
export function columnsOf(output: NodeJS.WritableStream): number {
  const columns = 'columns' in output ? Number(output.columns) : 0;
  return columns > 0 ? columns : USUAL_COLUMNS;
}
