/** The outcome of each host's last work, apart from whether the host is on, which the server says. */

import type { HostView } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Step } from '../model/step.ts';
import { workingHosts } from '../rules/host-condition.ts';
import { isRecent } from '../rules/recent.ts';
import { isEnded, isSuccess, type Run, type RunProgress } from '../model/task.ts';
import type { Status } from '../model/status.ts';

/** In the order in which they are listed. */
export const LAST_WORKS = [
  'running',
  'waiting',
  'done',
  'failed',
  'cancelled',
  'half-written',
] as const;

export type LastWork = {
  readonly type: (typeof LAST_WORKS)[number];
  /** 0 to 1 of the run; null when none is under way. */
  readonly fraction: number | null;
  /** What the run does now; null when none is under way. */
  readonly step: Step | null;
};

export type Seen = Pick<Status, 'tasks' | 'progress' | 'wakes'>;

/** What has ended is news for an hour. */
const NEWS_MS = 3_600_000;

/**
 * What the host does or did last; null when it did nothing lately. A disk that must not be trusted says so however
 * long ago that was; what failed and was put away by an operator is no news any more.
 */
export function lastWorkOf(
  host: Pick<HostView, 'id' | 'halfWritten'>,
  status: Seen | null,
  now: number,
): LastWork | null {
  const news = newsOf(status).runs.get(host.id);
  const plain = (type: LastWork['type']): LastWork => ({ type, fraction: null, step: null });
  if (news?.run.state === 'running') {
    return {
      type: 'running',
      fraction: news.progress?.total.fraction ?? 0,
      step: news.run.steps.findLast(({ state }) => state === 'running') ?? null,
    };
  }
  if (host.halfWritten !== null) return plain('half-written');
  if (news === undefined) return null;
  const { run } = news;
  if (run.state === 'waiting') return plain('waiting');
  if (!isEnded(run.state) || !isRecent(run.endedAt, now, NEWS_MS)) return null;
  if (isSuccess(run.state)) return plain('done');
  if (run.state === 'aborted') return plain('cancelled');
  return news.isPutAway ? null : plain('failed');
}

/** Unfinished runs of each host: what `refusalFor('host.delete')` asks for. */
export function unfinishedRunsOf(hostId: HostId, status: Seen | null): number {
  return newsOf(status).unfinished.get(hostId) ?? 0;
}

export function isWaking(hostId: HostId, status: Seen | null): boolean {
  return newsOf(status).waking.has(hostId);
}

/** Hosts with a run that is under way. */
export function workingHostsOf(status: Seen | null): ReadonlySet<HostId> {
  return newsOf(status).working;
}

type RunNews = {
  readonly run: Run;
  readonly progress: RunProgress | null;
  readonly isPutAway: boolean;
};
type News = {
  readonly runs: ReadonlyMap<HostId, RunNews>;
  readonly unfinished: ReadonlyMap<HostId, number>;
  readonly waking: ReadonlySet<HostId>;
  readonly working: ReadonlySet<HostId>;
};

const NO_NEWS: News = {
  runs: new Map(),
  unfinished: new Map(),
  waking: new Set(),
  working: new Set(),
};
const cache = new WeakMap<Seen, News>();

/** The run that tells most of each host; gone through once per status, not once per host. */
function newsOf(status: Seen | null): News {
  if (status === null) return NO_NEWS;
  const known = cache.get(status);
  if (known !== undefined) return known;
  const progress = new Map(status.progress.map((each) => [each.runId, each]));
  const runs = new Map<HostId, RunNews>();
  const unfinished = new Map<HostId, number>();
  // Newest first; but what runs says more than what was asked for after it.
  for (const task of status.tasks) {
    for (const run of task.runs) {
      if (!isEnded(run.state)) unfinished.set(run.hostId, (unfinished.get(run.hostId) ?? 0) + 1);
      if (runs.has(run.hostId) && run.state !== 'running') continue;
      runs.set(run.hostId, {
        run,
        progress: progress.get(run.id) ?? null,
        isPutAway: task.putAway !== undefined,
      });
    }
  }
  const waking = status.wakes.filter(({ state }) => state !== 'missing');
  const news: News = {
    runs,
    unfinished,
    waking: new Set(waking.map(({ hostId }) => hostId)),
    working: workingHosts(status.tasks),
  };
  cache.set(status, news);
  return news;
}
