/** An error as people read it. */

import { ConnectionError } from '../../lib/client/trouble.ts';
import { describeError, toReport } from '../../lib/errors.ts';
import { printable } from '../../lib/format.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import { errorIn } from '../../lib/messages/errors.ts';
import { troubleIn } from '../../lib/messages/trouble.ts';
import type { Texts } from '../text/catalogue.ts';

/** Whatever was thrown; see errorLines. Of a server that cannot be reached there are more words in German. */
export function thrownLines(texts: Texts, error: unknown): string[] {
  if (texts.language === 'en' || !(error instanceof ConnectionError)) {
    return errorLines(texts, toReport(error));
  }
  const { what, why, remedy } = troubleIn(texts.language, error.trouble);
  const lines = remedy.map((part) => part.text ?? `    ${part.command}`);
  return [
    `openclone: ${what} ${why}`,
    ...lines.map((line, index) => (index === 0 ? texts.errors.hint(line) : line)),
  ].map(printable);
}

/** "openclone: MESSAGE: cause: cause" and the hint; what they were, where the language has other words for them. */
export function errorLines(texts: Texts, report: ErrorReport): string[] {
  const { what, hint, original } = errorIn(texts.language, report);
  if (original === null) {
    return linesOf(describeError(report), hint === '' ? [] : [texts.errors.hint(hint)]);
  }
  const came = [describeError(report), ...(report.hint === '' ? [] : [report.hint])].join(' - ');
  return linesOf(what, [texts.errors.hint(hint), texts.errors.original(came)]);
}

function linesOf(what: string, below: readonly string[]): string[] {
  return [`openclone: ${what}`, ...below].map(printable);
}
