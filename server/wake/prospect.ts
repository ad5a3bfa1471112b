/** What a host that is woken will do. */

import type { HostId } from '../../lib/model/ids.ts';
import { bootChoiceOf } from '../../lib/rules/boot-choice.ts';
import type { Live } from '../workers/live.ts';
import type { Store } from '../store/store.ts';
import type { Prospect } from './waker.ts';

/** `hasBuild`: whether there is an engine to boot, or it is somebody else who boots the hosts. */
export function prospectOf(
  {
    store,
    live,
    hasBuild,
  }: { readonly store: Pick<Store, 'read'>; readonly live: Live; readonly hasBuild: boolean },
  hostId: HostId,
): Prospect {
  if (live.workerOn(hostId) !== undefined) return 'on';
  const data = store.read();
  const host = data.hosts.find(({ id }) => id === hostId);
  if (host === undefined) return 'unknown';
  const choice = bootChoiceOf(host, data, { hasBuild, isServing: true, now: Date.now() });
  return choice === 'disk' ? 'disk' : 'engine';
}
