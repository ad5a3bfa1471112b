/** That the connection to the server is gone, and why. */

import { troubleOfEnd } from '../../lib/client/trouble.ts';
import { troubleIn } from '../../lib/text/trouble.ts';
import type { Texts } from '../text/catalogue.ts';

/** `reason` is that of lib/protocol/peer.ts; in English it is told in its own words. */
export function connectionLost({ language, tasks }: Texts, reason: string): string {
  if (language === 'en') return tasks.connectionLost(reason);
  const { short } = troubleIn(language, troubleOfEnd(reason, { place: '', account: '' }));
  return tasks.connectionLost(short);
}
