/** What the targets of a task are called in its title. */

import type { StoreData } from '../store/schema.ts';

/** The names, and how many there are besides. */
export type NamedTargets = { targets: string[]; more: number };

/** More names than these do not help anybody to find the task again. */
const MOST_NAMES = 8;

/**
 * The targets as the operator named them, ids by their names; when exactly the hosts of one group were named by their
 * ids, the group's name stands for them.
 */
export function nameTargets(
  { hosts, groups }: Pick<StoreData, 'hosts' | 'groups'>,
  targets: readonly string[],
): NamedTargets {
  const asked = new Set(targets);
  const chosen = hosts.filter(({ id }) => asked.has(id));
  const [first] = chosen;
  if (first !== undefined && first.groupId !== null && chosen.length === asked.size) {
    const members = hosts.filter(({ groupId }) => groupId === first.groupId);
    const isWhole = members.length === chosen.length && members.every(({ id }) => asked.has(id));
    const group = groups.find(({ id }) => id === first.groupId);
    if (isWhole && members.length > 1 && group !== undefined)
      return { targets: [group.name], more: 0 };
  }
  const names = new Map([...hosts, ...groups].map(({ id, name }) => [String(id), name]));
  const words = [...asked].map((target) => names.get(target) ?? target);
  const more = words.length - MOST_NAMES;
  return more > 1 ? { targets: words.slice(0, MOST_NAMES), more } : { targets: words, more: 0 };
}
