/** How long work waits for its hosts: a host that comes later is not overwritten unasked. */

import { isInFuture, isRecent } from './recent.ts';
import type { Run, Task, Waits } from '../model/task.ts';
import { SAME_DAY_MS } from './run-resumption.ts';

/** From `now` (milliseconds since 1970) on. */
export function waitsFrom(now: number, waitMs: number): Waits {
  return { since: new Date(now).toISOString(), until: new Date(now + waitMs).toISOString() };
}

/**
 * Whether the time of a run that waits is over at `now`: it must not begin any more. One that has begun already waits
 * between two attempts, while its host is there: the end of the task does not concern it, but it does not wait for
 * another day either.
 */
export function isOverdue(
  { waits }: Pick<Task, 'waits'>,
  run: Pick<Run, 'state' | 'startedAt' | 'steps'>,
  now: number,
): boolean {
  if (run.state !== 'waiting') return false;
  if (run.startedAt === null) return Date.parse(waits.until) <= now;
  return !isFromFuture(run, now) && !isRecent(lastMovedAt(run), now, SAME_DAY_MS);
}

/**
 * How long the clock must have stayed behind what waits: a server whose own clock is dead starts years too early, until
 * it is told the time.
 */
export const CLOCK_PATIENCE_MS = 3_600_000;

/** Whether something of the task waits since a moment that is still to come. */
export function isClockBehind({ waits, runs }: Pick<Task, 'waits' | 'runs'>, now: number): boolean {
  return waitsAnew({ waits, runs }, now) !== null || runs.some((run) => isFromFuture(run, now));
}

/** Whether a run that has begun and waits was last at work at a moment that is still to come. */
export function isFromFuture(
  run: Pick<Run, 'state' | 'startedAt' | 'steps'>,
  now: number,
): boolean {
  const movedAt = lastMovedAt(run);
  return run.state === 'waiting' && movedAt !== null && isInFuture(movedAt, now);
}

function lastMovedAt({ startedAt, steps }: Pick<Run, 'startedAt' | 'steps'>): string | null {
  if (startedAt === null) return null;
  const last = steps.findLast((step) => step.startedAt !== null);
  return last?.endedAt ?? last?.startedAt ?? startedAt;
}

/**
 * What a task waits when the clock has stayed behind the moment from which it waits: from now on, as long as was asked
 * for. Null when there is nothing to change. A clock that is set forward ends what waits: who knows how long it was.
 */
export function waitsAnew(
  { waits, runs }: Pick<Task, 'waits' | 'runs'>,
  now: number,
): Waits | null {
  const isWaiting = runs.some(({ state, startedAt }) => state === 'waiting' && startedAt === null);
  if (!isWaiting || !isInFuture(waits.since, now)) return null;
  return waitsFrom(now, Date.parse(waits.until) - Date.parse(waits.since));
}
