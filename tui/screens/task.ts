/** One task: every host with its progress, and below it what the one under the cursor does or why it failed. */

import { widthOf } from '../../lib/columns.ts';
import { formatDuration } from '../../lib/format.ts';
import type { TaskId } from '../../lib/model/ids.ts';
import { isEnded, isSuccess, taskState, type Task } from '../../lib/model/task.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/task-view.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { formatElapsed, formatTime } from '../presentation/time-format.ts';
import {
  entryAt,
  TOP,
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from '../components/selection.ts';
import { runLines } from '../presentation/tasks/run-lines.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { tableRows, tableView, widthFor, type Column } from '../components/table-view.ts';
import {
  cancelCommand,
  cancelRunCommand,
  sessionCommand,
} from '../presentation/tasks/task-commands.ts';
import {
  activityText,
  countRuns,
  fractionOf,
  progressCells,
  spanOfTask,
  taskViewIn,
} from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { fillLine, line, span, splitRows, stack, type Area, type Picture } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Reaction, type Screen } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { rateText } from '../../lib/text/quantities.ts';
import { deployAgainCommand } from './deploy/again.ts';
import { openLog } from './log.ts';
import { runScreen } from './run.ts';
import { openSession } from './session.ts';

type TaskState = {
  /** As it was read; what the server pushes is newer. */
  readonly read: Pick<TaskView, 'task' | 'hostNames'> | null;
  readonly place: Selection;
};

/** The details of `task`, which are read at the same time: the server may not push it any more. */
export function openTask(task: Task, model: Model): readonly Action[] {
  const { readingTask } = textsOf(model.language).tasks;
  const state = { read: { task, hostNames: {} }, place: TOP };
  return [
    { type: 'push', screen: taskScreen(task.id, state) },
    request(readingTask(taskTitle(task, model)), 'task.show', { task: task.id }),
  ];
}

export function taskScreen(taskId: TaskId, state: TaskState = { read: null, place: TOP }): Screen {
  const screen: Screen = {
    name: 'task',
    isDialog: false,
    title: (model) => {
      const task = taskViewIn(taskId, model, state.read)?.task;
      return task === undefined ? taskId : taskTitle(task, model);
    },
    commands: (model) => commandsFor(taskId, state, model, screen),
    react: (event, model): Reaction => {
      if (event.type === 'answered' && event.method === 'task.show') {
        const isOurs = event.result.task.id === taskId;
        return stay(isOurs ? taskScreen(taskId, { ...state, read: event.result }) : screen);
      }
      const { body } = layoutOf(model);
      const listed = listedIn(taskId, state, model);
      const shown = tableRows(partsOf(body, listed.rows.length).table);
      const place = moveSelection(state.place, event, listed, shown);
      if (place === null) return stay(screen);
      const next = taskScreen(taskId, { ...state, place });
      if (event.type !== 'click' || !event.isDouble) return stay(next);
      return commandsFor(taskId, { ...state, place }, model, next)[0]?.run() ?? stay(next);
    },
    view: (model, area) => view(taskId, state, model, area),
  };
  return screen;
}

function listedIn(taskId: TaskId, { read }: TaskState, model: Model): ListSource<RunSummary> {
  const found = taskViewIn(taskId, model, read);
  const rows = found === null ? [] : found.task.runs.map((run) => summarizeRun(found, run));
  return { list: 'runs', rows, keyOf: ({ run }) => run.id };
}

function commandsFor(taskId: TaskId, state: TaskState, model: Model, screen: Screen): Command[] {
  const { tasks: texts, common } = textsOf(model.language);
  const found = taskViewIn(taskId, model, state.read);
  const task = found?.task ?? null;
  const summary = entryAt(state.place, listedIn(taskId, state, model));
  const hostName = summary?.hostName ?? '';
  return [
    {
      name: 'run',
      keys: ['enter'],
      label: texts.run,
      help: texts.runHelp,
      whyNot: summary === null ? common.nothingChosen : null,
      run: () =>
        summary === null
          ? stay(screen)
          : stay(screen, {
              type: 'push',
              screen: runScreen(taskId, summary.run.id, { read: state.read, first: 0 }),
            }),
    },
    {
      name: 'log',
      keys: ['l'],
      label: texts.log,
      help: texts.logHelp,
      whyNot: summary === null ? common.nothingChosen : null,
      run: () => stay(screen, ...(summary === null ? [] : openLog(summary.run, hostName, model))),
    },
    sessionCommand(task, model, (chosen) => stay(screen, ...openSession(chosen))),
    deployAgainCommand(task, model, screen),
    cancelCommand(task, model, screen),
    cancelRunCommand(task, summary?.run ?? null, hostName, { model, screen }),
    {
      name: 'move',
      keys: ['up', 'down'],
      label: common.move,
      help: common.moveHelp,
      whyNot: null,
      isQuiet: true,
      isOnlyHelp: true,
      run: () => stay(screen),
    },
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

function view(taskId: TaskId, state: TaskState, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).tasks;
  const found = taskViewIn(taskId, model, state.read);
  if (found === null) return textPicture(area, [line(span(` ${texts.gone}`, 'dim'))]);
  const listed = listedIn(taskId, state, model);
  const { head, table, details } = partsOf(area, listed.rows.length);
  const place = resolveSelection(state.place, listed, tableRows(table));
  const summary = listed.rows[place.index];
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
        cursor: place,
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

function textPicture(area: Area, lines: readonly ReturnType<typeof line>[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets: [],
    caret: null,
  };
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
    { title: texts.activity, width: 'rest', cell: (summary) => activityText(summary, model) },
  ];
}
