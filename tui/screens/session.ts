/** One multicast transmission, live: how far it is, how fast, what is lost, and every host in it. */

import { isEnded, type Run, type Session } from '../../lib/model/task.ts';
import { summarizeRun, type RunSummary } from '../../lib/client/task-view.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { moveInGrid, gridView } from '../components/grid-view.ts';
import { entryAt, type ListSource } from '../values/selection.ts';
import { cancelCommand, cancelRunCommand } from './task-commands.ts';
import { countRuns, taskViewIn } from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import {
  cutLine,
  line,
  span,
  splitColumns,
  splitRows,
  stack,
  type Area,
  type Line,
  type Picture,
} from '../picture.ts';
import { notice, push, request } from '../actions.ts';
import { perform, reaction, type Command, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { moveCommand } from '../components/move-command.ts';
import type { Action, ScreenStates } from '../screen-states.ts';
import { endedLines, factLines } from '../presentation/sessions/facts.ts';
import { hostCell } from '../presentation/sessions/host-cell.ts';
import { rateChart } from '../presentation/sessions/rate-chart.ts';

type SessionState = ScreenStates['session'];

const LIST = 'session-hosts';
/** "pc-01234567 * 42 % 12.3 MB/s" */
const CELL_WIDTH = 36;
const FACTS_HEIGHT = 7;

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
  // The hosts that were in it or wait to be; all of the task while nothing else is known.
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
      disabledReason: refusalForStart(session, model),
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

function refusalForStart(session: Session | null, model: Model): string | null {
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

/** Hosts of the task that are not in this transmission and still get the image afterwards. */
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
