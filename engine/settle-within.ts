/** settleWithin: waits a limited time for a promise that may never settle. */

import { setTimeout } from 'node:timers/promises';

/** Resolves when `work` has ended, well or not, or after `timeoutMs`; only the work keeps the process alive. */
export async function settleWithin(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, setTimeout(timeoutMs, undefined, { ref: false })]);
}
