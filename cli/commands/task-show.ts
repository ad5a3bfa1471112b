/** openclone task show */

import { z } from 'zod';
import { defineAction, done, withServer } from '../command.ts';
import { TaskIdInput } from '../input.ts';
import { taskDetails } from '../print/tasks.ts';

export const taskShow = defineAction({
  input: z.object({ id: TaskIdInput }),
  run: (context, { id }) =>
    withServer(context, async (client) => {
      const found = await client.call('task.show', { task: id });
      return done(taskDetails(context.output.texts, { ...found, sessions: [] }), found);
    }),
});
