/** Whether hosts that nobody knows are approved automatically now. */

import type { Settings } from '../model/settings.ts';

/** The end is never further away than this: where it is, the clock was set back. */
const MAX_OPEN_MS = 1440 * 60_000;

/** Whether hosts that nobody knows are approved automatically at `now` (milliseconds since 1970). */
export function isRegistrationOpen(
  { automaticRegistration, automaticRegistrationUntil: until }: Settings,
  now: number,
): boolean {
  if (!automaticRegistration || until === undefined) return automaticRegistration;
  const leftMs = Date.parse(until) - now;
  return leftMs > 0 && leftMs <= MAX_OPEN_MS;
}
