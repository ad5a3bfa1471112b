/** openclone task cancel */

import { z } from 'zod';
import { defineAction, done, withServer } from '../command.ts';
import { HostInput, TaskIdInput } from '../input.ts';
import { countOf } from '../print/words.ts';

export const taskCancel = defineAction({
  input: z.object({ id: TaskIdInput, host: HostInput.optional() }),
  run: (context, { id, host }) =>
    withServer(context, async (client) => {
      const answer = await client.call('task.cancel', { task: id, host: host ?? null });
      const text = `cancelling ${id} on ${countOf(answer.cancelled.length, 'host')}`;
      return done(context.screen.quiet ? [] : [text], answer);
    }),
});
