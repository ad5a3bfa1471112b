/** The host's network addresses, asked of the kernel without any program: also when the root file system is gone. */

import { networkInterfaces } from 'node:os';

/** "eth0 10.77.0.10", IPv4 first, at most four; neither loopback nor link-local ones. */
export function localAddresses(): string[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) =>
      (addresses ?? [])
        .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/.test(address))
        .map(({ address, family }) => ({ text: `${name} ${address}`, family })),
    )
    .toSorted((one, other) => one.family.localeCompare(other.family))
    .map(({ text }) => text)
    .slice(0, 4);
}
