/** openclone host accept-machine */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { MacAddress, MachineText } from '../../lib/model/names.ts';
import { defineAction, done, withServer } from '../command.ts';
import { FlagInput, HostInput } from '../input.ts';
import { machineWords } from '../print/hosts.ts';

export const hostAcceptMachine = defineAction({
  input: z.object({
    host: HostInput,
    /** False: --no-serial. Commander's default for such a pair is true. */
    serial: z.union([MachineText, z.boolean()]).default(true),
    adapter: MacAddress.optional(),
    yes: FlagInput,
  }),
  run: async (context, { host, serial, adapter, yes }) => {
    const named = {
      ...(serial === true ? {} : { serialNumber: serial === false ? null : serial }),
      ...(adapter === undefined ? {} : { hardwareAddress: adapter }),
    };
    await context.confirm({
      yes,
      doing: `accepting another machine as the host "${host}"`,
      losses: async (client) => {
        const { name, systemInfo, otherMachines = [] } = await client.call('host.show', { host });
        return [
          `${name} has been the machine with serial number ${systemInfo?.systemSerial ?? 'none'}. Refused since:`,
          ...(otherMachines.length === 0 ? ['none'] : otherMachines.map(machineWords)),
          'Look at the case of the machine: whoever is accepted gets the work and the images of this host.',
        ].map(printable);
      },
    });
    return withServer(context, async (client) => {
      const accepted = await client.call('host.acceptMachine', { host, ...named });
      const now = accepted.systemInfo?.systemSerial ?? null;
      const text =
        now === null
          ? `${accepted.name} is the machine that comes next from now on`
          : `${accepted.name} is the machine with serial number ${now} from now on`;
      return done(context.screen.quiet ? [] : [printable(text)], accepted);
    });
  },
});
