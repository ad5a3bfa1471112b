/** What is wrong with the server, and what to do about it. */

import { printable } from '../../lib/format.ts';
import type { Problem } from '../../lib/model/status.ts';
import type { Texts } from '../text/catalogue.ts';
import { render } from '../../lib/messages/render.ts';

export function problemLines({ language, status }: Texts, problems: readonly Problem[]): string[] {
  return problems.flatMap(({ what, hint }) => [
    printable(`${status.problem}: ${render(language, what)}`),
    printable(`${status.problemHint}: ${render(language, hint)}`),
  ]);
}
