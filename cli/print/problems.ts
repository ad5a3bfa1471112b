/** What is wrong with the server, and what to do about it. */

import { printable } from '../../lib/format.ts';
import type { Problem } from '../../lib/model/status.ts';

export function problemLines(problems: readonly Problem[]): string[] {
  return problems.flatMap(({ what, hint }) => [
    printable(`problem: ${what}`),
    printable(`   hint: ${hint}`),
  ]);
}
