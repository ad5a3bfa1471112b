/** Whether a session stands still: its hosts wait for one of them. */

import { type Session } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';

/** A pause: nothing was sent for PAUSED_TICKS ticks; what the hosts measured before is not true any more. */
const PAUSED_TICKS = 3;

/** Everybody waits for somebody: a transmission goes on when all have what was sent, or a silent host is dropped. */
export function isPaused(session: Session, model: Model): boolean {
  const { id, state, sentBytes, totalBytes, silent } = session;
  if (silent !== undefined) return true;
  if (state !== 'sending' || sentBytes === 0 || sentBytes >= totalBytes) return false;
  const last = (model.sessionRates[id]?.rates ?? []).slice(-PAUSED_TICKS);
  return last.length === PAUSED_TICKS && last.every((rate) => rate === 0);
}
