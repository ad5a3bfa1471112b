/** How a host is, with what its last run came to: one sign, one word, one colour for list and room. */

import { formatPercent } from '../../lib/format.ts';
import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { isRecent } from '../../lib/model/recent.ts';
import type { Step } from '../../lib/model/step.ts';
import { isEnded, isSuccess, type Run, type RunProgress } from '../../lib/model/task.ts';
import type { Status } from '../../lib/protocol/operator-api.ts';
import type { Model } from '../model.ts';
import { span, type Span, type Style } from '../picture.ts';
import { signsOf, type Signs } from '../signs.ts';
import { textsOf } from '../text/catalogue.ts';

/** In the order of a legend. */
export const CONDITIONS = [
  'working',
  'waiting',
  'done',
  'failed',
  'half-written',
  'ready',
  'waking',
  'off',
  'pending',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export type HostCondition = {
  readonly type: Condition;
  /** 0 to 1 of the run; null when none is under way. */
  readonly fraction: number | null;
  /** What the run does now; null when none is under way. */
  readonly step: Step | null;
};

/** What has ended is news for so long; then it counts again whether the host is on. */
const NEWS_MS = 3_600_000;

export function conditionOf(host: HostView, model: Pick<Model, 'status' | 'now'>): HostCondition {
  const { runs, waking } = newsOf(model.status);
  const news = runs.get(host.id);
  const plain = (type: Condition): HostCondition => ({ type, fraction: null, step: null });
  if (host.approval === 'pending') return plain('pending');
  if (news?.run.state === 'running') {
    return {
      type: 'working',
      fraction: news.progress?.total.fraction ?? 0,
      step: news.run.steps.findLast(({ state }) => state === 'running') ?? null,
    };
  }
  if (host.state === 'working') return { type: 'working', fraction: null, step: null };
  if (host.halfWritten !== null) return plain('half-written');
  if (news !== undefined && isEnded(news.run.state) && isNews(news.run, model.now)) {
    if (isSuccess(news.run.state)) return plain('done');
    if (news.run.state !== 'aborted') return plain('failed');
  }
  if (news?.run.state === 'waiting') return plain(waking.has(host.id) ? 'waking' : 'waiting');
  if (host.state === 'idle') return plain('ready');
  return plain(waking.has(host.id) ? 'waking' : 'off');
}

const LOOKS: Readonly<Record<Condition, { readonly sign: keyof Signs; readonly style: Style }>> = {
  working: { sign: 'busy', style: 'busy' },
  waiting: { sign: 'cut', style: 'plain' },
  done: { sign: 'done', style: 'good' },
  failed: { sign: 'failed', style: 'bad' },
  'half-written': { sign: 'failed', style: 'bad' },
  ready: { sign: 'idle', style: 'good' },
  waking: { sign: 'up', style: 'warn' },
  off: { sign: 'off', style: 'dim' },
  pending: { sign: 'pending', style: 'warn' },
};

export function conditionSign(type: Condition, model: Model): Span {
  const { sign, style } = LOOKS[type];
  const text = signsOf(model)[sign];
  return span(typeof text === 'string' ? text : '', style);
}

export function conditionWord(type: Condition, { language }: Pick<Model, 'language'>): string {
  return textsOf(language).hosts.conditions[type];
}

/** "● working 42 %". */
export function conditionSpan(host: HostView, model: Model): Span {
  const { type, fraction } = conditionOf(host, model);
  const percent = fraction === null ? '' : ` ${formatPercent(fraction, 1)}`;
  const sign = conditionSign(type, model);
  return span(`${sign.text} ${conditionWord(type, model)}${percent}`, sign.style);
}

/** Unfinished runs of each host: what `whyNot('host.delete')` asks for. */
export function unfinishedRuns(hostId: HostId, { status }: Pick<Model, 'status'>): number {
  return newsOf(status).unfinished.get(hostId) ?? 0;
}

type News = {
  readonly runs: ReadonlyMap<HostId, { readonly run: Run; readonly progress: RunProgress | null }>;
  readonly unfinished: ReadonlyMap<HostId, number>;
  readonly waking: ReadonlySet<HostId>;
};

const NO_NEWS: News = { runs: new Map(), unfinished: new Map(), waking: new Set() };
const cache = new WeakMap<Status, News>();

/** The run that tells most of each host; gone through once per status, not once per host. */
function newsOf(status: Status | null): News {
  if (status === null) return NO_NEWS;
  const known = cache.get(status);
  if (known !== undefined) return known;
  const progress = new Map(status.progress.map((each) => [each.runId, each]));
  const runs = new Map<HostId, { run: Run; progress: RunProgress | null }>();
  const unfinished = new Map<HostId, number>();
  // Newest first; but what runs says more than what was asked for after it.
  for (const run of status.tasks.flatMap((task) => task.runs)) {
    if (!isEnded(run.state)) unfinished.set(run.hostId, (unfinished.get(run.hostId) ?? 0) + 1);
    if (runs.has(run.hostId) && run.state !== 'running') continue;
    runs.set(run.hostId, { run, progress: progress.get(run.id) ?? null });
  }
  const waking = status.wakes.filter(({ state }) => state !== 'missing');
  const news: News = { runs, unfinished, waking: new Set(waking.map(({ hostId }) => hostId)) };
  cache.set(status, news);
  return news;
}

function isNews({ endedAt }: Run, now: number): boolean {
  return isRecent(endedAt, now, NEWS_MS);
}
