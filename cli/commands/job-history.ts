/** openclone job history */

import { z } from 'zod';
import { MAX_STARTS_OF_JOB } from '../../lib/model/limits.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput, wholeNumberInput } from '../input.ts';
import { startTable } from '../print/jobs.ts';

export const jobHistory = defineAction({
  input: z.object({ job: NameInput, limit: wholeNumberInput(1, MAX_STARTS_OF_JOB).default(20) }),
  run: (context, { job, limit }) =>
    withServer(context, async (client) => {
      const starts = await client.call('job.history', { job, limit });
      return done(startTable(context.output.texts, starts), starts);
    }),
});
