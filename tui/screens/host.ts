/** One host: what it is, its disks drawn to scale, what was asked of it, and what can be done about it. */

import { knownDiskText } from '../../lib/text/disks.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import { halfWrittenDisks, type HostView } from '../../lib/model/host.ts';
import type { Task } from '../../lib/model/task.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { wholeHost } from '../presentation/hosts/chosen-hosts.ts';
import { hostLines } from '../presentation/hosts/host-lines.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { confirm, notice, request } from '../actions.ts';
import { perform, reaction, type Command, type ScreenKind } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { acceptMachine } from './accept-machine.ts';
import { hostActions } from './host-actions/table.ts';
import { editHost } from './host-form.ts';
import { openLog, openTask, readHost } from './open.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

type HostState = ScreenStates['host'];

export const HOST: ScreenKind<HostState> = {
  title: (state, model) =>
    textsOf(model.language).hosts.hostTitle(hostIn(state, model)?.name ?? ''),
  commands: commandsFor,
  update: (state, event, model) => {
    if (event.type === 'answered' && event.method === 'task.list') {
      return reaction({ ...state, read: event.result });
    }
    if (event.type === 'inventory' && event.change.hosts.some(({ id }) => id === state.hostId)) {
      return perform(readHost(state.hostId, model));
    }
    const { body } = layoutOf(model);
    const { length } = linesFor(state, model, body.width);
    const first = scrollAfter(state.first, event, length, scrollRows(length, body));
    return first === null ? perform() : reaction({ ...state, first });
  },
  view: (state, model, area) =>
    scrollView(linesFor(state, model, area.width), state.first, model, area),
};

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

function commandsFor(state: HostState, model: Model): Command[] {
  const texts = textsOf(model.language).hosts;
  const host = hostIn(state, model);
  const [task] = tasksOf(state, model);
  const run = task?.runs.find(({ hostId }) => hostId === state.hostId);
  const gone = host === null ? texts.gone : null;
  const does = (actions: (known: HostView) => readonly Action[]): Command['run'] => {
    return () => perform(...(host === null ? [] : actions(host)));
  };
  return [
    {
      name: 'edit',
      keys: ['e'],
      label: texts.edit,
      help: texts.editHelp,
      disabledReason: gone,
      run: does((known) => [editHost(known, model)]),
    },
    {
      name: 'last-task',
      keys: ['enter'],
      label: texts.lastTask,
      help: texts.lastTaskHelp,
      disabledReason: task === undefined ? texts.noTasks : null,
      run: () => perform(...(task === undefined ? [] : openTask(task, model))),
    },
    {
      name: 'log',
      keys: ['l'],
      label: texts.log,
      help: texts.logHelp,
      disabledReason: run === undefined ? texts.noTasks : null,
      run: does(({ name }) => (run === undefined ? [] : openLog(run, name, model))),
    },
    {
      name: 'clear',
      keys: ['f'],
      label: texts.clear,
      help: texts.clearHelp,
      disabledReason: gone ?? refusalFor('host.clear', { halfWritten: host?.halfWritten ?? null }),
      run: does((known) => [clearDialog(known, model)]),
    },
    {
      name: 'accept-machine',
      keys: ['a'],
      label: texts.accept,
      help: texts.acceptHelp,
      disabledReason:
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
      disabledReason: gone,
      run: does((known) => [shellRequest(known, model)]),
    },
    ...hostActions(host === null ? [] : [host], model),
  ];
}

function clearDialog(host: HostView, model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const disks = halfWrittenDisks(host).map(({ identity, disk }) =>
    knownDiskText(model.language, identity, disk),
  );
  return confirm(
    texts.clearTitle(host.name),
    [...disks.map(texts.clearText), texts.clearRisk],
    texts.clear,
    [
      request(texts.clearing(host.name), 'host.clear', { host: host.id }, [
        notice(texts.cleared(host.name)),
      ]),
    ],
  );
}

function shellRequest(host: HostView, model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const debugShell = !host.debugShell;
  return request(texts.saving(host.name), 'host.edit', { host: host.id, debugShell }, [
    notice(debugShell ? texts.shellOn : texts.shellOff),
  ]);
}
