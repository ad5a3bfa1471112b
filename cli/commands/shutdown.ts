/** openclone shutdown */

import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import { createAndFollow } from '../follow.ts';
import { FlagInput, ShutdownModeInput, TargetsInput, UntilInput } from '../input.ts';

export const shutdown = defineAction({
  input: z.object({
    targets: TargetsInput,
    mode: ShutdownModeInput.default('power-off'),
    until: UntilInput.optional(),
    detach: FlagInput,
  }),
  run: (context, { targets, mode, until, detach }) =>
    createAndFollow(context, detach, (client) =>
      client.call('task.create', {
        targets,
        operations: [{ type: 'shutdown', mode }],
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    ),
});
