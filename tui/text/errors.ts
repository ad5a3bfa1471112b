/** Errors on one line, in the language of the UI. */

import type { ErrorReport } from '../../lib/model/error-report.ts';
import { errorIn } from '../../lib/messages/errors.ts';
import type { Language } from '../../lib/model/language.ts';

/** On one line that may be cut: what happened before `detail`, which is all that English has. */
export function errorLineIn(language: Language, report: ErrorReport, detail: string): string {
  const { what, original } = errorIn(language, report);
  return original === null ? detail : `${what}: ${detail}`;
}
