/** openclone host approve */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { HostInput } from '../input.ts';
import { hostTable } from '../print/hosts.ts';

export const hostApprove = defineCommand({
  path: 'host approve',
  summary: 'take in hosts that have registered and wait for approval',
  details:
    '`openclone host list` shows who waits; `openclone host delete` refuses one. With automatic registration ' +
    '(`openclone settings`) hosts are taken in by themselves.',
  arguments: [{ syntax: '<hosts...>', help: 'hosts by name, MAC address, IP address or id' }],
  input: z.object({ hosts: z.array(HostInput).min(1, 'name at least one host') }),
  run: (context, { hosts }) =>
    withServer(context, async (client) => {
      const approved = await client.call('host.approve', { hosts });
      return done(context.screen.quiet ? [] : hostTable(approved), approved);
    }),
});
