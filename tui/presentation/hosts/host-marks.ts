/** Marks on hosts: what is done next is done to all that have one. */

import type { HostView } from '../../../lib/model/host.ts';
import { entryAt, resolveSelection, type ListSource } from '../../values/selection.ts';
import { NONE_MARKED, type HostMarks, type MarkedList } from '../../values/host-list-state.ts';

export function isMarked({ id }: Pick<HostView, 'id'>, marked: HostMarks): boolean {
  return marked[id] === true;
}

const counts = new WeakMap<HostMarks, number>();

/** Counted once for each set of marks: it is asked for several times with every key, and 10,000 hosts are many. */
export function countMarked(marked: HostMarks): number {
  const count = counts.get(marked) ?? Object.keys(marked).length;
  counts.set(marked, count);
  return count;
}

/** Whether all of `hosts` are; a group without hosts is not. */
export function areMarked(hosts: readonly HostView[], marked: HostMarks): boolean {
  return hosts.length > 0 && hosts.every((host) => isMarked(host, marked));
}

/** All of `hosts` marked, or none of them when they all were; what else is marked stays so. */
export function toggled(hosts: readonly HostView[], marked: HostMarks): HostMarks {
  const isAll = areMarked(hosts, marked);
  if (!isAll) return { ...marked, ...marksOn(hosts) };
  const all = new Set<string>(hosts.map(({ id }) => id));
  return Object.fromEntries(Object.entries(marked).filter(([id]) => !all.has(id)));
}

/** `hosts` and no others, or none at all when they all were. */
export function onlyThese(hosts: readonly HostView[], marked: HostMarks): HostMarks {
  return areMarked(hosts, marked) ? NONE_MARKED : marksOn(hosts);
}

function marksOn(hosts: readonly HostView[]): HostMarks {
  return Object.fromEntries(hosts.map(({ id }) => [id, true] as const));
}

/** What the cursor is on turned over, and the cursor on what comes next: several are marked by one key. */
export function toggledHere<Row>(
  { selection, marked }: MarkedList,
  listed: ListSource<Row>,
  hostsIn: (row: Row) => readonly HostView[],
): MarkedList {
  const row = entryAt(selection, listed);
  if (row === null) return { selection, marked };
  const index = Math.min(listed.rows.length - 1, resolveSelection(selection, listed, 1).index + 1);
  const next = listed.rows[index];
  return {
    selection: { ...selection, index, key: next === undefined ? null : listed.keyOf(next) },
    marked: toggled(hostsIn(row), marked),
  };
}

/** The marked ones of `hosts`, in their order; without any, what the cursor is on. */
export function markedOr(
  hosts: readonly HostView[],
  marked: HostMarks,
  current: readonly HostView[],
): readonly HostView[] {
  const chosen = countMarked(marked) === 0 ? [] : hosts.filter((host) => isMarked(host, marked));
  return chosen.length > 0 ? chosen : current;
}
