/** openclone task show */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { TaskIdInput } from '../input.ts';
import { taskDetails } from '../print/tasks.ts';

export const taskShow = defineCommand({
  path: 'task show',
  summary: 'show a task: its hosts, their steps and errors',
  arguments: [{ syntax: '<id>', help: 'the id of a task' }],
  input: z.object({ id: TaskIdInput }),
  run: (context, { id }) =>
    withServer(context, async (client) => {
      const found = await client.call('task.show', { task: id });
      return done(taskDetails({ ...found, sessions: [] }), found);
    }),
});
