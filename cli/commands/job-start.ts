/** openclone job start */

import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import { createAndFollow } from '../follow.ts';
import { FlagInput, NameInput } from '../input.ts';
import { SetInput, valuesIn } from '../job-input.ts';

export const jobStart = defineAction({
  input: z.object({ job: NameInput, set: SetInput, detach: FlagInput }),
  run: (context, { job: name, set, detach }) =>
    createAndFollow(context, detach, async (client) => {
      const { job } = await client.call('job.show', { job: name });
      return client.call('job.start', { job: job.id, values: valuesIn(job, set) });
    }),
});
