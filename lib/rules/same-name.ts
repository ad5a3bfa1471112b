/** isSameName: whether two names of hosts, groups or images count as the same. */

/** Names differ by more than capitals, so that nobody picks the wrong one. */
export function isSameName(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}
