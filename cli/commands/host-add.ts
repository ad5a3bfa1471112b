/** openclone host add */

import { z } from 'zod';
import { Hostname, MacAddress } from '../../lib/model/names.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { NameInput } from '../input.ts';
import { hostDetails } from '../print/hosts.ts';

export const hostAdd = defineCommand({
  path: 'host add',
  summary: 'make a host known before it has ever started from the network',
  details: 'It is approved at once: work that it is given waits for it.',
  arguments: [{ syntax: '<mac>', help: 'the MAC address it boots with' }],
  options: [
    { flags: '--name <name>', help: 'the name operators see' },
    { flags: '--group <group>', help: 'put it into this group' },
    { flags: '--ip <address>', help: 'the IPv4 address' },
  ],
  input: z.object({
    mac: MacAddress,
    name: Hostname.optional(),
    group: NameInput.optional(),
    ip: z.ipv4('not an IPv4 address').optional(),
  }),
  run: (context, { mac, name, group, ip }) =>
    withServer(context, async (client) => {
      const added = await client.call('host.add', { mac, name, group, ipAddress: ip });
      return done(context.screen.quiet ? [] : hostDetails(added), added);
    }),
});
