/** Whether a time is recent or in the future, where clocks may be wrong. */

/** Clocks of two machines differ, and NTP sets one back a little: up to CLOCK_SLACK_MS in the future counts as now. */
export const CLOCK_SLACK_MS = 300_000;

/**
 * Whether `timestamp` lies less than `withinMs` before `now` (milliseconds since 1970). What lies in the future was
 * written by a clock that was wrong: nobody knows when that was, so it is of long ago. Null is never recent.
 */
export function isRecent(timestamp: string | null, now: number, withinMs: number): boolean {
  if (timestamp === null) return false;
  return !isInFuture(timestamp, now) && now - Date.parse(timestamp) < withinMs;
}

/** Whether the clock that wrote `timestamp`, or the one that says `now`, must have been wrong. */
export function isInFuture(timestamp: string, now: number): boolean {
  return Date.parse(timestamp) - now > CLOCK_SLACK_MS;
}
