/** expectedBootOf: what a host that is woken will boot. */

import type { HostId } from '../../lib/model/ids.ts';
import { bootChoiceOf } from '../../lib/rules/boot-choice.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { Store } from '../store/store.ts';
import type { ExpectedBoot } from './wake-scheduler.ts';

/** `hasBuild`: whether there is an engine to boot, or it is somebody else who boots the hosts. */
export function expectedBootOf(
  {
    store,
    connected,
    hasBuild,
  }: {
    readonly store: Pick<Store, 'read'>;
    readonly connected: ConnectedWorkers;
    readonly hasBuild: boolean;
  },
  hostId: HostId,
): ExpectedBoot {
  if (connected.workerOn(hostId) !== undefined) return 'on';
  const data = store.read();
  const host = data.hosts.find(({ id }) => id === hostId);
  if (host === undefined) return 'unknown';
  const choice = bootChoiceOf(host, data, { hasBuild, isServing: true, now: Date.now() });
  return choice === 'disk' ? 'disk' : 'engine';
}
