/** Until when work waits for its hosts, as people write it: a length of time, or a moment in local time. */

import { WaitMs } from '../model/task.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * How long it is from `now` (milliseconds since 1970) to what `text` says: "90 min", "24h", "3d", "18:00" (the next
 * time that it is), "2026-12-01", "2026-12-01 18:00". Null when it says nothing of that kind, lies in the past, or is
 * more than a year away.
 */
export function parseWaitEnd(text: string, now: number): number | null {
  const waitMs = lengthIn(text.trim()) ?? timeToMoment(text.trim(), now);
  const parsed = WaitMs.safeParse(waitMs);
  return parsed.success ? parsed.data : null;
}

/** The text for a number of hours: "24 h". */
export function hoursText(hours: number): string {
  return `${hours} h`;
}

function lengthIn(text: string): number | null {
  const { count, unit } = /^(?<count>\d{1,6}) ?(?<unit>min|m|h|d)$/i.exec(text)?.groups ?? {};
  const unitMs = UNIT_MS[unit?.toLowerCase() ?? ''];
  return unitMs === undefined ? null : Number(count) * unitMs;
}

function timeToMoment(text: string, now: number): number | null {
  const found =
    /^(?:(?<date>\d{4}-\d{2}-\d{2})(?:[ T]|$))?(?<time>[0-2]?\d:[0-5]\d)?$/.exec(text)?.groups ??
    {};
  const { date, time } = found;
  if (date === undefined && time === undefined) return null;
  const [hours = 0, minutes = 0] = (time ?? '0:00').split(':').map(Number);
  if (hours > 23) return null;
  const moment = new Date(now);
  if (date !== undefined) {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    moment.setFullYear(year, month - 1, day);
    // 2026-02-31 is no day.
    if (moment.getMonth() !== month - 1 || moment.getDate() !== day) return null;
  }
  // A day alone is meant whole.
  if (time === undefined) moment.setHours(24, 0, 0, 0);
  else moment.setHours(hours, minutes, 0, 0);
  if (date === undefined && moment.getTime() <= now) moment.setDate(moment.getDate() + 1);
  return moment.getTime() - now;
}
