/** Waiting until something is true of a server. */

import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 120_000;

/** Resolves as soon as `holds`; throws when it never does. */
export async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`in vain for ${what}`);
    await delay(500);
  }
}
