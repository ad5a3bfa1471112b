/** The host's clock, set to the server's time so that logs have the right one. Work goes on with a wrong one. */

import type { Log } from '../lib/log.ts';

/** A clock that is off by less is left alone. */
const CLOCK_OFF_MS = 60_000;

/** `setClock` is null for a machine whose clock is not ours to set. */
export async function followServerClock(
  setClock: ((epochMs: number) => Promise<void>) | null,
  epochMs: number,
  log: Log,
): Promise<void> {
  const offByMs = Date.now() - epochMs;
  if (setClock === null || Math.abs(offByMs) < CLOCK_OFF_MS) return;
  try {
    await setClock(epochMs);
    log.info({ event: 'clock-set', offByMs }, 'the clock is set to the time of the server');
  } catch (error) {
    log.warn({ event: 'clock-wrong', offByMs, error }, 'the clock could not be set');
  }
}
