/** openclone job show */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';
import { jobDetails } from '../print/jobs.ts';

export const jobShow = defineAction({
  input: z.object({ job: NameInput }),
  run: (context, { job }) =>
    withServer(context, async (client) => {
      const view = await client.call('job.show', { job });
      return done(jobDetails(context.output.texts, view), view);
    }),
});
