/** Errors as the UI shows them: with the reason that lib/model gives, in the language of the UI. */

import type { ErrorReport } from '../../lib/model/error-report.ts';
import { errorIn, type ShownError } from '../../lib/text/errors.ts';
import type { Language } from '../../lib/model/language.ts';
import { reasonFoundIn } from './reasons.ts';

/** An error in the language of the UI. */
export function shownError(language: Language, report: ErrorReport): ShownError {
  return errorIn(language, report, reasonFoundIn(report.message));
}

/** On one line that may be cut: what happened before `detail`, which is all that English has. */
export function errorLineIn(language: Language, report: ErrorReport, detail: string): string {
  const { what, original } = shownError(language, report);
  return original === null ? detail : `${what}: ${detail}`;
}
