/** openclone task list */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { wholeNumberInput } from '../input.ts';
import { taskTable } from '../print/tasks.ts';

export const taskList = defineAction({
  input: z.object({ limit: wholeNumberInput(1, 10_000).default(20) }),
  run: (context, { limit }) =>
    withServer(context, async (client) => {
      const tasks = await client.call('task.list', { limit });
      return done(taskTable(context.output.texts, tasks), tasks);
    }),
});
