/** The order in which a host's MAC addresses are named: the server finds the host by the first one it knows. */

import { OperatorError } from '../lib/errors.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { SystemInfo } from '../lib/model/system-info.ts';

/**
 * The interface that the host booted from first, for boot files are named after it; then those with a link, as the
 * system lists them. Throws `connection-failed` when there is none.
 */
export function macAddressesOf(
  { interfaces }: Pick<SystemInfo, 'interfaces'>,
  bootInterface: MacAddress | null,
): MacAddress[] {
  const booted = interfaces.filter(({ mac }) => mac === bootInterface);
  const linked = interfaces.filter((each) => each.linkUp);
  const macs = [...booted, ...linked, ...interfaces].map((each) => each.mac);
  if (macs.length === 0) {
    throw new OperatorError({
      code: 'connection-failed',
      message: 'looking for a network interface with a MAC address: there is none',
      hint: 'The kernel does not know the network card: add its firmware package to the root file system (see `ip link`).',
    });
  }
  return [...new Set(macs)];
}
