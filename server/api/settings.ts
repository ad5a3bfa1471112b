/** Operators' calls about settings of the whole server. */

import { OperatorError } from '../../lib/errors.ts';
import type { Settings, SettingsChange } from '../../lib/model/settings.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { SETTINGS_METHODS } from '../../lib/protocol/operator-api/settings.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';

export function settingsHandlers({
  store,
  log,
}: Pick<ApiContext, 'store' | 'log'>): Handlers<typeof SETTINGS_METHODS, [Caller]> {
  return {
    'settings.get': async () => Promise.resolve(store.read().settings),
    'settings.set': async (change, { store: own, identity }) => {
      const by = identity.name;
      const settings = await own.change((data) => {
        const after = settingsAfter(data.settings, change, Date.now());
        // Field by field: a setting that stays as it is changes nothing, and a store without a change is not written.
        Object.assign(data.settings, after);
        if (!('automaticRegistrationUntil' in after))
          delete data.settings.automaticRegistrationUntil;
        return data.settings;
      });
      log.info({ event: 'settings', settings, by }, 'settings changed');
      return settings;
    },
  };
}

/** Throws `bad-argument` for automatic registration that is to be off for some time. */
function settingsAfter(
  settings: Settings,
  { automaticRegistration, automaticRegistrationMinutes: minutes, ...others }: SettingsChange,
  now: number,
): Settings {
  if (automaticRegistration === false && minutes !== undefined) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `changing the settings: automatic registration cannot be off for ${minutes} minutes`,
      hint: 'Switch it on for that time, or off.',
    });
  }
  const changed: Settings = { ...settings, ...defined(others) };
  if (automaticRegistration === undefined && minutes === undefined) return changed;
  changed.automaticRegistration = automaticRegistration ?? true;
  if (minutes === undefined) delete changed.automaticRegistrationUntil;
  else changed.automaticRegistrationUntil = new Date(now + minutes * 60_000).toISOString();
  return changed;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is absent: it would come in the place of what is there. */
function defined<T extends object>(change: T): Defined<T>;
function defined(change: object): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
