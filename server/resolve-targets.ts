/** The hosts that an operator's targets mean, or an error that says which of them is unclear. */

import { OperatorError } from '../lib/errors.ts';
import type { Group } from '../lib/model/group.ts';
import type { Host } from '../lib/model/host.ts';
import type { HostId } from '../lib/model/ids.ts';
import { refusalFor } from '../lib/rules/capability.ts';
import { targetsByName, type Target } from '../lib/rules/targets.ts';
import { unreachable } from '../lib/unreachable.ts';
import { compareNames } from './compare-names.ts';
import { ambiguousHost, refuseIf } from './lookup.ts';

type Inventory = { readonly hosts: readonly Host[]; readonly groups: readonly Group[] };

/** Hosts and the hosts of groups, each once, by name. Throws `not-found`, `bad-argument`, or `not-allowed` for an empty group. */
export function resolveTargets(inventory: Inventory, targets: readonly string[]): Host[] {
  const meaningOf = targetsByName(inventory);
  const chosen = new Map<HostId, Host>();
  for (const target of targets) {
    for (const host of hostsOf(inventory, target, meaningOf(target))) chosen.set(host.id, host);
  }
  return [...chosen.values()].toSorted((one, other) => compareNames(one.name, other.name));
}

function hostsOf(
  { groups }: Inventory,
  reference: string,
  target: Target<Host, Group>,
): readonly Host[] {
  switch (target.type) {
    case 'host':
      return [target.host];
    case 'group':
      refuseIf(
        refusalFor('group.deploy', { hosts: target.hosts.length }),
        `choosing the hosts of "${reference}"`,
      );
      return target.hosts;
    case 'several-hosts':
      throw ambiguousHost(reference, target.hosts);
    case 'host-and-group':
      throw new OperatorError({
        code: 'bad-argument',
        message: `finding the target "${reference}": a host and a group have that name`,
        hint: `Name the host by its MAC address ${target.host.mac}, or rename the group.`,
      });
    case 'unknown':
      throw unknownTarget(groups, reference);
    default:
      return unreachable(target);
  }
}

function unknownTarget(groups: readonly Group[], reference: string): OperatorError {
  const names = groups.map(({ name }) => name).join(', ');
  return new OperatorError({
    code: 'not-found',
    message: `finding the target "${reference}": there is no host and no group of that name`,
    hint: `\`openclone host list\` shows the hosts; groups: ${names === '' ? 'none' : names}.`,
  });
}
