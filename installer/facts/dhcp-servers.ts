/** findDhcpServers: the DHCP servers that are on the network already. */

import { OperatorError } from '../../lib/errors.ts';
import { probeDhcp } from '../../lib/dhcp/probe.ts';

/** A careful server pings the address before it offers it: that takes up to three seconds. */
const LISTEN_MS = 5000;

export type DhcpServers =
  /** Addresses of the servers that offered an address to a PXE client. */
  | {
      readonly type: 'known';
      readonly offering: readonly string[];
      readonly proxies: readonly string[];
    }
  /** The question could not be asked: why. */
  | { readonly type: 'unknown'; readonly reason: string };

/** Asks as a BIOS PXE client; takes no lease. Answers of this very machine (`own`) do not count. */
export async function findDhcpServers(
  interfaceName: string,
  own: readonly string[],
): Promise<DhcpServers> {
  try {
    const answers = await probeDhcp({ interfaceName, clientArch: 0, timeoutMs: LISTEN_MS });
    const others = answers.filter(({ serverAddress }) => !own.includes(serverAddress));
    const addressesOf = (type: 'offer' | 'proxy'): string[] => [
      ...new Set(
        others.filter((answer) => answer.type === type).map(({ serverAddress }) => serverAddress),
      ),
    ];
    return { type: 'known', offering: addressesOf('offer'), proxies: addressesOf('proxy') };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { type: 'unknown', reason: error.message };
  }
}
