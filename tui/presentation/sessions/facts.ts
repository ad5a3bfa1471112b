/** A session in lines: what it does, how far it is, what is lost. */

import { formatDuration } from '../../../lib/format.ts';
import type { ErrorReport } from '../../../lib/model/error-report.ts';
import { isEnded, type Session } from '../../../lib/model/task.ts';
import type { RunSummary } from '../../../lib/client/task-view.ts';
import type { Model } from '../../model.ts';
import { wrap } from '../../components/dialog.ts';
import { formatElapsed } from '../time-format.ts';
import { progressCells } from '../tasks/task-progress.ts';
import { line, span, type Line } from '../../picture.ts';
import { textsOf } from '../../text/catalogue.ts';
import { errorIn, errorLineIn } from '../../../lib/messages/errors.ts';
import { silentHostsText } from '../../../lib/client/work-in-words.ts';
import { bytesText, decimalText } from '../../../lib/text/quantities.ts';
import { isPaused } from './pause.ts';

/** More than this of the packets sent again is worth a look at the network. */
const MUCH_RESENT = 0.02;

export function factLines(session: Session, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).session;
  const { members, sentBytes, totalBytes, resentShare } = session;
  const ready = members.filter((member) => member.ready).length;
  const fraction = totalBytes === 0 ? 0 : sentBytes / totalBytes;
  const rate = currentRate(session, model);
  const isMuch = resentShare > MUCH_RESENT;
  const resent = texts.resentShare(decimalText(resentShare * 100, 1, model));
  return [
    ...stateLines(session, ready, model, width),
    line(' ', ...progressCells(fraction, width - 4, model)),
    line(` ${progressText(session, rate, model)}`),
    line(span(` ${texts.resent}: `, 'dim'), span(resent, isMuch ? 'warn' : 'plain')),
    line(span(` ${texts.group}: `, 'dim'), `${session.dataAddress} (${session.interfaceName})`),
    ...(isMuch ? [line(span(` ${texts.resentHint}`, 'warn'))] : []),
    ...(session.error === null ? [] : errorLines(session.error, model)),
  ];
}

/** How much is sent and how long that takes; before it begins, when it does. */
function progressText(session: Session, rate: number, model: Model): string {
  const texts = textsOf(model.language).session;
  const { startsAt, sentBytes, totalBytes } = session;
  if (startsAt !== undefined) {
    return texts.startsIn(formatDuration(Math.max(0, Date.parse(startsAt) - model.now)));
  }
  const sent = texts.sent(bytesText(sentBytes, model), bytesText(totalBytes, model));
  return [sent, timeText(session, rate, model)].filter((text) => text !== '').join(', ');
}

/** What it does, and with how many hosts; or whom it waits for. */
function stateLines(session: Session, ready: number, model: Model, width: number): Line[] {
  const { session: texts, states } = textsOf(model.language);
  const text = silentHostsText(model.language, session, model.status ?? { hostNames: {} });
  if (text !== null) {
    return wrap(text, width - 2).map((each) => line(span(` ${each}`, 'warn')));
  }
  if (isPaused(session, model)) {
    return [line(' ', span(texts.paused, 'warn'), `   ${texts.pausedWhy}`)];
  }
  return [
    line(
      ' ',
      span(states.sessions[session.state], session.state === 'failed' ? 'bad' : 'strong'),
      `   ${membersText(session, ready, model)}`,
    ),
  ];
}

function errorLines(error: ErrorReport, { language }: Model): Line[] {
  return [
    line(span(` ${errorLineIn(language, error)}`, 'bad')),
    line(` ${errorIn(language, error).hint}`),
  ];
}

function membersText(session: Session, ready: number, model: Model): string {
  const texts = textsOf(model.language).session;
  const { members, expected, state } = session;
  switch (state) {
    case 'gathering':
      return texts.ready(ready, Math.max(expected, members.length));
    case 'sending':
      return texts.members(receivers(session, model));
    case 'finished':
    case 'failed':
      return texts.tookPart(members.length);
  }
}

/** How many receive: a host that was lost or dropped does not, though it was in the transmission. */
function receivers({ taskId, members }: Session, { status }: Model): number {
  const runs = status?.tasks.find(({ id }) => id === taskId)?.runs ?? [];
  const idle = new Set(runs.filter(({ state }) => state !== 'running').map(({ id }) => id));
  return members.filter(({ runId }) => !idle.has(runId)).length;
}

/** A transmission that the server has forgotten: what lasts of it is in the runs. */
export function endedLines(
  runs: readonly RunSummary['run'][],
  model: Model,
  width: number,
): Line[] {
  const texts = textsOf(model.language).session;
  const isOver = runs.length > 0 && runs.every(({ state }) => isEnded(state));
  const starts = runs.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  const ends = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
  const took = formatElapsed(
    { startedAt: starts.toSorted()[0] ?? null, endedAt: ends.toSorted().at(-1) ?? null },
    model.now,
  );
  if (!isOver) {
    return wrap(texts.waitsForTask, width - 2).map((text) => line(span(` ${text}`, 'dim')));
  }
  return [line(' ', span(texts.ended, 'strong'), `   ${texts.took(took)}`)];
}

function timeText(session: Session, rate: number, model: Model): string {
  const texts = textsOf(model.language).session;
  switch (session.state) {
    case 'gathering':
      return texts.waited(formatDuration(model.now - Date.parse(session.createdAt)));
    case 'sending':
      if (isPaused(session, model)) return '';
      return rate > 0
        ? texts.left(formatDuration(((session.totalBytes - session.sentBytes) / rate) * 1000))
        : '';
    case 'finished':
    case 'failed':
      return texts.took(formatElapsed(session, model.now));
  }
}

/** Over the last few seconds: the time left would jump about otherwise. */
function currentRate({ id, bytesPerSecond }: Session, model: Model): number {
  if (bytesPerSecond !== undefined) return bytesPerSecond;
  const last = (model.sessionRates[id]?.rates ?? []).slice(-8);
  return last.reduce((sum, rate) => sum + rate, 0) / Math.max(1, last.length);
}
