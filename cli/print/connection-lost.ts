/** That the connection to the server is gone, and why. */

import { render } from '../../lib/messages/render.ts';
import type { ConnectionEnd } from '../../lib/protocol/connection-end.ts';
import type { Texts } from '../text/catalogue.ts';

export function connectionLost({ language, tasks }: Texts, { why }: ConnectionEnd): string {
  return tasks.connectionLost(render(language, why));
}
