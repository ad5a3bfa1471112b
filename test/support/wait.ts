/** Waiting until something has come about. */

import { setTimeout as delay } from 'node:timers/promises';

export type Patience = {
  /** How long at most; for what another program does on a busy machine. */
  readonly timeoutMs?: number;
  readonly pollMs?: number;
  /** What was there instead, for the message. */
  readonly found?: () => string;
};

/** Resolves as soon as `holds`; throws, with what it waited for, when it never does. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { timeoutMs = 30_000, pollMs = 10, found }: Patience = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      const instead = found === undefined ? '' : `; there was:\n${found()}`;
      throw new Error(`waited for ${timeoutMs / 1000} s until ${what}${instead}`);
    }
    await delay(pollMs);
  }
}
