/** One task: every host with its progress, and below it what the one under the cursor does or why it failed. */

import { widthOf } from '../../lib/columns.ts';
import { formatDuration } from '../../lib/format.ts';
import { isEnded, isSuccess, taskState } from '../../lib/model/task.ts';
import { summarizeRun, type RunSummary } from '../../lib/client/task-view.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { formatElapsed, formatTime } from '../presentation/time-format.ts';
import { entryAt, moveSelection, resolveSelection, type ListSource } from '../values/selection.ts';
import { runLines } from '../presentation/tasks/run-lines.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { tableRows, tableView, widthFor, type Column } from '../components/table-view.ts';
import { cancelCommand, cancelRunCommand, sessionCommand } from './task-commands.ts';
import {
  countRuns,
  fractionOf,
  progressCells,
  spanOfTask,
  taskViewIn,
} from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import {
  fillLine,
  line,
  span,
  splitRows,
  stack,
  textPicture,
  type Area,
  type Picture,
} from '../picture.ts';
import { push } from '../actions.ts';
import { perform, reaction, type Command, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { activityText } from '../../lib/client/work-in-words.ts';
import { rateText } from '../../lib/text/quantities.ts';
import { deployAgainCommand } from './deploy/again.ts';
import { openedBy } from '../components/double-click.ts';
import { moveCommand } from '../components/move-command.ts';
import { openLog } from './open.ts';
import type { ScreenStates } from '../screen-states.ts';

type TaskState = ScreenStates['task'];

export const TASK: ScreenKind<TaskState> = {
  title: ({ taskId, read }, model) => {
    const task = taskViewIn(taskId, model, read)?.task;
    return task === undefined ? taskId : taskTitle(task, model);
  },
  commands: commandsFor,
  update: (state, event, model) => {
    if (event.type === 'answered' && event.method === 'task.show') {
      const isOurs = event.result.task.id === state.taskId;
      return isOurs ? reaction({ ...state, read: event.result }) : perform();
    }
    const listed = listedIn(state, model);
    const shown = tableRows(partsOf(layoutOf(model).body, listed.rows.length).table);
    const selection = moveSelection(state.selection, event, listed, shown);
    if (selection === null) return perform();
    const next = { ...state, selection };
    return openedBy(
      event,
      next,
      () => commandsFor(next, model),
      ({ name }) => name === 'run',
    );
  },
  view,
};

function listedIn({ taskId, read }: TaskState, model: Model): ListSource<RunSummary> {
  const found = taskViewIn(taskId, model, read);
  const rows = found === null ? [] : found.task.runs.map((run) => summarizeRun(found, run));
  return { list: 'runs', rows, keyOf: ({ run }) => run.id };
}

function commandsFor(state: TaskState, model: Model): Command[] {
  const { tasks: texts, common } = textsOf(model.language);
  const { taskId, read } = state;
  const task = taskViewIn(taskId, model, read)?.task ?? null;
  const summary = entryAt(state.selection, listedIn(state, model));
  const hostName = summary?.hostName ?? '';
  return [
    {
      name: 'run',
      keys: ['enter'],
      label: texts.run,
      help: texts.runHelp,
      disabledReason: summary === null ? common.nothingChosen : null,
      run: () =>
        perform(
          ...(summary === null
            ? []
            : [push('run', { taskId, runId: summary.run.id, read, first: 0 })]),
        ),
    },
    {
      name: 'log',
      keys: ['l'],
      label: texts.log,
      help: texts.logHelp,
      disabledReason: summary === null ? common.nothingChosen : null,
      run: () => perform(...(summary === null ? [] : openLog(summary.run, hostName, model))),
    },
    sessionCommand(task, model),
    deployAgainCommand(task, model),
    cancelCommand(task, model),
    cancelRunCommand(task, summary?.run ?? null, hostName, model),
    moveCommand(model),
  ];
}

/** Two lines of heading, the hosts, and below them the one under the cursor. */
function partsOf(
  area: Area,
  runs: number,
): { readonly head: Area; readonly table: Area; readonly details: Area } {
  const [head, rest] = splitRows(area, 2);
  // An error with cause and hint, and a step or two, are seen below.
  const most = Math.max(3, Math.floor(rest.height / 2), rest.height - 14);
  const [table, details] = splitRows(rest, Math.min(runs + 1, most));
  return { head, table, details };
}

function view(state: TaskState, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).tasks;
  const found = taskViewIn(state.taskId, model, state.read);
  if (found === null) return textPicture(area, [line(span(` ${texts.gone}`, 'dim'))]);
  const listed = listedIn(state, model);
  const { head, table, details } = partsOf(area, listed.rows.length);
  const selection = resolveSelection(state.selection, listed, tableRows(table));
  const summary = listed.rows[selection.index];
  const cut = glyphsOf(model).cut;
  const { task } = found;
  const { done, failed, cancelled } = countRuns(task);
  const whole = taskState(task);
  // A full bar over hosts that failed would look like success.
  const how = isEnded(whole)
    ? [runSpan(whole, model)]
    : progressCells(fractionOf(found), 30, model);
  const headLines = [
    line(
      ' ',
      ...how,
      `   ${texts.of(done, { failed, cancelled }, task.runs.length)}   ${formatElapsed(spanOfTask(task), model.now)}`,
    ),
    line(span(` ${texts.made(formatTime(task.createdAt), task.createdBy)}`, 'dim')),
  ].map((each) => fillLine(each, area.width, cut));
  return stack(
    textPicture(head, headLines),
    tableView(
      {
        list: 'runs',
        columns: columns(listed.rows, model, area.width),
        rows: listed.rows,
        cursor: selection,
        isMarked: null,
        empty: [],
      },
      model,
      table,
    ),
    {
      panels: [
        {
          type: 'text',
          area: details,
          title: summary?.hostName ?? '',
          isActive: false,
          lines: summary === undefined ? [] : runLines(summary, model, details.width - 4),
        },
      ],
      targets: [],
      caret: null,
    },
  );
}

function columns(rows: readonly RunSummary[], model: Model, width: number): Column<RunSummary>[] {
  const texts = textsOf(model.language).tasks;
  const barWidth = width >= 110 ? 26 : 16;
  // Without them there is room for what hosts wait for, or why they failed.
  const moving: Column<RunSummary>[] = [
    {
      title: texts.rate,
      width: 9,
      align: 'right',
      cell: ({ bytesPerSecond }) =>
        bytesPerSecond === null ? '' : rateText(bytesPerSecond, model),
    },
    {
      title: texts.left,
      width: 9,
      align: 'right',
      cell: ({ remainingMs }) => (remainingMs === null ? '' : formatDuration(remainingMs)),
    },
  ];
  const wide: Column<RunSummary>[] = [
    {
      title: texts.took,
      width: 10,
      align: 'right',
      cell: ({ run }) => formatElapsed(run, model.now),
    },
  ];
  return [
    {
      title: texts.host,
      width: widthFor(
        rows.map(({ hostName }) => hostName),
        widthOf(texts.host),
        width >= 110 ? 30 : 14,
      ),
      cell: ({ hostName }) => hostName,
    },
    { title: texts.state, width: 16, cell: ({ run }) => runSpan(run.state, model) },
    {
      title: texts.progress,
      width: barWidth,
      cell: ({ run, fraction }) =>
        isEnded(run.state) && !isSuccess(run.state)
          ? ''
          : span(
              progressCells(fraction, barWidth, model)
                .map(({ text }) => text)
                .join(''),
              'bar',
            ),
    },
    ...(width >= 110 || rows.some(({ run }) => run.state === 'running') ? moving : []),
    ...(width >= 110 ? wide : []),
    {
      title: texts.activity,
      width: 'rest',
      cell: ({ activity }) => activityText(model.language, activity),
    },
  ];
}
