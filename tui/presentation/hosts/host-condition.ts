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
import { conditionOf, type Condition } from '../../../lib/rules/host-condition.ts';
import type { Model } from '../../model.ts';
import { span, type Span, type Style } from '../../picture.ts';
import { glyphsOf, type Signs } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';

type Known = Pick<Model, 'status' | 'now'>;

/** Whether the host is on, and whether it may work at all. */
export function conditionIn(host: HostView, { status }: Pick<Known, 'status'>): Condition {
  return conditionOf(host, isWaking(host.id, status));
}

export function workOf(host: HostView, { status, now }: Known): LastWork | null {
  return lastWorkOf(host, status, now);
}

type Look = { readonly sign: keyof Signs; readonly style: Style };

const CONDITION_LOOKS: Readonly<Record<Condition, Look>> = {
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

export function conditionSign(condition: Condition, model: Model): Span {
  return signOf(CONDITION_LOOKS[condition], model);
}

export function workSign(type: LastWork['type'], model: Model): Span {
  return signOf(WORK_LOOKS[type], model);
}

export function conditionWord(condition: Condition, { language }: Pick<Model, 'language'>): string {
  return textsOf(language).states.conditions[condition];
}

export function workWord(type: LastWork['type'], { language }: Pick<Model, 'language'>): string {
  return textsOf(language).states.works[type];
}

/** "○ off". */
export function conditionSpan(host: HostView, model: Model): Span {
  const condition = conditionIn(host, model);
  const sign = conditionSign(condition, model);
  return span(`${sign.text} ${conditionWord(condition, model)}`, sign.style);
}

/** "● running 42 %", "✗ failed"; nothing when there was no work lately. */
export function workSpan(host: HostView, model: Model): Span {
  const work = workOf(host, model);
  if (work === null) return span('-', 'dim');
  const percent = work.fraction === null ? '' : ` ${formatPercent(work.fraction, 1)}`;
  const sign = workSign(work.type, model);
  return span(`${sign.text} ${workWord(work.type, model)}${percent}`, sign.style);
}

export function unfinishedRuns(hostId: HostId, { status }: Pick<Model, 'status'>): number {
  return unfinishedRunsOf(hostId, status);
}
