/** Who is in a group: all hosts, with a mark at those that are; saved together. */

import type { HostView } from '../../lib/model/host.ts';
import type { GroupId, HostId } from '../../lib/model/ids.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Model } from '../model.ts';
import { discardCommand } from '../components/discard-command.ts';
import { conditionSpan } from '../presentation/hosts/host-condition.ts';
import { listScreen } from '../components/list-screen.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { notice, request } from '../actions.ts';
import { perform, reaction, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, MemberChanges, ScreenStates } from '../screen-states.ts';

type MembersState = ScreenStates['group-members'];

export const GROUP_MEMBERS = listScreen<HostView, MembersState>({
  list: 'group-members',
  title: ({ groupId }, model) =>
    textsOf(model.language).groups.membersTitle(groupOf(groupId, model)?.name ?? ''),
  rows: (model, { groupId }) => hostsFor(groupId, model),
  keyOf: ({ id }) => id,
  isMarked: isMember,
  columns,
  head: (rows, model, state) => {
    const { joining, leaving } = countsOf(state.changes);
    const members = rows.filter((host) => isMember(host, state)).length;
    const text = textsOf(model.language).groups.members(members, joining, leaving);
    return line(span(` ${text}`, joining + leaving === 0 ? 'plain' : 'warn'));
  },
  empty: (model) => [textsOf(model.language).groups.noHosts],
  commands: commandsFor,
});

function isMember(host: HostView, { changes, groupId }: MembersState): boolean {
  return changes[host.id] ?? host.groupId === groupId;
}

const sortCache = new WeakMap<readonly HostView[], Map<GroupId, readonly HostView[]>>();

/** Members first, then those without a group, then the others; by name. Sorted once per list of hosts. */
function hostsFor(groupId: GroupId, { hosts }: Model): readonly HostView[] {
  const known = sortCache.get(hosts) ?? new Map<GroupId, readonly HostView[]>();
  sortCache.set(hosts, known);
  const before = known.get(groupId);
  if (before !== undefined) return before;
  const rank = (host: HostView): number =>
    host.groupId === groupId ? 0 : host.groupId === null ? 1 : 2;
  const sorted = hosts.toSorted(
    (one, other) => rank(one) - rank(other) || COLLATOR.compare(one.name, other.name),
  );
  known.set(groupId, sorted);
  return sorted;
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

function commandsFor(
  host: HostView | null,
  model: Model,
  state: MembersState,
): Command<MembersState>[] {
  const { groupId, changes, selection } = state;
  const { groups: texts } = textsOf(model.language);
  const group = groupOf(groupId, model);
  const { joining, leaving } = countsOf(changes);
  const isChanged = joining + leaving > 0;
  const question = {
    title: texts.discardTitle,
    text: texts.discardText(joining, leaving),
    label: texts.discard,
  };
  return [
    {
      name: 'mark',
      keys: ['space', 'enter'],
      label: texts.mark,
      help: texts.markHelp,
      disabledReason: host === null ? texts.noHosts : null,
      run: () => {
        if (host === null) return perform();
        const next = withToggled(changes, host, groupId);
        const index = Math.min(selection.index + 1, hostsFor(groupId, model).length - 1);
        const below = { ...selection, index, key: null };
        return reaction({ groupId, changes: next, selection: below });
      },
    },
    {
      name: 'save',
      keys: ['s'],
      label: texts.save,
      help: texts.saveHelp,
      disabledReason: !isChanged ? texts.nothingToSave : group === null ? texts.gone : null,
      run: () => perform(...(group === null ? [] : saveActions(group, changes, model))),
    },
    ...(isChanged ? [discardCommand('group-members', question, model)] : []),
  ];
}

function withToggled(changes: MemberChanges, host: HostView, groupId: GroupId): MemberChanges {
  const was = host.groupId === groupId;
  const wanted = !(changes[host.id] ?? was);
  if (wanted !== was) return { ...changes, [host.id]: wanted };
  return Object.fromEntries(Object.entries(changes).filter(([id]) => id !== host.id));
}

/** The screen goes when the server has agreed: what it refuses can be put right and saved again. */
function saveActions(group: GroupView, changes: MemberChanges, model: Model): readonly Action[] {
  const texts = textsOf(model.language).groups;
  const those = (wanted: boolean): HostId[] =>
    model.hosts.filter(({ id }) => changes[id] === wanted).map(({ id }) => id);
  const edit = { group: group.id, add: those(true), remove: those(false) };
  return [
    request(texts.saving(group.name), 'group.edit', edit, [
      { type: 'close', name: 'group-members' },
      notice(texts.saved(group.name)),
    ]),
  ];
}

function countsOf(changes: MemberChanges): { readonly joining: number; readonly leaving: number } {
  const all = Object.values(changes);
  const joining = all.filter((comes) => comes).length;
  return { joining, leaving: all.length - joining };
}

function groupOf(groupId: GroupId, { groups }: Model): GroupView | null {
  return groups.find(({ id }) => id === groupId) ?? null;
}

function columns(rows: readonly HostView[], model: Model): Column<HostView>[] {
  const texts = textsOf(model.language).groups;
  return [
    {
      title: texts.host,
      width: widthFor(
        rows.map(({ name }) => name),
        8,
        28,
      ),
      cell: ({ name }) => name,
    },
    { title: texts.now, width: 'rest', cell: ({ groupName }) => groupName ?? '-' },
    { title: texts.state, width: 14, cell: (host) => conditionSpan(host, model) },
    {
      title: texts.address,
      width: 15,
      cell: ({ address, ipAddress }) => address ?? ipAddress ?? '-',
    },
  ];
}
