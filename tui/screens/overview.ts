/** The first screen: the server, what runs, what failed, and the way to everything else. */

import { bar } from '../../lib/bar.ts';
import { padEnd } from '../../lib/columns.ts';
import { formatBytes, formatPercent, formatRate } from '../../lib/format.ts';
import { taskState, type Task } from '../../lib/model/task.ts';
import { summarizeRun, taskViewOf } from '../../lib/task-view.ts';
import type { Model } from '../model.ts';
import {
  line,
  span,
  splitColumns,
  splitRows,
  type Area,
  type Line,
  type Panel,
  type Picture,
} from '../picture.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { signsOf } from '../signs.ts';
import { textsOf } from '../text/catalogue.ts';
import { groupsScreen } from './groups.ts';
import { hostsScreen } from './hosts.ts';
import { imagesScreen } from './images.ts';
import { openTasks } from './tasks.ts';

export function overviewScreen(): Screen {
  const screen: Screen = {
    name: 'overview',
    isDialog: false,
    title: (model) => textsOf(model.language).overview.title,
    commands: (model) => places(screen, model),
    react: () => stay(screen),
    view,
  };
  return screen;
}

function places(screen: Screen, model: Model): Command[] {
  const { overview: texts } = textsOf(model.language);
  const push = (place: Screen): readonly Action[] => [{ type: 'push', screen: place }];
  const rows: readonly [string, keyof typeof texts.places, () => readonly Action[]][] = [
    ['h', 'hosts', () => push(hostsScreen())],
    ['g', 'groups', () => push(groupsScreen())],
    ['i', 'images', () => push(imagesScreen())],
    ['t', 'tasks', () => openTasks(model)],
  ];
  return rows.map(([key, name, open]) => ({
    name,
    keys: [key],
    label: texts.places[name],
    help: texts.placeHelp(texts.places[name]),
    whyNot: null,
    run: () => stay(screen, ...open()),
  }));
}

function view(model: Model, area: Area): Picture {
  const { overview: texts, common } = textsOf(model.language);
  const { status } = model;
  if (status === null) {
    const text = model.connection.type === 'lost' ? '' : common.connecting;
    return picture([panel(area, texts.server, [line(` ${text}`)])]);
  }
  const isWide = area.width >= 110;
  const [upper, lower] = splitRows(area, Math.max(9, Math.floor(area.height / 2)));
  const [left, right] = splitColumns(upper, Math.floor(upper.width / 2));
  const [below, beside] = isWide ? splitColumns(lower, Math.floor(lower.width / 2)) : [lower, null];
  const running = status.tasks.filter((task) => isUnfinished(task));
  const failed = status.tasks.filter((task) => taskState(task) === 'failed');
  return picture([
    panel(left, texts.server, serverLines(model, left.width - 2)),
    rateChart(model, right),
    panel(
      below,
      texts.running,
      running.length === 0
        ? [line(span(` ${texts.nothingRuns}`, 'dim'))]
        : running.map((task) => taskLine(task, model, below.width - 2)),
    ),
    ...(beside === null
      ? []
      : [
          panel(
            beside,
            texts.latelyFailed,
            failed.length === 0
              ? [line(span(` ${texts.nothingFailed}`, 'dim'))]
              : failed.map((task) => line(span(` ${signsOf(model).failed} `, 'bad'), task.title)),
          ),
        ]),
  ]);
}

function isUnfinished(task: Task): boolean {
  const state = taskState(task);
  return state === 'running' || state === 'waiting';
}

function serverLines(model: Model, width: number): Line[] {
  const { overview: texts } = textsOf(model.language);
  const { status } = model;
  if (status === null) return [];
  const { server, hosts } = status;
  const used = server.memoryBytes - server.freeMemoryBytes;
  const store = server.imageStore;
  const rows: readonly [string, string][] = [
    [texts.server, `${server.hostname}, OpenClone ${server.programVersion}`],
    [texts.kernel, server.kernel],
    [
      texts.load,
      `${server.loadAverage.map((load) => load.toFixed(2)).join(' ')} (${server.processorCount}x)`,
    ],
    [texts.memory, `${formatBytes(used)} / ${formatBytes(server.memoryBytes)}`],
    [texts.imageStore, texts.free(formatBytes(store.freeBytes), formatBytes(store.sizeBytes))],
    [texts.hosts, `${hosts.total}: ${hosts.idle} idle, ${hosts.working} working, ${hosts.off} off`],
  ];
  return rows.map(([name, value]) =>
    line(span(` ${padEnd(name, 13)} `, 'dim'), value.slice(0, Math.max(0, width - 15))),
  );
}

function rateChart(model: Model, area: Area): Panel {
  const most = Math.max(1_000_000, ...model.rates);
  return {
    type: 'chart',
    area,
    title: `${textsOf(model.language).overview.rate}: ${formatRate(model.rates.at(-1) ?? 0)}`,
    series: [{ label: 'B/s', values: model.rates.map((rate) => rate / 1_000_000) }],
    labels: { least: '0', most: formatRate(most) },
    most: most / 1_000_000,
  };
}

function taskLine(task: Task, model: Model, width: number): Line {
  const { status } = model;
  if (status === null) return [];
  const view = taskViewOf(task, status);
  const runs = task.runs.map((run) => summarizeRun(view, run));
  const fraction = runs.reduce((sum, run) => sum + run.fraction, 0) / Math.max(1, runs.length);
  const barWidth = Math.max(8, Math.min(24, width - 50));
  return line(
    ' ',
    span(bar(fraction, barWidth, model.unicode), 'bar'),
    ` ${padEnd(formatPercent(fraction, 1), 5)} ${task.title}`,
  );
}

function panel(area: Area, title: string, lines: readonly Line[]): Panel {
  return { type: 'text', area, title, isActive: false, lines };
}

function picture(panels: readonly Panel[]): Picture {
  return { panels, targets: [], caret: null };
}
