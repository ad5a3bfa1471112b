/** The order in which operators see names. */

/** "ws-2" before "ws-10". */
export function compareNames(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
