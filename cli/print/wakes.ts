/** Hosts that are being woken, as people read it. */

import { printable } from '../../lib/format.ts';
import type { Wake } from '../../lib/model/wake.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { countOf } from './words.ts';

/** One sentence, with what to do where something has to be done. */
export function wakeLine({ hostName, state, packets, error }: Wake): string {
  const why = error === null ? '' : ` (sending failed: ${error})`;
  switch (state) {
    case 'waking':
      return printable(`${hostName}: being woken, ${countOf(packets, 'magic packet')} sent${why}`);
    case 'missing':
      return printable(
        `${hostName} did not come after ${countOf(packets, 'magic packet')}${why}: switch it on by hand, and see ` +
          'whether Wake-on-LAN and booting from the network are enabled in its firmware',
      );
    case 'sent':
      return printable(
        `${hostName}: ${countOf(packets, 'magic packet')} sent${why}; it has no work, so it starts from its own disk`,
      );
    default:
      return unreachable(state);
  }
}
