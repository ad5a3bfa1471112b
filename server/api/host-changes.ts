/** Operators' call that changes many hosts at once: all of them, or none. */

import { OperatorError } from '../../lib/errors.ts';
import { conflictsOf, type HostConflict } from '../../lib/rules/host-names.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { HOST_METHODS } from '../../lib/protocol/operator-api/hosts.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { groupFinder, hostFinder } from '../lookup.ts';
import { viewHosts } from '../views/hosts.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';

export function hostChangeHandlers(
  context: ApiContext,
): Pick<Handlers<typeof HOST_METHODS, [Caller]>, 'host.editMany'> {
  return {
    'host.editMany': async ({ changes: asked }, caller) => {
      const changed = await caller.store.change((data) => {
        // All references are looked up first: afterwards a name may be another host's.
        const hostOf = hostFinder(data.hosts);
        const groupOf = groupFinder(data.groups);
        const changes = asked.map(({ host, group, ...change }) => ({
          ...change,
          host: hostOf(host).id,
          groupId: group === undefined || group === null ? group : groupOf(group).id,
        }));
        refuseTwice(
          changes.map(({ host }) => host),
          data.hosts,
        );
        const conflict = conflictsOf(data.hosts, changes).find((each) => each !== null);
        if (conflict !== undefined) throw conflictError(conflict);
        const byId = new Map(data.hosts.map((host) => [host.id, host]));
        return changes.flatMap(({ host: id, name, ipAddress, groupId }) => {
          const host = byId.get(id);
          if (host === undefined) return [];
          host.name = name ?? host.name;
          if (ipAddress !== undefined) host.ipAddress = ipAddress;
          if (groupId !== undefined) host.groupId = groupId;
          return [host];
        });
      });
      return viewHosts(context, changed);
    },
  };
}

/** Throws `bad-argument`: which of two changes of the same host would count? */
function refuseTwice(ids: readonly HostId[], hosts: readonly Host[]): void {
  const seen = new Set<HostId>();
  for (const id of ids) {
    if (seen.has(id)) {
      throw new OperatorError({
        code: 'bad-argument',
        message: `changing hosts: ${hosts.find((host) => host.id === id)?.name ?? id} is named twice`,
        hint: 'Name every host once.',
      });
    }
    seen.add(id);
  }
}

function conflictError({ type, wanted, other }: HostConflict): OperatorError {
  const holder = other?.name ?? '';
  const by = other?.isChanged === true ? `${holder} is to have it as well` : `${holder} has it`;
  switch (type) {
    case 'invalid-name':
      return new OperatorError({
        code: 'bad-argument',
        message: `naming a host "${wanted}": that is no host name`,
        hint: 'Letters, digits and dashes, 63 at most. No host was changed.',
        reason: message('name.not-of-host'),
      });
    case 'name-taken':
      return new OperatorError({
        code: 'name-taken',
        message: `naming a host "${wanted}": ${by}`,
        hint: 'Choose other names; capitals make no difference. No host was changed.',
      });
    case 'address-taken':
      return new OperatorError({
        code: 'not-allowed',
        message: `giving a host the address ${wanted}: ${by}`,
        hint: 'Choose other addresses. No host was changed.',
      });
    default:
      return unreachable(type);
  }
}
