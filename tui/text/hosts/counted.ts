/** How many hosts, in words. */

export function countedHosts(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}

export function countedHostsInGerman(count: number): string {
  return `${count} Rechner`;
}
