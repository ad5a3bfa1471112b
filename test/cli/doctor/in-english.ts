/** Findings in English, for tests that are easier to read with sentences. */

import type { Finding, Words } from '../../../cli/doctor/finding.ts';
import { render } from '../../../lib/messages/render.ts';

export function inEnglish(words: Words | null | undefined): string {
  if (words === null || words === undefined) return '';
  return typeof words === 'string' ? words : render('en', words);
}

/** "failure TFTP (udp 69): nobody listens there" */
export function lineOf({ type, about, found }: Finding): string {
  return `${type} ${inEnglish(about)}: ${inEnglish(found)}`;
}
