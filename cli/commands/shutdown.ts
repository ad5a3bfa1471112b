/** openclone shutdown */

import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { createAndFollow } from '../follow.ts';
import { FlagInput, ShutdownModeInput, TargetsInput, UntilInput } from '../input.ts';
import { DETACH_OPTION, UNTIL_OPTION } from '../options.ts';

export const shutdown = defineCommand({
  path: 'shutdown',
  summary: 'power off or restart hosts, or end their engines',
  details:
    'Hosts with other work do that first. A host that is off does it when its engine starts next, if that is in time.',
  arguments: [{ syntax: '<targets...>', help: 'hosts and groups' }],
  options: [
    { flags: '--mode <mode>', help: 'power-off, reboot or exit (default: power-off)' },
    UNTIL_OPTION,
    DETACH_OPTION,
  ],
  input: z.object({
    targets: TargetsInput,
    mode: ShutdownModeInput.default('power-off'),
    until: UntilInput.optional(),
    detach: FlagInput,
  }),
  run: (context, { targets, mode, until, detach }) =>
    createAndFollow(context, detach, (client) =>
      client.call('task.shutdown', {
        targets,
        mode,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    ),
});
