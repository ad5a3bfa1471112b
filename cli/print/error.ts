/** An error as people read it. */

import { describeError } from '../../lib/errors.ts';
import { printable } from '../../lib/format.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';

/** "openclone: MESSAGE: cause: cause" and the hint. */
export function errorLines(report: ErrorReport): string[] {
  const hint = report.hint === '' ? [] : [`hint: ${printable(report.hint)}`];
  return [`openclone: ${printable(describeError(report))}`, ...hint];
}
