/** IPv4 addresses as numbers, and what a prefix length makes of them (RFC 4632). */

/** The address as a number from 0 to 2³² - 1. `text` is a dotted quad that a schema has checked. */
export function ipv4ToNumber(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The dotted quad of a number from 0 to 2³² - 1. */
export function ipv4FromNumber(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** How many addresses a network of this prefix length has, its own and the broadcast address included. */
export function addressCount(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

/** "10.77.0.0" for "10.77.0.1" and 24. */
export function networkAddressOf(address: string, prefixLength: number): string {
  const value = ipv4ToNumber(address);
  return ipv4FromNumber(value - (value % addressCount(prefixLength)));
}

/** "10.77.0.255" for "10.77.0.1" and 24. */
export function broadcastAddressOf(address: string, prefixLength: number): string {
  const network = ipv4ToNumber(networkAddressOf(address, prefixLength));
  return ipv4FromNumber(network + addressCount(prefixLength) - 1);
}

/** "255.255.255.0" for 24. */
export function netmaskOf(prefixLength: number): string {
  return ipv4FromNumber(2 ** 32 - addressCount(prefixLength));
}

/** Whether `address` lies in the network that `member` and the prefix length name. */
export function isInNetwork(address: string, member: string, prefixLength: number): boolean {
  return networkAddressOf(address, prefixLength) === networkAddressOf(member, prefixLength);
}
