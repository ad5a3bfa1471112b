/** openclone task cancel */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput, TaskIdInput } from '../input.ts';

export const taskCancel = defineAction({
  input: z.object({ id: TaskIdInput, host: HostInput.optional() }),
  run: (context, { id, host }) =>
    withServer(context, async (client) => {
      const answer = await client.call('task.cancel', { task: id, host: host ?? null });
      const text = context.output.texts.tasks.cancelling(id, answer.cancelled.length);
      return done(context.output.quiet ? [] : [text], answer);
    }),
});
