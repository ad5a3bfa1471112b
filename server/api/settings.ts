/** Operators' calls about settings of the whole server. */

import type { Handlers } from '../../lib/protocol/contract.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api.ts';
import type { Log } from '../../lib/log.ts';
import type { EventLog } from '../event-log.ts';
import type { ApiContext } from './context.ts';

type SettingsMethods = 'settings.get' | 'settings.set';

export function settingsHandlers(
  { store, operator }: Pick<ApiContext, 'store' | 'operator'>,
  { log, events }: { readonly log: Log; readonly events: EventLog },
): Pick<Handlers<OperatorMethods>, SettingsMethods> {
  return {
    'settings.get': async () => Promise.resolve(store.read().settings),
    'settings.set': async ({
      automaticRegistration,
      idleMinutes,
      captureCompression,
      afterwards,
      deployWake,
      waitHours,
      checkAddresses,
    }) => {
      const by = operator();
      const settings = await store.change((data) => {
        const { settings: now } = data;
        if (automaticRegistration !== undefined) now.automaticRegistration = automaticRegistration;
        if (idleMinutes !== undefined) now.idleMinutes = idleMinutes;
        if (captureCompression !== undefined) now.captureCompression = captureCompression;
        if (afterwards !== undefined) now.afterwards = afterwards;
        if (deployWake !== undefined) now.deployWake = deployWake;
        if (waitHours !== undefined) now.waitHours = waitHours;
        if (checkAddresses !== undefined) now.checkAddresses = checkAddresses;
        return now;
      });
      log.info({ event: 'settings', settings, by }, 'settings changed');
      events.add({ type: 'settings-changed', by });
      return settings;
    },
  };
}
