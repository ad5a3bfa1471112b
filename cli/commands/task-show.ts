/** openclone task show */

import { z } from 'zod';
import { workingHostsOf } from '../../lib/client/host-news.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { TaskIdInput } from '../input.ts';
import { taskDetails } from '../print/tasks.ts';

export const taskShow = defineAction({
  input: z.object({ id: TaskIdInput }),
  run: (context, { id }) =>
    withServer(context, async (client) => {
      const { output } = context;
      const found = await client.call('task.show', { task: id });
      if (output.json) return done([], found);
      const [status, images] = await Promise.all([
        client.call('status.get', {}),
        client.call('image.list', {}),
      ]);
      const view = { ...found, sessions: [], working: workingHostsOf(status) };
      return done(taskDetails(output.texts, view, images), found);
    }),
});
