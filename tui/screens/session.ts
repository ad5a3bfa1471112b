/** One multicast transmission, live: how far it is, how fast, what is lost, and every host in it. */

import { cut, padEnd, padStart } from '../../lib/columns.ts';
import { describeError } from '../../lib/errors.ts';
import { formatDuration } from '../../lib/format.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import { isEnded, type Run, type Session } from '../../lib/model/task.ts';
import { silentHosts, summarizeRun, type RunSummary } from '../../lib/client/task-view.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { wrap } from '../components/dialog.ts';
import { moveInGrid, gridView } from '../components/grid-view.ts';
import { formatElapsed } from '../presentation/time-format.ts';
import { entryAt, type ListSource } from '../components/selection.ts';
import { runSign } from '../presentation/tasks/run-state.ts';
import { cancelCommand, cancelRunCommand } from './task-commands.ts';
import { countRuns, progressCells, taskViewIn } from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import {
  cutLine,
  line,
  span,
  splitColumns,
  splitRows,
  stack,
  type Area,
  type ChartPanel,
  type Line,
  type Picture,
} from '../picture.ts';
import { notice, push, request } from '../actions.ts';
import { perform, reaction, type Command, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { shownError, errorLineIn } from '../text/errors.ts';
import { bytesText, decimalMarkIn, decimalText, rateText } from '../../lib/text/quantities.ts';
import { moveCommand } from '../components/move-command.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

type SessionState = ScreenStates['session'];

const LIST = 'session-hosts';
/** "pc-01234567 * 42 % 12.3 MB/s" */
const CELL_WIDTH = 36;
const FACTS_HEIGHT = 7;
/** More than this of the packets sent again is worth a look at the network. */
const MUCH_RESENT = 0.02;

export const SESSION: ScreenKind<SessionState> = {
  title: ({ taskId, read }, model) => {
    const task = taskViewIn(taskId, model, read)?.task;
    const title = task === undefined ? taskId : taskTitle(task, model);
    return textsOf(model.language).session.title(title);
  },
  commands: commandsFor,
  update: (state, event, model) => {
    const { hosts } = partsOf(layoutOf(model).body);
    const grid = { ...listedIn(state, model), cellWidth: CELL_WIDTH };
    const selection = moveInGrid(state.selection, event, grid, hosts);
    return selection === null ? perform() : reaction({ ...state, selection });
  },
  view,
};

/** The session itself lives on the server only while it runs, and a little longer. */
function sessionIn({ taskId, sessionId }: SessionState, { status }: Model): Session | null {
  const all = (status?.sessions ?? []).filter((session) => session.taskId === taskId);
  if (sessionId !== null) return all.find(({ id }) => id === sessionId) ?? null;
  // Several when hosts came late: the one that still does something, else the last one.
  return all.find(({ endedAt }) => endedAt === null) ?? all.at(-1) ?? null;
}

function listedIn(state: SessionState, model: Model): ListSource<RunSummary> {
  const found = taskViewIn(state.taskId, model, state.read);
  const session = sessionIn(state, model);
  const members = new Set(session?.members.map(({ runId }) => runId));
  const runs = found?.task.runs ?? [];
  // Whoever was in it, or waits to be: all of the task while nothing else is known.
  const meant = runs.filter(
    (run) =>
      members.has(run.id) ||
      (session === null ? run.sessionId !== null : run.sessionId === session.id) ||
      (session?.state === 'gathering' && !isEnded(run.state)),
  );
  const shown = meant.length === 0 ? runs : meant;
  return {
    list: LIST,
    rows: found === null ? [] : shown.map((run) => summarizeRun(found, run)),
    keyOf: ({ run }) => run.id,
  };
}

function commandsFor(state: SessionState, model: Model): Command[] {
  const { session: texts, common } = textsOf(model.language);
  const { taskId, read } = state;
  const task = taskViewIn(taskId, model, read)?.task ?? null;
  const session = sessionIn(state, model);
  const summary = entryAt(state.selection, listedIn(state, model));
  return [
    {
      name: 'start',
      keys: ['s'],
      label: texts.start,
      help: texts.startHelp,
      disabledReason: whyNotStart(session, model),
      run: () => perform(...(session === null ? [] : [startRequest(session, model)])),
    },
    {
      name: 'run',
      keys: ['enter'],
      label: texts.details,
      help: texts.detailsHelp,
      disabledReason: summary === null ? common.nothingChosen : null,
      run: () =>
        perform(
          ...(summary === null
            ? []
            : [push('run', { taskId, runId: summary.run.id, read, first: 0 })]),
        ),
    },
    {
      ...cancelRunCommand(task, summary?.run ?? null, summary?.hostName ?? '', model),
      label: texts.drop,
      help: texts.dropHelp,
    },
    { ...cancelCommand(task, model), label: texts.abort, help: texts.abortHelp },
    moveCommand(model, ['up', 'down', 'left', 'right']),
  ];
}

function startRequest({ id }: Session, { language }: Model): Action {
  const texts = textsOf(language).session;
  return request(texts.starting, 'session.start', { session: id }, [notice(texts.started)]);
}

function whyNotStart(session: Session | null, model: Model): string | null {
  const texts = textsOf(model.language).session;
  if (session === null) return texts.isOver;
  switch (session.state) {
    case 'gathering':
      return session.members.some(({ ready }) => ready) ? null : texts.noneReady;
    case 'sending':
      return texts.isStarted;
    case 'finished':
    case 'failed':
      return texts.isOver;
  }
}

/** The facts, beside them the chart, and below all hosts. */
function partsOf(area: Area): {
  readonly facts: Area;
  readonly chart: Area | null;
  readonly hosts: Area;
} {
  const [top, hosts] = splitRows(area, area.height >= 40 ? 10 : FACTS_HEIGHT);
  if (area.width < 70) return { facts: top, chart: null, hosts };
  const [facts, chart] = splitColumns(top, Math.min(60, Math.floor(area.width * 0.55)));
  return { facts, chart, hosts };
}

function view(state: SessionState, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).session;
  const { facts, chart, hosts } = partsOf(area);
  const session = sessionIn(state, model);
  const listed = listedIn(state, model);
  const [heading, grid] = splitRows(hosts, 1);
  const runs = listed.rows.map(({ run }) => run);
  const { done, failed, cancelled } = countRuns({ runs });
  return stack(
    panelOf(
      facts,
      session === null
        ? endedLines(runs, model, facts.width)
        : factLines(session, model, facts.width),
    ),
    ...(chart === null
      ? []
      : [{ panels: [rateChart(session, model, chart)], targets: [], caret: null }]),
    panelOf(heading, [
      cutLine(
        line(
          span(` ${texts.hosts(done, { failed, cancelled }, runs.length)}`, 'strong'),
          span(othersText(state, runs, model), 'dim'),
        ),
        heading.width,
        glyphsOf(model).cut,
      ),
    ]),
    gridView(
      {
        ...listed,
        selection: state.selection,
        cellWidth: CELL_WIDTH,
        cell: (summary, width) => hostCell(summary, session, model, width),
        empty: texts.noHosts,
      },
      model,
      { ...grid, left: grid.left + 1, width: grid.width - 2 },
    ),
  );
}

/** Hosts of the task that are not in this transmission and still get the image: nobody shall look for them in vain. */
function othersText(state: SessionState, shown: readonly Run[], model: Model): string {
  const found = taskViewIn(state.taskId, model, state.read);
  const others = (found?.task.runs ?? []).filter(
    (run) => !isEnded(run.state) && !shown.some(({ id }) => id === run.id),
  );
  const [first] = others;
  if (found === null || first === undefined) return '';
  const { hostName } = summarizeRun(found, first);
  return `   ${textsOf(model.language).session.getItAfterwards(hostName, others.length - 1)}`;
}

function panelOf(area: Area, lines: readonly Line[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets: [],
    caret: null,
  };
}

function factLines(session: Session, model: Model, width: number): Line[] {
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
  const texts = textsOf(model.language).session;
  const [first, ...others] = silentHosts(session);
  if (first !== undefined && session.silent !== undefined) {
    const name = model.status?.hostNames[first] ?? first;
    const left = formatDuration(session.silent.dropsInMs);
    const text = texts.silent(name, others.length, left);
    return wrap(text, width - 2).map((each) => line(span(` ${each}`, 'warn')));
  }
  if (isPaused(session, model)) {
    return [line(' ', span(texts.paused, 'warn'), `   ${texts.pausedWhy}`)];
  }
  return [
    line(
      ' ',
      span(texts.states[session.state], session.state === 'failed' ? 'bad' : 'strong'),
      `   ${membersText(session, ready, model)}`,
    ),
  ];
}

function errorLines(error: ErrorReport, { language }: Model): Line[] {
  return [
    line(span(` ${errorLineIn(language, error, describeError(error))}`, 'bad')),
    line(` ${shownError(language, error).hint}`),
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
function endedLines(runs: readonly RunSummary['run'][], model: Model, width: number): Line[] {
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

/** For so many ticks nothing was sent: what the hosts measured before is not true any more. */
const PAUSED_TICKS = 3;

/** Everybody waits for somebody: a transmission goes on when all have what was sent, or a silent host is dropped. */
function isPaused(session: Session, model: Model): boolean {
  const { id, state, sentBytes, totalBytes, silent } = session;
  if (silent !== undefined) return true;
  if (state !== 'sending' || sentBytes === 0 || sentBytes >= totalBytes) return false;
  const last = (model.sessionRates[id]?.rates ?? []).slice(-PAUSED_TICKS);
  return last.length === PAUSED_TICKS && last.every((rate) => rate === 0);
}

/** Over the last few seconds: the time left would jump about otherwise. */
function currentRate({ id, bytesPerSecond }: Session, model: Model): number {
  if (bytesPerSecond !== undefined) return bytesPerSecond;
  const last = (model.sessionRates[id]?.rates ?? []).slice(-8);
  return last.reduce((sum, rate) => sum + rate, 0) / Math.max(1, last.length);
}

function rateChart(session: Session | null, model: Model, area: Area): ChartPanel {
  const rates = session === null ? [] : (model.sessionRates[session.id]?.rates ?? []);
  const most = Math.max(1_000_000, ...rates);
  const now =
    session?.state === 'sending'
      ? `: ${rateText(session.bytesPerSecond ?? rates.at(-1) ?? 0, model)}`
      : '';
  return {
    type: 'chart',
    area,
    title: `${textsOf(model.language).session.rate}${now}`,
    series: [{ label: 'MB/s', values: rates.map((rate) => rate / 1_000_000) }],
    labels: { least: '0', most: rateText(most, model) },
    most: most / 1_000_000,
    decimalMark: decimalMarkIn(model),
  };
}

/** Name, sign, percentage and rate; a host that has ended says how. */
function hostCell(summary: RunSummary, session: Session | null, model: Model, width: number): Line {
  const { common } = textsOf(model.language);
  const { run, hostName, fraction, bytesPerSecond } = summary;
  const isReady = session?.members.some((each) => each.runId === run.id && each.ready) === true;
  const nameWidth = Math.max(8, width - 27);
  const name = padEnd(cut(hostName, nameWidth, glyphsOf(model).cut), nameWidth);
  const sign = runSign(run.state, model);
  if (isEnded(run.state)) {
    return line(name, ' ', sign, ` ${common.runStates[run.state]}`);
  }
  if (session?.state === 'gathering') {
    const word = isReady ? common.hostStates.idle : common.runStates.waiting;
    return line(
      name,
      ' ',
      isReady
        ? span(`${glyphsOf(model).done} ${word}`, 'good')
        : `${glyphsOf(model).pending} ${word}`,
    );
  }
  if (run.state === 'waiting') return line(name, ' ', sign, ` ${common.runStates.waiting}`);
  const texts = textsOf(model.language).session;
  const cells = [name, ' ', sign, ' ', ...progressCells(fraction, 13, model)];
  if (session?.silent?.runIds.includes(run.id) === true) {
    return line(...cells, span(padStart(texts.noAnswer, 10), 'warn'));
  }
  const isResting = session !== null && isPaused(session, model);
  const rate = bytesPerSecond === null ? '' : rateText(bytesPerSecond, model);
  return line(...cells, padStart(isResting && rate !== '' ? texts.paused : rate, 10));
}
