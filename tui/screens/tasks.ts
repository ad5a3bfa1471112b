/** What was asked of the hosts, newest first: what runs, what came of the rest, how long it took. */

import { formatPercent } from '../../lib/format.ts';
import { isEnded, taskState, type Task } from '../../lib/model/task.ts';
import { taskViewOf } from '../../lib/client/task-view.ts';
import type { Model } from '../model.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatElapsed, formatTime } from '../presentation/time-format.ts';
import { TOP } from '../values/selection.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { countRuns, fractionOf, spanOfTask } from '../presentation/tasks/task-progress.ts';
import { cancelCommand, sessionCommand } from './task-commands.ts';
import type { Column } from '../components/table-view.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { line } from '../picture.ts';
import { perform, reaction, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openNewTask, openTask, readTasks } from './open.ts';
import type { ScreenStates } from '../screen-states.ts';

type TasksState = ScreenStates['tasks'];

export const TASKS = listScreen<Task, TasksState>({
  list: 'tasks',
  title: (_, model) => textsOf(model.language).tasks.title,
  rows: (model, { read }) => tasksIn(read, model),
  keyOf: ({ id }) => id,
  columns,
  head: (rows, model) => {
    const running = rows.filter((task) => task.runs.some((run) => !isEnded(run.state))).length;
    return line(` ${textsOf(model.language).tasks.count(running, rows.length)}`);
  },
  empty: (model) => {
    const { empty, emptyHint } = textsOf(model.language).tasks;
    return [empty, emptyHint];
  },
  heard: (event, _, state) =>
    event.type === 'answered' && event.method === 'task.list'
      ? reaction({ ...state, read: event.result })
      : null,
  commands: commandsFor,
});

function tasksIn(read: readonly Task[], { status }: Model): readonly Task[] {
  const newest = new Map(read.map((task) => [task.id, task]));
  for (const task of status?.tasks ?? []) newest.set(task.id, task);
  return [...newest.values()].toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
}

function commandsFor(
  task: Task | null,
  model: Model,
  { read, limit }: TasksState,
): Command<TasksState>[] {
  const { tasks: texts, newTask, common } = textsOf(model.language);
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.detailsHelp,
      disabledReason: task === null ? texts.empty : null,
      run: () => perform(...(task === null ? [] : openTask(task, model))),
    },
    {
      name: 'new',
      keys: ['n', 'insert'],
      label: newTask.open,
      help: newTask.openHelp,
      disabledReason: null,
      run: () => perform(...openNewTask()),
    },
    sessionCommand(task, model),
    cancelCommand(task, model),
    {
      name: 'older',
      keys: ['o'],
      label: texts.older,
      help: texts.olderHelp,
      disabledReason: read.length < limit ? texts.noOlder : null,
      run: () => {
        const more = limit * 2;
        return reaction({ selection: TOP, read, limit: more }, readTasks(more, model));
      },
    },
  ];
}

function columns(_: readonly Task[], model: Model, width: number): Column<Task>[] {
  const texts = textsOf(model.language).tasks;
  const isWide = width >= 110;
  const stateOf = (task: Task): ReturnType<typeof runSpan> => {
    const state = taskState(task);
    const shown = runSpan(state, model);
    if (state !== 'running' || model.status === null) return shown;
    const fraction = fractionOf(taskViewOf(task, model.status));
    return { ...shown, text: `${shown.text} ${formatPercent(fraction, 1)}` };
  };
  const wide: Column<Task>[] = [
    { title: texts.begun, width: 16, cell: ({ createdAt }) => formatTime(createdAt) },
    { title: texts.by, width: 12, cell: ({ createdBy }) => createdBy },
  ];
  return [
    { title: texts.state, width: isWide ? 18 : 16, cell: stateOf },
    { title: texts.what, width: 'rest', cell: (task) => taskTitle(task, model) },
    {
      title: texts.hosts,
      width: 7,
      align: 'right',
      cell: (task) => `${countRuns(task).done}/${task.runs.length}`,
    },
    {
      title: texts.took,
      width: 10,
      align: 'right',
      cell: (task) => formatElapsed(spanOfTask(task), model.now),
    },
    ...(isWide ? wide : [{ ...whenColumn(texts.begun) }]),
  ];
}

/** Where there is little room: the day of the month and the time. */
function whenColumn(title: string): Column<Task> {
  return { title, width: 11, cell: ({ createdAt }) => formatTime(createdAt).slice(5) };
}
