/** The groups: make, rename, delete, and the way to their members. */

import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { Name } from '../../lib/model/names.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Model } from '../model.ts';
import { hostsById, hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { confirmDialog } from '../components/confirm-dialog.ts';
import { textDialog } from '../components/form-dialog.ts';
import { whyNotDeployTo } from '../presentation/hosts/host-work.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP, type Selection } from '../components/selection.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { checkWith } from '../components/text-checks.ts';
import { line } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openDeploy } from './deploy/image.ts';
import { groupMembersScreen } from './group-members.ts';
import { roomScreen } from './group.ts';

export function groupsScreen(place: Selection = TOP): Screen {
  return listScreen<GroupView>({
    name: 'groups',
    title: (model) => textsOf(model.language).groups.title,
    place,
    at: groupsScreen,
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
}

function groupCommands(group: GroupView | null, model: Model, screen: Screen): Command[] {
  const { groups: texts, common, deploy, hosts } = textsOf(model.language);
  const none = group === null ? texts.empty : null;
  const does = (action: (chosen: GroupView) => Action): Command['run'] => {
    return () => stay(screen, ...(group === null ? [] : [action(group)]));
  };
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.membersHelp,
      whyNot: none,
      run: does(({ id }) => ({ type: 'push', screen: groupMembersScreen(id) })),
    },
    {
      name: 'deploy',
      keys: ['d'],
      label: deploy.deploy,
      help: deploy.deployGroupHelp,
      whyNot: none ?? (group === null ? null : whyNotDeployTo(hostsOf(idsOf(group), model))),
      run: () =>
        stay(screen, ...(group === null ? [] : openDeploy(model, { hostIds: idsOf(group) }))),
    },
    {
      name: 'room',
      keys: ['v'],
      label: hosts.room,
      help: hosts.groupRoomHelp,
      whyNot: none,
      run: does(({ id }) => ({ type: 'push', screen: roomScreen({ groupId: id }) })),
    },
    {
      name: 'add',
      keys: ['n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      whyNot: null,
      run: () => stay(screen, addDialog(model)),
    },
    {
      name: 'rename',
      keys: ['e'],
      label: texts.rename,
      help: texts.renameHelp,
      whyNot: none,
      run: does((chosen) => renameDialog(chosen, model)),
    },
    {
      name: 'delete',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      whyNot: none,
      run: does((chosen) => deleteDialog(chosen, model)),
    },
  ];
}

function idsOf({ hosts }: GroupView): HostId[] {
  return hosts.map(({ id }) => id);
}

function addDialog(model: Model): Action {
  const texts = textsOf(model.language).groups;
  const dialog = textDialog({
    name: 'group-add',
    title: texts.addTitle,
    label: texts.add,
    prompt: texts.prompt,
    text: '',
    check: (text) => checkName(text, model.groups, model),
    submit: (name) => [
      request(texts.adding(name), 'group.create', { name, hosts: [] }, () => [
        { type: 'notice', text: texts.added(name), isBad: false },
      ]),
    ],
  });
  return { type: 'push', screen: dialog };
}

function renameDialog(group: GroupView, model: Model): Action {
  const texts = textsOf(model.language).groups;
  const others = model.groups.filter(({ id }) => id !== group.id);
  const dialog = textDialog({
    name: 'group-rename',
    title: texts.renameTitle(group.name),
    label: texts.rename,
    prompt: texts.prompt,
    text: group.name,
    check: (text) => checkName(text, others, model),
    submit: (name) => [
      request(
        texts.renaming(group.name),
        'group.edit',
        { group: group.id, name, add: [], remove: [] },
        () => [{ type: 'notice', text: texts.renamed(name), isBad: false }],
      ),
    ],
  });
  return { type: 'push', screen: dialog };
}

function deleteDialog(group: GroupView, model: Model): Action {
  const texts = textsOf(model.language).groups;
  const dialog = confirmDialog(
    texts.removeTitle(group.name),
    [texts.loses(group.name, group.hosts.length)],
    texts.remove,
    [
      request(texts.removing(group.name), 'group.delete', { group: group.id }, () => [
        { type: 'notice', text: texts.removed(group.name), isBad: false },
      ]),
    ],
  );
  return { type: 'push', screen: dialog };
}

function checkName(text: string, others: readonly GroupView[], model: Model): string | null {
  const isTaken = others.some(({ name }) => name.toLowerCase() === text.toLowerCase());
  return checkWith(Name, text) ?? (isTaken ? textsOf(model.language).groups.nameTaken : null);
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
