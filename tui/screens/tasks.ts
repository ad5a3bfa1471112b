/** What was asked of the hosts, newest first: what runs, what came of the rest, how long it took. */

import { formatPercent } from '../../lib/format.ts';
import { isEnded, taskState, type Task } from '../../lib/model/task.ts';
import { taskViewOf } from '../../lib/task-view.ts';
import type { Model } from '../model.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatElapsed, formatTime } from '../presentation/time-format.ts';
import { TOP, type Selection } from '../components/selection.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { countRuns, fractionOf, spanOfTask } from '../presentation/tasks/task-progress.ts';
import { cancelCommand, sessionCommand } from '../presentation/tasks/task-commands.ts';
import type { Column } from '../components/table-view.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { line } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openNewTask } from './new-task/hosts.ts';
import { openSession } from './session.ts';
import { openTask } from './task.ts';

/** Enough for a day; a task of thirty hosts is some 150 kB. */
const FIRST_LIMIT = 40;

type TasksState = {
  readonly place: Selection;
  /** What was read last; the server pushes the newest ones by itself. */
  readonly read: readonly Task[];
  readonly limit: number;
};

/** The list, and the reading of what the server does not push. */
export function openTasks(model: Model): readonly Action[] {
  return [{ type: 'push', screen: tasksScreen() }, readTasks(FIRST_LIMIT, model)];
}

export function tasksScreen(
  state: TasksState = { place: TOP, read: [], limit: FIRST_LIMIT },
): Screen {
  const list = listScreen<Task>({
    name: 'tasks',
    title: (model) => textsOf(model.language).tasks.title,
    place: state.place,
    at: (place) => tasksScreen({ ...state, place }),
    rows: (model) => tasksIn(state.read, model),
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
    commands: (task, model, screen) => commandsFor(task, state, model, screen),
  });
  return {
    ...list,
    react: (event, model) =>
      event.type === 'answered' && event.method === 'task.list'
        ? stay(tasksScreen({ ...state, read: event.result }))
        : list.react(event, model),
  };
}

function tasksIn(read: readonly Task[], { status }: Model): readonly Task[] {
  const newest = new Map(read.map((task) => [task.id, task]));
  for (const task of status?.tasks ?? []) newest.set(task.id, task);
  return [...newest.values()].toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
}

function commandsFor(
  task: Task | null,
  { read, limit }: TasksState,
  model: Model,
  screen: Screen,
): Command[] {
  const { tasks: texts, newTask, common } = textsOf(model.language);
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.detailsHelp,
      whyNot: task === null ? texts.empty : null,
      run: () => stay(screen, ...(task === null ? [] : openTask(task, model))),
    },
    {
      name: 'new',
      keys: ['n', 'insert'],
      label: newTask.open,
      help: newTask.openHelp,
      whyNot: null,
      run: () => stay(screen, ...openNewTask()),
    },
    sessionCommand(task, model, (chosen) => stay(screen, ...openSession(chosen))),
    cancelCommand(task, model, screen),
    {
      name: 'older',
      keys: ['o'],
      label: texts.older,
      help: texts.olderHelp,
      whyNot: read.length < limit ? texts.noOlder : null,
      run: () => {
        const more = limit * 2;
        const next = { place: TOP, read, limit: more };
        return stay(tasksScreen(next), readTasks(more, model));
      },
    },
  ];
}

function readTasks(limit: number, model: Model): Action {
  return request(textsOf(model.language).tasks.readingTasks, 'task.list', { limit });
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
