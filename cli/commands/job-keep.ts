/** openclone job keep */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { Name } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { TaskIdInput } from '../input.ts';

export const jobKeep = defineAction({
  input: z.object({ id: TaskIdInput, name: Name }),
  run: (context, { id: task, name }) =>
    withServer(context, async (client) => {
      const { texts, quiet } = context.output;
      const view = await client.call('job.keep', { task, name });
      return done(quiet ? [] : [printable(texts.jobs.created(view.job.name))], view);
    }),
});
