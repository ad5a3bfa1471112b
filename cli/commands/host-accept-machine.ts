/** openclone host accept-machine */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { MachineText } from '../../lib/model/machine-text.ts';
import { MacAddress } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
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
    const { texts } = context.output;
    const { questions, results } = texts;
    await context.confirm({
      yes,
      doing: `accepting another machine as the host "${host}"`,
      losses: async (client) => {
        const { name, systemInfo, otherMachines = [] } = await client.call('host.show', { host });
        return [
          questions.otherMachines(name, systemInfo?.systemSerial ?? texts.hosts.noSerial),
          ...(otherMachines.length === 0
            ? [questions.none]
            : otherMachines.map((machine) => machineWords(texts, machine))),
          questions.otherMachineWarning,
        ].map(printable);
      },
    });
    return withServer(context, async (client) => {
      const accepted = await client.call('host.acceptMachine', { host, ...named });
      const now = accepted.systemInfo?.systemSerial ?? null;
      const text =
        now === null
          ? results.nextMachine(accepted.name)
          : results.acceptedMachine(accepted.name, now);
      return done(context.output.quiet ? [] : [printable(text)], accepted);
    });
  },
});
