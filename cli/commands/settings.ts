/** openclone settings */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { fields } from '../print/table.ts';

export const settings = defineCommand({
  path: 'settings',
  summary: 'show or change what holds for the whole server',
  details:
    'With automatic registration, hosts that nobody knows boot the engine and are taken in without approval; without ' +
    'it, they boot their own disks.',
  options: [{ flags: '--automatic-registration <on|off>', help: 'take unknown hosts in' }],
  input: z.object({
    automaticRegistration: z
      .enum(['on', 'off'], 'on or off is expected')
      .transform((word) => word === 'on')
      .optional(),
  }),
  run: (context, { automaticRegistration }) =>
    withServer(context, async (client) => {
      const now =
        automaticRegistration === undefined
          ? await client.call('settings.get', {})
          : await client.call('settings.set', { automaticRegistration });
      const text = fields([['Automatic registration', now.automaticRegistration ? 'on' : 'off']]);
      return done(context.screen.quiet && automaticRegistration !== undefined ? [] : text, now);
    }),
});
