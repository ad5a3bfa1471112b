/** Operators' call to wake hosts. */

import type { Handlers } from '../../lib/protocol/contract.ts';
import type { HOST_METHODS } from '../../lib/protocol/operator-api/hosts.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { resolveTargets } from '../resolve-targets.ts';

export function wakeHandlers({
  store,
  wakeScheduler,
}: Pick<ApiContext, 'store' | 'wakeScheduler'>): Pick<
  Handlers<typeof HOST_METHODS, [Caller]>,
  'host.wake'
> {
  return {
    'host.wake': async ({ targets }) => {
      const hosts = resolveTargets(store.read(), targets);
      const woken = new Set(wakeScheduler.wake(hosts).map(({ id }) => id));
      return Promise.resolve({
        waking: wakeScheduler.wakes.filter(({ hostId }) => woken.has(hostId)),
        alreadyOn: hosts.filter(({ id }) => !woken.has(id)).map(({ name }) => name),
      });
    },
  };
}
