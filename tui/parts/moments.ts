/** Points in time and lengths of time. */

import { formatDuration } from '../../lib/format.ts';

/** "2026-11-21 08:00" in the local time zone. */
export function momentOf(timestamp: string): string {
  const time = new Date(timestamp);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** How long something took, or has taken until `now`; empty when it has not begun. */
export function lengthOf(
  { startedAt, endedAt }: { readonly startedAt: string | null; readonly endedAt: string | null },
  now: number,
): string {
  if (startedAt === null) return '';
  const end = endedAt === null ? now : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(startedAt)));
}
