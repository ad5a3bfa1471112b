/** Who is in a group: all hosts, with a mark at those that are; saved together. */

import type { HostView } from '../../lib/model/host.ts';
import type { GroupId, HostId } from '../../lib/model/ids.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Model } from '../model.ts';
import { confirmDialog } from '../components/confirm-dialog.ts';
import { stateSpan } from '../presentation/hosts/host-state.ts';
import { listScreen } from '../components/list-screen.ts';
import { TOP, type Selection } from '../components/selection.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** What was changed and is not saved: true for hosts that come, false for those that go. */
type Changes = ReadonlyMap<HostId, boolean>;

export function groupMembersScreen(
  groupId: GroupId,
  changes: Changes = new Map(),
  place: Selection = TOP,
): Screen {
  const isMember = (host: HostView): boolean => changes.get(host.id) ?? host.groupId === groupId;
  return listScreen<HostView>({
    name: 'group-members',
    title: (model) =>
      textsOf(model.language).groups.membersTitle(groupOf(groupId, model)?.name ?? ''),
    place,
    at: (next) => groupMembersScreen(groupId, changes, next),
    rows: (model) => hostsFor(groupId, model),
    keyOf: ({ id }) => id,
    isMarked: isMember,
    columns,
    head: (rows, model) => {
      const { joining, leaving } = countsOf(changes);
      const members = rows.filter(isMember).length;
      const text = textsOf(model.language).groups.members(members, joining, leaving);
      return line(span(` ${text}`, changes.size === 0 ? 'plain' : 'warn'));
    },
    empty: (model) => [textsOf(model.language).groups.noHosts],
    commands: (host, model, screen) =>
      commandsFor(groupId, changes, place, { host, model, screen }),
  });
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
  groupId: GroupId,
  changes: Changes,
  place: Selection,
  { host, model, screen }: { host: HostView | null; model: Model; screen: Screen },
): Command[] {
  const { groups: texts, common } = textsOf(model.language);
  const group = groupOf(groupId, model);
  const { joining, leaving } = countsOf(changes);
  return [
    {
      name: 'mark',
      keys: ['space', 'enter'],
      label: texts.mark,
      help: texts.markHelp,
      whyNot: host === null ? texts.noHosts : null,
      run: () => {
        if (host === null) return stay(screen);
        const next = withToggled(changes, host, groupId);
        const index = Math.min(place.index + 1, hostsFor(groupId, model).length - 1);
        return stay(groupMembersScreen(groupId, next, { ...place, index, key: null }));
      },
    },
    {
      name: 'save',
      keys: ['s'],
      label: texts.save,
      help: texts.saveHelp,
      whyNot: changes.size === 0 ? texts.nothingToSave : group === null ? texts.gone : null,
      run: () => stay(screen, ...(group === null ? [] : saveActions(group, changes, model))),
    },
    ...(changes.size === 0
      ? []
      : [
          {
            name: 'leave',
            keys: ['escape'],
            label: common.back,
            help: common.backHelp,
            whyNot: null,
            run: () =>
              stay(screen, {
                type: 'push',
                screen: confirmDialog(
                  texts.discardTitle,
                  [texts.discardText(joining, leaving)],
                  texts.discard,
                  [{ type: 'pop' }],
                ),
              }),
          },
        ]),
  ];
}

function withToggled(changes: Changes, host: HostView, groupId: GroupId): Changes {
  const next = new Map(changes);
  const was = host.groupId === groupId;
  const wanted = !(changes.get(host.id) ?? was);
  if (wanted === was) next.delete(host.id);
  else next.set(host.id, wanted);
  return next;
}

/** The screen goes when the server has agreed: what it refuses can be put right and saved again. */
function saveActions(group: GroupView, changes: Changes, model: Model): readonly Action[] {
  const texts = textsOf(model.language).groups;
  const those = (wanted: boolean): HostId[] =>
    [...changes].filter(([, comes]) => comes === wanted).map(([id]) => id);
  const edit = { group: group.id, add: those(true), remove: those(false) };
  return [
    request(texts.saving(group.name), 'group.edit', edit, () => [
      { type: 'close', name: 'group-members' },
      { type: 'notice', text: texts.saved(group.name), isBad: false },
    ]),
  ];
}

function countsOf(changes: Changes): { readonly joining: number; readonly leaving: number } {
  const joining = [...changes.values()].filter((comes) => comes).length;
  return { joining, leaving: changes.size - joining };
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
    { title: texts.state, width: 14, cell: (host) => stateSpan(host, model) },
    {
      title: texts.address,
      width: 15,
      cell: ({ address, ipAddress }) => address ?? ipAddress ?? '-',
    },
  ];
}
