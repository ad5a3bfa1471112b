/** Small things in words. */

import type { DiskOutcome } from '../../lib/model/task.ts';

export { formatMoment as formatTime } from '../../lib/format.ts';

/** "1 host", "3 hosts". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "-" for what is not known or empty. */
export function orDash(text: string | null): string {
  return text === null || text === '' ? '-' : text;
}

/** What is left on a disk, as the end of a sentence about a host. */
export const DISK_OUTCOME_WORDS: Readonly<Record<DiskOutcome, string>> = {
  untouched: 'nothing was written to its disk',
  complete: 'what was asked for is on its disk, verified',
  cleared: 'its disk was half written and then made unbootable',
  unknown: 'its disk may be half written: do not trust it',
};
