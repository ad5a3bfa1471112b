/** openclone host accept-machine */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { MachineText } from '../../lib/model/names.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { FlagInput, HostInput } from '../input.ts';
import { HOST_ARGUMENT, YES_OPTION } from '../options.ts';
import { machineWords } from '../print/hosts.ts';

export const hostAcceptMachine = defineCommand({
  path: 'host accept-machine',
  summary:
    'say that a host is another machine now: it has a new main board, or a stranger came first',
  details:
    'A machine that has told its serial number once must always tell it; another one is refused, and `openclone host ' +
    'show` and the log say so. This accepts the one that was refused, and sends away the one that was there.',
  arguments: [HOST_ARGUMENT],
  options: [
    {
      flags: '--serial <number>',
      help: 'the serial number of the machine, as on its case: needed when several were refused, or none was yet',
    },
    { flags: '--no-serial', help: 'the machine tells no serial number' },
    YES_OPTION,
  ],
  input: z.object({
    host: HostInput,
    /** False: --no-serial. Commander's default for such a pair is true. */
    serial: z.union([MachineText, z.boolean()]).default(true),
    yes: FlagInput,
  }),
  run: async (context, { host, serial, yes }) => {
    const named = serial === true ? {} : { serialNumber: serial === false ? null : serial };
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
