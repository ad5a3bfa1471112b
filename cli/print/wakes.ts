/** Hosts that are being woken, as people read it. */

import { printable } from '../../lib/format.ts';
import type { Wake } from '../../lib/model/wake.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Texts } from '../text/catalogue.ts';

/** One sentence, with what to do where something has to be done. */
export function wakeLine({ status }: Texts, { hostName, state, packets, error }: Wake): string {
  const why = error === null ? '' : status.sendingFailed(error);
  switch (state) {
    case 'waking':
      return printable(status.waking(hostName, packets, why));
    case 'missing':
      return printable(status.missing(hostName, packets, why));
    case 'sent':
      return printable(status.packetsSent(hostName, packets, why));
    default:
      return unreachable(state);
  }
}
