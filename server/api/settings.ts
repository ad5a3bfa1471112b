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
    'settings.set': async ({ automaticRegistration, idleMinutes }) => {
      const by = operator();
      const settings = await store.change((data) => {
        if (automaticRegistration !== undefined) {
          data.settings.automaticRegistration = automaticRegistration;
        }
        if (idleMinutes !== undefined) data.settings.idleMinutes = idleMinutes;
        return data.settings;
      });
      log.info({ event: 'settings', settings, by }, 'settings changed');
      events.add({ type: 'settings-changed', by });
      return settings;
    },
  };
}
