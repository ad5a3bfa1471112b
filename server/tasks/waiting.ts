/** How long work waits for its hosts: whoever comes after that is not overwritten unasked. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import { formatMoment } from '../../lib/format.ts';
import { isInFuture, isRecent } from '../../lib/model/recent.ts';
import type { Run, Task, Waits } from '../../lib/model/task.ts';
import { SAME_DAY_MS } from './begin-again.ts';

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
  const last = run.steps.findLast((step) => step.startedAt !== null);
  return !isRecent(last?.endedAt ?? last?.startedAt ?? run.startedAt, now, SAME_DAY_MS);
}

/**
 * What a task waits when the clock was set back behind the moment from which it waits: from now on, as long as was asked
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

/** What an overdue run ends with. `isOn`: its host was there, but had other work. */
export function overdueReport({ waits }: Pick<Task, 'waits'>, isOn: boolean): ErrorReport {
  const until = formatMoment(waits.until);
  return toReport(
    new OperatorError({
      code: 'not-in-time',
      message: isOn
        ? `waiting for the host: it had other work until ${until}`
        : `waiting for the host: it was not seen until ${until}`,
      hint: 'Nothing was changed on it. Start the task again when it shall get the work after all; --until gives it more time.',
    }),
  );
}
