/** One host: what it is, its disks drawn to scale, what was asked of it, and what can be done about it. */

import { refusalFor } from '../../lib/rules/capability.ts';
import { halfWrittenDisks, type HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Task } from '../../lib/model/task.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { readHost, wholeHost } from '../presentation/hosts/chosen-hosts.ts';
import { confirmDialog } from '../components/confirm-dialog.ts';
import { hostLines } from '../presentation/hosts/host-lines.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { acceptMachine } from './accept-machine.ts';
import { hostActions } from './host-actions/table.ts';
import { editHostDialog } from './host-form.ts';
import { openLog } from './log.ts';
import { openTask } from './task.ts';

type HostState = {
  readonly hostId: HostId;
  /** Tasks that were read when this was opened; what the server pushes is newer. */
  readonly read: readonly Task[];
  readonly first: number;
};

/** So many of the last tasks are looked through for this host's. */
const TASK_LIMIT = 100;

/** The details of `host`; they and its tasks are read at the same time. */
export function openHost(host: HostView, model: Model): readonly Action[] {
  const title = textsOf(model.language).tasks.readingTasks;
  return [
    { type: 'push', screen: hostScreen({ hostId: host.id, read: [], first: 0 }) },
    request(title, 'task.list', { limit: TASK_LIMIT }),
    readHost(host.id, model),
  ];
}

export function hostScreen(state: HostState): Screen {
  const screen: Screen = {
    name: 'host',
    isDialog: false,
    title: (model) => textsOf(model.language).hosts.hostTitle(hostIn(state, model)?.name ?? ''),
    commands: (model) => commandsFor(state, model, screen),
    react: (event, model) => {
      if (event.type === 'answered' && event.method === 'task.list') {
        return stay(hostScreen({ ...state, read: event.result }));
      }
      if (event.type === 'inventory' && event.change.hosts.some(({ id }) => id === state.hostId)) {
        return stay(screen, readHost(state.hostId, model));
      }
      const { body } = layoutOf(model);
      const { length } = linesFor(state, model, body.width);
      const first = scrollAfter(state.first, event, length, scrollRows(length, body));
      return stay(first === null ? screen : hostScreen({ ...state, first }));
    },
    view: (model, area) => scrollView(linesFor(state, model, area.width), state.first, model, area),
  };
  return screen;
}

function hostIn({ hostId }: HostState, model: Model): HostView | null {
  return wholeHost(hostId, model)?.host ?? null;
}

/** Newest first. */
function tasksOf({ hostId, read }: HostState, { status }: Model): readonly Task[] {
  const newest = new Map(read.map((task) => [task.id, task]));
  for (const task of status?.tasks ?? []) newest.set(task.id, task);
  return [...newest.values()]
    .filter((task) => task.runs.some((run) => run.hostId === hostId))
    .toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
}

function linesFor(state: HostState, model: Model, width: number): readonly Line[] {
  const host = hostIn(state, model);
  return host === null
    ? [line(span(` ${textsOf(model.language).hosts.gone}`, 'dim'))]
    : hostLines(host, tasksOf(state, model), model, width);
}

function commandsFor(state: HostState, model: Model, screen: Screen): Command[] {
  const texts = textsOf(model.language).hosts;
  const host = hostIn(state, model);
  const [task] = tasksOf(state, model);
  const run = task?.runs.find(({ hostId }) => hostId === state.hostId);
  const gone = host === null ? texts.gone : null;
  const does = (actions: (known: HostView) => readonly Action[]): Command['run'] => {
    return () => stay(screen, ...(host === null ? [] : actions(host)));
  };
  return [
    {
      name: 'edit',
      keys: ['e'],
      label: texts.edit,
      help: texts.editHelp,
      whyNot: gone,
      run: does((known) => [editHostDialog(known, model)]),
    },
    {
      name: 'task',
      keys: ['enter'],
      label: texts.lastTask,
      help: texts.lastTaskHelp,
      whyNot: task === undefined ? texts.noTasks : null,
      run: () => stay(screen, ...(task === undefined ? [] : openTask(task, model))),
    },
    {
      name: 'log',
      keys: ['l'],
      label: texts.log,
      help: texts.logHelp,
      whyNot: run === undefined ? texts.noTasks : null,
      run: does(({ name }) => (run === undefined ? [] : openLog(run, name, model))),
    },
    {
      name: 'clear',
      keys: ['f'],
      label: texts.clear,
      help: texts.clearHelp,
      whyNot: gone ?? refusalFor('host.clear', { halfWritten: host?.halfWritten ?? null }),
      run: does((known) => [clearDialog(known, model)]),
    },
    {
      name: 'accept-machine',
      keys: ['a'],
      label: texts.accept,
      help: texts.acceptHelp,
      whyNot:
        gone ??
        refusalFor('host.acceptMachine', {
          hostState: host?.state ?? 'off',
          otherMachines: host?.otherMachines?.length ?? 0,
        }),
      run: does((known) => acceptMachine(known, model)),
    },
    {
      name: 'debug-shell',
      keys: ['s'],
      label: host?.debugShell === true ? texts.noShell : texts.shell,
      help: texts.shellHelp,
      whyNot: gone,
      run: does((known) => [shellRequest(known, model)]),
    },
    ...hostActions(host === null ? [] : [host], model, screen),
  ];
}

function clearDialog(host: HostView, model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const disks = halfWrittenDisks(host).map(({ disk }) => disk);
  return {
    type: 'push',
    screen: confirmDialog(
      texts.clearTitle(host.name),
      [...disks.map(texts.clearText), texts.clearRisk],
      texts.clear,
      [
        request(texts.clearing(host.name), 'host.clear', { host: host.id }, () => [
          { type: 'notice', text: texts.cleared(host.name), isBad: false },
        ]),
      ],
    ),
  };
}

function shellRequest(host: HostView, model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const debugShell = !host.debugShell;
  return request(texts.saving(host.name), 'host.edit', { host: host.id, debugShell }, () => [
    { type: 'notice', text: debugShell ? texts.shellOn : texts.shellOff, isBad: false },
  ]);
}
