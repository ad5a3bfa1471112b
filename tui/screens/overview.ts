/** The first screen: the server, what runs, what failed, and the way to everything else. */

import { refusalFor } from '../../lib/rules/capability.ts';
import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import { isEnded, isSuccess, taskState, type RunState, type Task } from '../../lib/model/task.ts';
import { taskViewOf } from '../../lib/client/task-view.ts';
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
} from '../values/selection.ts';
import { firstShownGroup } from '../presentation/hosts/groups.ts';
import { ALL_UNMARKED } from '../values/host-list-state.ts';
import { openedBy } from '../components/double-click.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { sessionCommand } from './task-commands.ts';
import {
  countRuns,
  fractionOf,
  progressCells,
  spanOfTask,
} from '../presentation/tasks/task-progress.ts';
import { tableRows, tableView, type Column } from '../components/table-view.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import {
  inside,
  line,
  span,
  splitColumns,
  splitRows,
  stack,
  type Area,
  type Line,
  type Panel,
  type Picture,
  type Span,
} from '../picture.ts';
import { notice, push, request } from '../actions.ts';
import { perform, type Command, type ScreenKind } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { decimalMarkIn, rateText } from '../../lib/text/quantities.ts';
import {
  openCapture,
  openDeploy,
  openEvents,
  openGroup,
  openSettings,
  openTask,
  openTasks,
} from './open.ts';
import type { Action, ScreenStates } from '../screen-states.ts';
import { serverLines } from '../presentation/server-lines.ts';

export const OVERVIEW: ScreenKind<ScreenStates['overview']> = {
  title: (_, model) => textsOf(model.language).overview.title,
  commands: commandsFor,
  update: (state, event, model) => {
    const shown = tableRows(inside(partsOf(layoutOf(model).body, model).tasks));
    const selection = moveSelection(state.selection, event, listedIn(model), shown);
    if (selection === null) return perform();
    const next = { ...state, selection };
    return openedBy(event, next, () => commandsFor(next, model));
  },
  view: ({ selection }, model, area) => view(selection, model, area),
};

/** What is under way, then what went wrong; newest first. */
function listedIn({ status }: Model): ListSource<Task> {
  const tasks = status?.tasks ?? [];
  const running = tasks.filter((task) => task.runs.some(({ state }) => !isEnded(state)));
  // What an operator has cancelled, or has seen and put away, is nothing to be warned of.
  const failed = tasks.filter((task) => !running.includes(task) && isToBeSeen(task));
  return { list: 'overview-tasks', rows: [...running, ...failed], keyOf: ({ id }) => id };
}

function isToBeSeen({ runs, putAway }: Task): boolean {
  return putAway === undefined && runs.some(({ state }) => isEnded(state) && isBad(state));
}

function isBad(state: RunState): boolean {
  return !isSuccess(state) && state !== 'aborted';
}

function putAwayCommand(task: Task | null, model: Model): Command {
  const texts = textsOf(model.language).overview;
  const unfinishedRuns = task?.runs.filter(({ state }) => !isEnded(state)).length ?? 0;
  return {
    name: 'put-away',
    keys: ['x', 'delete'],
    label: texts.putAway,
    help: texts.putAwayHelp,
    disabledReason: task === null ? texts.noTask : refusalFor('task.putAway', { unfinishedRuns }),
    run: () => {
      if (task === null) return perform();
      const title = taskTitle(task, model);
      return perform(
        request(texts.puttingAway(title), 'task.putAway', { task: task.id }, [
          notice(texts.isPutAway(title)),
        ]),
      );
    },
  };
}

function commandsFor({ selection }: ScreenStates['overview'], model: Model): Command[] {
  const { overview: texts, common } = textsOf(model.language);
  const task = entryAt(selection, listedIn(model));
  const rows: readonly [string, keyof typeof texts.places, () => readonly Action[]][] = [
    ['d', 'deploy', () => openDeploy()],
    ['c', 'capture', () => openCapture(model)],
    ['r', 'tiles', () => [openGroup(firstShownGroup(model))]],
    ['h', 'hosts', () => [push('hosts', ALL_UNMARKED)]],
    ['g', 'groups', () => [push('groups', { selection: TOP })]],
    ['i', 'images', () => [push('images', { selection: TOP })]],
    ['t', 'tasks', () => openTasks(model)],
    ['l', 'log', () => openEvents(model)],
    ['s', 'settings', () => openSettings(model)],
  ];
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.taskHelp,
      disabledReason: task === null ? texts.noTask : null,
      run: () => perform(...(task === null ? [] : openTask(task, model))),
    },
    ...rows.map(([key, name, open]): Command => ({
      name,
      keys: [key],
      label: texts.places[name],
      help: texts.placeHelp(texts.places[name]),
      disabledReason: null,
      run: () => perform(...open()),
    })),
    { ...sessionCommand(task, model), keys: ['v'] },
    putAwayCommand(task, model),
  ];
}

/** A higher chart shows no more; the tasks below need the room. */
const MOST_UPPER = 15;
/** Frame, heading and four tasks. */
const LEAST_TASKS = 7;

/** The server and the chart beside each other, the tasks below. */
function partsOf(
  area: Area,
  model: Model,
): {
  readonly server: Area;
  readonly chart: Area;
  readonly tasks: Area;
} {
  // What is wrong with the server stands last: it must be seen, and a few tasks below it.
  const wanted = Math.min(serverLines(model).length + 2, area.height - LEAST_TASKS);
  const [upper, tasks] = splitRows(
    area,
    Math.max(10, Math.min(MOST_UPPER, Math.floor(area.height * 0.4)), wanted),
  );
  const [server, chart] = splitColumns(upper, Math.max(46, Math.floor(upper.width / 2)));
  return { server, chart, tasks };
}

function view(selection: Selection, model: Model, area: Area): Picture {
  const { overview: texts, common } = textsOf(model.language);
  const { status } = model;
  if (status === null) {
    const text = model.connection.type === 'lost' ? '' : common.connecting;
    return picture([panel(area, texts.server, [line(` ${text}`)])]);
  }
  const { server, chart, tasks } = partsOf(area, model);
  const listed = listedIn(model);
  const inner = inside(tasks);
  return stack(
    picture([
      panel(server, texts.server, serverLines(model)),
      rateChart(model, chart),
      panel(tasks, texts.tasks, []),
    ]),
    tableView(
      {
        list: listed.list,
        columns: columns(model, inner.width),
        rows: listed.rows,
        cursor: resolveSelection(selection, listed, tableRows(inner)),
        isMarked: null,
        empty: nextSteps(model),
      },
      model,
      inner,
    ),
  );
}

/** What there is to do where nothing runs: on a new server the way to the first clone, step by step. */
function nextSteps(model: Model): readonly string[] {
  const { overview: texts } = textsOf(model.language);
  const { status, settings, images } = model;
  if (status === null || settings === null) return [texts.nothing];
  const { hosts } = status;
  if (hosts.total === 0) {
    return [
      texts.noHosts,
      texts.switchOn,
      isRegistrationOpen(settings, model.now) ? texts.theyAppear : texts.theyStay,
      texts.enterByHand,
    ];
  }
  if (hosts.total === hosts.pending) return [texts.onlyPending, texts.approve];
  if (images.length === 0) return [texts.noImages, texts.captureFirst, texts.nameHosts];
  return [texts.nothing];
}

function columns(model: Model, width: number): Column<Task>[] {
  const { tasks: texts } = textsOf(model.language);
  const barWidth = width >= 100 ? 36 : 18;
  const { status } = model;
  return [
    { title: texts.state, width: 16, cell: (task) => runSpan(taskState(task), model) },
    {
      title: texts.progress,
      width: barWidth,
      cell: (task): Span | string => {
        if (status === null || task.runs.every(({ state }) => isEnded(state))) {
          return formatTime(task.createdAt);
        }
        const cells = progressCells(fractionOf(taskViewOf(task, status)), barWidth, model);
        return span(cells.map(({ text }) => text).join(''), 'bar');
      },
    },
    {
      title: texts.hosts,
      width: 7,
      align: 'right',
      cell: (task) => `${countRuns(task).done}/${task.runs.length}`,
    },
    { title: texts.what, width: 'rest', cell: (task) => taskTitle(task, model) },
    ...(width >= 100
      ? [
          {
            title: texts.took,
            width: 10,
            align: 'right',
            cell: (task: Task) => formatElapsed(spanOfTask(task), model.now),
          } as const,
        ]
      : []),
  ];
}

function rateChart(model: Model, area: Area): Panel {
  const most = Math.max(1_000_000, ...model.rates);
  return {
    type: 'chart',
    area,
    title: `${textsOf(model.language).overview.rate}: ${rateText(model.rates.at(-1) ?? 0, model)}`,
    series: [{ label: 'MB/s', values: model.rates.map((rate) => rate / 1_000_000) }],
    labels: { least: '0', most: rateText(most, model) },
    most: most / 1_000_000,
    decimalMark: decimalMarkIn(model),
  };
}

function panel(area: Area, title: string, lines: readonly Line[]): Panel {
  return { type: 'text', area, title, isActive: false, lines };
}

function picture(panels: readonly Panel[]): Picture {
  return { panels, targets: [], caret: null };
}
