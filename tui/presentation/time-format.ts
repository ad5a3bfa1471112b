/** Points in time and lengths of time. */

import { formatDuration } from '../../lib/format.ts';

export { formatMoment as formatTime } from '../../lib/format.ts';

/** How long something took, or has taken until `now`; empty when it has not begun. */
export function formatElapsed(
  { startedAt, endedAt }: { readonly startedAt: string | null; readonly endedAt: string | null },
  now: number,
): string {
  if (startedAt === null) return '';
  const end = endedAt === null ? now : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(startedAt)));
}
