/** openclone host edit */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { LocalBoot } from '../../lib/model/host.ts';
import { MachineText } from '../../lib/model/machine-text.ts';
import { Hostname, MacAddress } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput, NameInput } from '../input.ts';
import { hostDetails } from '../print/hosts.ts';

export const hostEdit = defineAction({
  input: z.object({
    host: HostInput,
    name: Hostname.optional(),
    mac: MacAddress.optional(),
    group: alternative(NameInput),
    serial: alternative(MachineText),
    ip: alternative(z.ipv4('not an IPv4 address')),
    debugShell: z.boolean().optional(),
    localBoot: z.enum(LocalBoot.options, 'one of site, firmware, disk is expected').optional(),
  }),
  run: async (context, { host, name, mac, group, serial, ip, debugShell, localBoot }) => {
    if (
      [name, mac, group, serial, ip, debugShell, localBoot].every((value) => value === undefined)
    ) {
      throw new OperatorError({
        code: 'bad-argument',
        message: `changing the host "${host}": nothing to change was named`,
        hint: 'See `openclone host edit --help`.',
      });
    }
    return withServer(context, async (client) => {
      const changed = await client.call('host.edit', {
        host,
        name,
        mac,
        group,
        serialNumber: serial,
        ipAddress: ip,
        debugShell,
        localBoot,
      });
      return done(context.output.quiet ? [] : hostDetails(context.output.texts, changed), changed);
    });
  },
});

/** A text by `schema`, null for --no-…, undefined when the option was not given. */
function alternative<S extends z.ZodType>(
  schema: S,
): z.ZodOptional<z.ZodPreprocess<z.ZodNullable<S>>> {
  return z.preprocess((value) => (value === false ? null : value), schema.nullable()).optional();
}
