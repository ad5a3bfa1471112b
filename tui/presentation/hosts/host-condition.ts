/** A host's condition, as two things that are never mixed: whether it is on, and the outcome of its last work. */

import { formatPercent } from '../../../lib/format.ts';
import {
  isWaking,
  lastWorkOf,
  unfinishedRunsOf,
  type LastWork,
} from '../../../lib/client/host-news.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import type { Model } from '../../model.ts';
import { span, type Span, type Style } from '../../picture.ts';
import { glyphsOf, type Signs } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { formatTime } from '../time-format.ts';

/** In the order of a legend. */
export const POWERS = ['working', 'ready', 'waking', 'off', 'pending'] as const;
export type Power = (typeof POWERS)[number];

type Known = Pick<Model, 'status' | 'now'>;

/** Whether the host is on, and whether it may work at all. */
export function powerOf(host: HostView, { status }: Known): Power {
  if (host.approval === 'pending') return 'pending';
  if (host.state === 'working') return 'working';
  if (host.state === 'idle') return 'ready';
  return isWaking(host.id, status) ? 'waking' : 'off';
}

export function workOf(host: HostView, { status, now }: Known): LastWork | null {
  return lastWorkOf(host, status, now);
}

type Look = { readonly sign: keyof Signs; readonly style: Style };

const POWER_LOOKS: Readonly<Record<Power, Look>> = {
  working: { sign: 'busy', style: 'busy' },
  ready: { sign: 'idle', style: 'good' },
  waking: { sign: 'up', style: 'warn' },
  off: { sign: 'off', style: 'dim' },
  pending: { sign: 'pending', style: 'warn' },
};

const WORK_LOOKS: Readonly<Record<LastWork['type'], Look>> = {
  running: { sign: 'busy', style: 'busy' },
  waiting: { sign: 'cut', style: 'plain' },
  done: { sign: 'done', style: 'good' },
  failed: { sign: 'failed', style: 'bad' },
  cancelled: { sign: 'separator', style: 'dim' },
  'half-written': { sign: 'failed', style: 'bad' },
};

function signOf({ sign, style }: Look, model: Model): Span {
  const text = glyphsOf(model)[sign];
  return span(typeof text === 'string' ? text : '', style);
}

export function powerSign(power: Power, model: Model): Span {
  return signOf(POWER_LOOKS[power], model);
}

export function workSign(type: LastWork['type'], model: Model): Span {
  return signOf(WORK_LOOKS[type], model);
}

export function powerWord(power: Power, { language }: Pick<Model, 'language'>): string {
  return textsOf(language).hosts.powers[power];
}

export function workWord(type: LastWork['type'], { language }: Pick<Model, 'language'>): string {
  return textsOf(language).hosts.works[type];
}

/** "○ off". */
export function powerSpan(host: HostView, model: Model): Span {
  const power = powerOf(host, model);
  const sign = powerSign(power, model);
  return span(`${sign.text} ${powerWord(power, model)}`, sign.style);
}

/** "● running 42 %", "✗ failed"; nothing when there was no work lately. */
export function workSpan(host: HostView, model: Model): Span {
  const work = workOf(host, model);
  if (work === null) return span('-', 'dim');
  const percent = work.fraction === null ? '' : ` ${formatPercent(work.fraction, 1)}`;
  const sign = workSign(work.type, model);
  return span(`${sign.text} ${workWord(work.type, model)}${percent}`, sign.style);
}

/** Who is connected is seen now, whenever it came. */
export function lastSeenWords({ state, lastSeenAt }: HostView, { language }: Model): string {
  const { hosts: texts, common } = textsOf(language);
  if (state !== 'off') return texts.now;
  return lastSeenAt === null ? common.never : formatTime(lastSeenAt);
}

export function unfinishedRuns(hostId: HostId, { status }: Pick<Model, 'status'>): number {
  return unfinishedRunsOf(hostId, status);
}
