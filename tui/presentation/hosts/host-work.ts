/** Whether hosts may get work: the reason of the first one that may not, with its name. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { Message } from '../../../lib/model/message.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import type { HostView } from '../../../lib/model/host.ts';

export function refusalForWork(hosts: readonly HostView[]): DisabledReason | null {
  return firstReason(hosts, ({ approval }) => refusalFor('host.work', { approval }));
}

/** Why nothing can be deployed to these hosts; null when it can. */
export function refusalForTargets(hosts: readonly HostView[]): DisabledReason | null {
  return refusalFor('group.deploy', { hosts: hosts.length }) ?? refusalForWork(hosts);
}

export function firstReason(
  hosts: readonly HostView[],
  reasonOf: (host: HostView) => Message | null,
): DisabledReason | null {
  for (const host of hosts) {
    const reason = reasonOf(host);
    if (reason !== null) return { host: host.name, reason };
  }
  return null;
}
