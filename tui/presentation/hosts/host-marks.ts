/** Marks on hosts: what is done next is done to all that have one. */

import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import {
  entryAt,
  resolveSelection,
  type ListSource,
  type Selection,
} from '../../components/selection.ts';

export type HostMarks = ReadonlySet<HostId>;

/** A list whose hosts can be marked, one by one or a group at once. */
export type MarkedList = { readonly place: Selection; readonly marked: HostMarks };

export const NONE_MARKED: HostMarks = new Set();

/** Whether all of `hosts` are; a group without hosts is not. */
export function areMarked(hosts: readonly HostView[], marked: HostMarks): boolean {
  return hosts.length > 0 && hosts.every(({ id }) => marked.has(id));
}

/** All of `hosts` marked, or none of them when they all were; what else is marked stays so. */
export function toggled(hosts: readonly HostView[], marked: HostMarks): HostMarks {
  const isAll = areMarked(hosts, marked);
  const next = new Set(marked);
  for (const { id } of hosts) {
    if (isAll) next.delete(id);
    else next.add(id);
  }
  return next;
}

/** `hosts` and no others, or none at all when they all were. */
export function onlyThese(hosts: readonly HostView[], marked: HostMarks): HostMarks {
  return areMarked(hosts, marked) ? NONE_MARKED : new Set(hosts.map(({ id }) => id));
}

/** What the cursor is on turned over, and the cursor on what comes next: several are marked by one key. */
export function toggledHere<Row>(
  { place, marked }: MarkedList,
  listed: ListSource<Row>,
  hostsIn: (row: Row) => readonly HostView[],
): MarkedList {
  const row = entryAt(place, listed);
  if (row === null) return { place, marked };
  const index = Math.min(listed.rows.length - 1, resolveSelection(place, listed, 1).index + 1);
  const next = listed.rows[index];
  return {
    place: { ...place, index, key: next === undefined ? null : listed.keyOf(next) },
    marked: toggled(hostsIn(row), marked),
  };
}

/** The marked ones of `hosts`, in their order; without any, what the cursor is on. */
export function markedOr(
  hosts: readonly HostView[],
  marked: HostMarks,
  current: readonly HostView[],
): readonly HostView[] {
  const chosen = marked.size === 0 ? [] : hosts.filter(({ id }) => marked.has(id));
  return chosen.length > 0 ? chosen : current;
}
