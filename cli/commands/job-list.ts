/** openclone job list */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { jobTable } from '../print/jobs.ts';

export const jobList = defineAction({
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const views = await client.call('job.list', {});
      return done(jobTable(context.output.texts, views), views);
    }),
});
