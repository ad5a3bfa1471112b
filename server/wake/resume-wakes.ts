/** Which hosts a restarted server goes on waking: what it knew of them before is lost. */

import type { Host } from '../../lib/model/host.ts';
import { waitsForHost } from '../../lib/rules/next-place.ts';
import { isRecent } from '../../lib/rules/recent.ts';
import type { StoreData } from '../store/schema.ts';

/** Longer than a large room takes to be woken; somebody who looks later sees who is missing. */
const FRESH_MS = 600_000;

/** The hosts with tasks that wake, made shortly before `now` (milliseconds since 1970), that have not come yet. */
export function hostsToResumeWaking(
  { tasks, hosts }: Pick<StoreData, 'tasks' | 'hosts'>,
  now: number,
): Host[] {
  const waiting = new Set(
    tasks
      .filter(({ wake, createdAt }) => wake && isRecent(createdAt, now, FRESH_MS))
      .flatMap((task) => task.runs.filter((run) => waitsForHost(run, task)))
      .map(({ hostId }) => hostId),
  );
  return hosts.filter(({ id }) => waiting.has(id));
}
