/** openclone task put-away */

import { render } from '../../lib/messages/render.ts';
import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { TaskIdInput } from '../input.ts';

export const taskPutAway = defineAction({
  input: z.object({ id: TaskIdInput }),
  run: (context, { id }) =>
    withServer(context, async (client) => {
      const task = await client.call('task.putAway', { task: id });
      const { texts } = context.output;
      const text = texts.tasks.putAway(render(texts.language, task.title));
      return done(context.output.quiet ? [] : [printable(text)], task);
    }),
});
