/** isSameName: whether two names of hosts, groups or images count as the same. */

/** Names differ by more than capitals, so that nobody picks the wrong one. */
export function isSameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** The same for all names that count as one. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
