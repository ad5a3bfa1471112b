/** An error in one line, and what to do about it, in the language of the operator. */

import { describeError } from '../../lib/errors.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import { errorIn } from '../../lib/messages/errors.ts';
import type { Texts } from '../text/catalogue.ts';

/** What kind of error it is, where that is not English, and `detail` in the words that it came in. */
export function errorText(
  { language }: Texts,
  report: ErrorReport,
  detail = describeError(report),
): string {
  const { what, original } = errorIn(language, report);
  return original === null ? detail : `${what}: ${detail}`;
}

export function errorHint({ language }: Texts, report: ErrorReport): string {
  return report.hint === '' ? '' : errorIn(language, report).hint;
}
