/** When schedules start their jobs: pure functions of a schedule and a time. */

import { Cron } from 'croner';
import type { PlannedStart, Schedule, ScheduleTimes } from '../model/job.ts';

const MINUTE_MS = 60_000;
/** A start that is late by less was not missed: the server looks every few seconds. */
const LATE_MS = MINUTE_MS;
/** Times further back are not gone through one by one: a day is the most that a missed start may be late. */
const LOOK_BACK_MS = 25 * 60 * MINUTE_MS;
/** A mark further ahead is that of a clock that was wrong. */
const AHEAD_MS = 24 * 60 * MINUTE_MS;

/**
 * Why there is no such time, in English; null: there is one. Cron expressions have five fields (crontab(5)); of the
 * nicknames and of croner's own signs (L, W, #) all are understood.
 */
export function timesFault(times: ScheduleTimes, now: Date): string | null {
  try {
    if (!isOfItsKind(times)) return 'five fields are expected, or a day that exists';
    const next = nextTime(times, now);
    if (next !== null || times.type === 'once') return null;
    return 'there is no day that it names';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** croner takes a date in the place of five fields, and makes the 3rd of March of the 31st of February. */
function isOfItsKind(times: ScheduleTimes): boolean {
  if (times.type === 'cron') return !/^\s*\d{4}-\d\d-\d\d/.test(times.expression);
  const day = times.at.slice(0, 10);
  return new Date(`${times.at}:00Z`).toISOString().startsWith(day);
}

/** A schedule is asked again and again, and is never changed in place. */
const crons = new WeakMap<ScheduleTimes, Cron>();

function cronOf(times: ScheduleTimes): Cron {
  const known = crons.get(times);
  if (known !== undefined) return known;
  const pattern = times.type === 'cron' ? times.expression : `${times.at}:00`;
  const cron = new Cron(pattern, {
    timezone: times.timeZone,
    paused: true,
    ...(times.type === 'cron' ? { mode: '5-part' } : {}),
  });
  crons.set(times, cron);
  return cron;
}

/**
 * The first time after `after`; null: there is none. A local time that does not exist, because the clocks go forward,
 * is the first instant after the gap for a cron expression, and moved by the gap's length for a single time; one that exists
 * twice is the first of the two.
 */
export function nextTime(times: ScheduleTimes, after: Date): Date | null {
  const next = cronOf(times).nextRun(after);
  return next !== null && next > after ? next : null;
}

/** The next `count` starts of all schedules that are on, soonest first; none of one that cannot be asked. */
export function plannedStarts(
  schedules: readonly Schedule[],
  now: Date,
  count: number,
): PlannedStart[] {
  return schedules
    .filter(({ isOn }) => isOn)
    .flatMap((schedule) =>
      timesAfter(schedule.when, later(now, new Date(schedule.mark)), count).map((at) => ({
        schedule: schedule.name,
        at: at.toISOString(),
      })),
    )
    .toSorted((one, other) => one.at.localeCompare(other.at))
    .slice(0, count);
}

export type DueTimes = {
  /** The time at which the job is to be started now; null: it is not. */
  readonly start: Date | null;
  /** How many times have passed without a start, and are told of. */
  readonly missed: number;
  /** The schedule's mark from now on; the same as before when there is nothing to do. */
  readonly mark: string;
};

/**
 * What a schedule wants at `now`. No time up to the mark is started, so that a clock that is put back starts nothing a
 * second time; a mark more than a day ahead was set by a clock that was wrong, and counts for nothing.
 */
export function dueTimes(schedule: Schedule, now: Date): DueTimes {
  const marked = new Date(schedule.mark);
  if (marked.getTime() > now.getTime() + AHEAD_MS) {
    return { start: null, missed: 0, mark: now.toISOString() };
  }
  const nothing = { start: null, missed: 0, mark: schedule.mark };
  if (!schedule.isOn) return nothing;
  const first = nextTime(schedule.when, marked);
  if (first === null || first > now) return nothing;
  const passed = passedTimes(schedule.when, first, now);
  const newest = passed.at(-1) ?? first;
  const mark = newest.toISOString();
  const lateMs = now.getTime() - newest.getTime();
  const { missed } = schedule;
  const mayBeLateMs = missed.type === 'skip' ? LATE_MS : missed.withinMinutes * MINUTE_MS;
  return lateMs <= Math.max(LATE_MS, mayBeLateMs)
    ? { start: newest, missed: passed.length - 1, mark }
    : { start: null, missed: passed.length, mark };
}

/** From `first` to `now`; of those before the last day `first` stands for all. */
function passedTimes(times: ScheduleTimes, first: Date, now: Date): Date[] {
  const from = new Date(now.getTime() - LOOK_BACK_MS);
  const passed = [first];
  for (let next = nextTime(times, later(first, from)); next !== null && next <= now;) {
    passed.push(next);
    next = nextTime(times, next);
  }
  return passed;
}

function timesAfter(times: ScheduleTimes, after: Date, count: number): Date[] {
  try {
    return cronOf(times).nextRuns(count, after);
  } catch {
    // A time zone that this version does not know: the clock logs it.
    return [];
  }
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}
