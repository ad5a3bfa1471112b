/** openclone host add */

import { z } from 'zod';
import { Hostname, MacAddress } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';
import { hostDetails } from '../print/hosts.ts';

export const hostAdd = defineAction({
  input: z.object({
    mac: MacAddress,
    name: Hostname.optional(),
    group: NameInput.optional(),
    ip: z.ipv4('not an IPv4 address').optional(),
  }),
  run: (context, { mac, name, group, ip }) =>
    withServer(context, async (client) => {
      const added = await client.call('host.add', { mac, name, group, ipAddress: ip });
      return done(context.output.quiet ? [] : hostDetails(context.output.texts, added), added);
    }),
});
