/** The groups: make, rename, delete, and the way to their members. */

import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Model } from '../model.ts';
import { hostsById, hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { textForm } from '../components/form-dialog.ts';
import { refusalForTargets } from '../presentation/hosts/host-work.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP } from '../values/selection.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { line } from '../picture.ts';
import { confirm, notice, push, request } from '../actions.ts';
import { perform, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openDeploy, openGroup } from './open.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

export const GROUPS = listScreen<GroupView, ScreenStates['groups']>({
  list: 'groups',
  title: (_, model) => textsOf(model.language).groups.title,
  rows: (model) => model.groups,
  keyOf: ({ id }) => id,
  columns,
  head: (rows, model) => {
    const without = model.hosts.filter(({ groupId }) => groupId === null).length;
    return line(` ${textsOf(model.language).groups.count(rows.length, without)}`);
  },
  empty: (model) => {
    const { empty, emptyHint } = textsOf(model.language).groups;
    return [empty, emptyHint];
  },
  commands: groupCommands,
});

function groupCommands(group: GroupView | null, model: Model): Command[] {
  const { groups: texts, common, deploy, hosts } = textsOf(model.language);
  const none = group === null ? texts.empty : null;
  const does = (action: (chosen: GroupView) => readonly Action[]): Command['run'] => {
    return () => perform(...(group === null ? [] : action(group)));
  };
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.membersHelp,
      disabledReason: none,
      run: does(({ id }) => [push('group-members', { groupId: id, changes: {}, selection: TOP })]),
    },
    {
      name: 'deploy',
      keys: ['d'],
      label: deploy.deploy,
      help: deploy.deployGroupHelp,
      disabledReason:
        none ?? (group === null ? null : refusalForTargets(hostsOf(idsOf(group), model))),
      run: does((chosen) => openDeploy({ hostIds: idsOf(chosen) })),
    },
    {
      name: 'tiles',
      keys: ['v'],
      label: hosts.tiles,
      help: hosts.groupTilesHelp,
      disabledReason: none,
      run: does(({ id }) => [openGroup(id)]),
    },
    {
      name: 'add',
      keys: ['n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      disabledReason: null,
      run: () => perform(push('group-add', { form: textForm(texts.prompt, ''), hostIds: [] })),
    },
    {
      name: 'rename',
      keys: ['e'],
      label: texts.rename,
      help: texts.renameHelp,
      disabledReason: none,
      run: does(({ id, name }) => [
        push('group-rename', { groupId: id, name, form: textForm(texts.prompt, name) }),
      ]),
    },
    {
      name: 'delete',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      disabledReason: none,
      run: does((chosen) => [deleteGroup(chosen, model)]),
    },
  ];
}

function idsOf({ hosts }: GroupView): HostId[] {
  return hosts.map(({ id }) => id);
}

function deleteGroup({ id, name, hosts }: GroupView, model: Model): Action {
  const texts = textsOf(model.language).groups;
  return confirm(texts.removeTitle(name), [texts.loses(name, hosts.length)], texts.remove, [
    request(texts.removing(name), 'group.delete', { group: id }, [notice(texts.removed(name))]),
  ]);
}

function columns(rows: readonly GroupView[], model: Model, width: number): Column<GroupView>[] {
  const texts = textsOf(model.language).groups;
  const byId = hostsById(model.hosts);
  const countOf = (group: GroupView, state: HostView['state']): string => {
    const count = group.hosts.filter(({ id }) => byId.get(id)?.state === state).length;
    return count === 0 ? '-' : String(count);
  };
  return [
    {
      title: texts.name,
      width: widthFor(
        rows.map(({ name }) => name),
        8,
        width >= 110 ? 50 : 28,
      ),
      cell: ({ name }) => name,
    },
    { title: texts.hosts, width: 7, align: 'right', cell: ({ hosts }) => String(hosts.length) },
    { title: texts.idle, width: 6, align: 'right', cell: (group) => countOf(group, 'idle') },
    { title: texts.working, width: 8, align: 'right', cell: (group) => countOf(group, 'working') },
    { title: texts.off, width: 5, align: 'right', cell: (group) => countOf(group, 'off') },
    ...(width >= 110
      ? [
          {
            title: texts.created,
            width: 'rest',
            cell: ({ createdAt }: GroupView) => formatTime(createdAt),
          } as const,
        ]
      : []),
  ];
}
