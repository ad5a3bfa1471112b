/** openclone settings */

import { z } from 'zod';
import { LANGUAGES } from '../../lib/model/language.ts';
import { Compression } from '../../lib/model/image.ts';
import {
  RegistrationMinutes,
  type Afterwards,
  type Settings,
  type SettingsChange,
} from '../../lib/model/settings.ts';
import { parseWaitEnd } from '../../lib/client/wait-end.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { wholeNumberInput } from '../input.ts';
import { formatMoment } from '../../lib/format.ts';
import type { Texts } from '../text/catalogue.ts';
import { fields } from '../print/table.ts';

const OnOff = z.enum(['on', 'off'], 'on or off is expected').transform((word) => word === 'on');

type Registration = Pick<SettingsChange, 'automaticRegistration' | 'automaticRegistrationMinutes'>;

/** "on", "off", or for how long or until when it is on. */
const RegistrationInput = z.string().transform((text, context): Registration => {
  if (text === 'on' || text === 'off') return { automaticRegistration: text === 'on' };
  const waitMs = parseWaitEnd(text, Date.now());
  const minutes = RegistrationMinutes.safeParse(Math.round((waitMs ?? 0) / 60_000));
  if (minutes.success) return { automaticRegistrationMinutes: minutes.data };
  context.addIssue('on, off or a time of at most a day (30m, 2h, 18:00) is expected');
  return z.NEVER;
});

export const settings = defineAction({
  input: z.object({
    automaticRegistration: RegistrationInput.optional(),
    compression: z.enum(Compression.options, 'one of zstd, lzo, gzip, none is expected').optional(),
    afterwards: z
      .enum(['wait', 'shutdown', 'reboot'], 'one of wait, shutdown, reboot is expected')
      .transform(afterwardsOf)
      .optional(),
    deployWake: OnOff.optional(),
    waitHours: wholeNumberInput(1, 366 * 24).optional(),
    checkAddresses: OnOff.optional(),
    hostLanguage: z.enum(LANGUAGES, 'one of en, de is expected').optional(),
  }),
  run: (
    context,
    {
      automaticRegistration,
      compression,
      afterwards,
      deployWake,
      waitHours,
      checkAddresses,
      hostLanguage,
    },
  ) =>
    withServer(context, async (client) => {
      const change = {
        ...automaticRegistration,
        ...(compression === undefined ? {} : { captureCompression: compression }),
        ...(afterwards === undefined ? {} : { afterwards }),
        ...(deployWake === undefined ? {} : { deployWake }),
        ...(waitHours === undefined ? {} : { waitHours }),
        ...(checkAddresses === undefined ? {} : { checkAddresses }),
        ...(hostLanguage === undefined ? {} : { hostLanguage }),
      };
      const isChange = Object.keys(change).length > 0;
      const now = isChange
        ? await client.call('settings.set', change)
        : await client.call('settings.get', {});
      return done(
        context.output.quiet && isChange ? [] : settingsLines(context.output.texts, now),
        now,
      );
    }),
});

function afterwardsOf(word: 'wait' | 'shutdown' | 'reboot'): Afterwards {
  if (word === 'wait') return null;
  return word === 'shutdown' ? 'power-off' : word;
}

function settingsLines({ status }: Texts, now: Settings): string[] {
  const onOff = (isOn: boolean): string => (isOn ? status.switches.on : status.switches.off);
  return fields([
    [status.registration, registrationText(status, now)],
    [status.compression, now.captureCompression],
    [status.afterwards, now.afterwards === 'power-off' ? 'shutdown' : (now.afterwards ?? 'wait')],
    [status.deployWake, onOff(now.deployWake)],
    [status.waitHours, `${now.waitHours} h`],
    [status.checkAddresses, onOff(now.checkAddresses !== false)],
    [status.hostLanguage, status.languages[now.hostLanguage]],
  ]);
}

function registrationText(
  texts: Texts['status'],
  { automaticRegistration, automaticRegistrationUntil: until }: Settings,
): string {
  if (!automaticRegistration) return texts.switches.off;
  return until === undefined ? texts.switches.on : texts.registrationUntil(formatMoment(until));
}
