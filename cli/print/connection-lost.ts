/** That the connection to the server is gone, and why. */

import { printable } from '../../lib/format.ts';
import { render } from '../../lib/messages/render.ts';
import type { ConnectionEnd } from '../../lib/protocol/connection-end.ts';
import type { Texts } from '../text/catalogue.ts';

export function connectionLost({ language, tasks }: Texts, { why }: ConnectionEnd): string {
  // An older server's own words, or those of what is no server of ours.
  return printable(tasks.connectionLost(render(language, why)));
}
