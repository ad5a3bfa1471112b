/** openclone job export */

import { z } from 'zod';
import { jobFile } from '../../lib/jobs/job-file.ts';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';

export const jobExport = defineAction({
  input: z.object({ job: NameInput }),
  run: (context, { job: name }) =>
    withServer(context, async (client) => {
      const { job } = await client.call('job.show', { job: name });
      const file = jobFile(job);
      return done(file.trimEnd().split('\n').map(printable), { file });
    }),
});
