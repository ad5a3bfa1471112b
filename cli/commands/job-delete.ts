/** openclone job delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, NameInput } from '../input.ts';

export const jobDelete = defineAction({
  input: z.object({ job: NameInput, yes: FlagInput }),
  run: async (context, { job: name, yes }) => {
    const { jobs } = context.output.texts;
    await context.confirm({
      yes,
      doing: `deleting the job "${name}"`,
      losses: async (client) => {
        const { job } = await client.call('job.show', { job: name });
        return [printable(jobs.loss(job.name, job.schedules.length))];
      },
    });
    return withServer(context, async (client) => {
      await client.call('job.delete', { job: name });
      return done(context.output.quiet ? [] : [printable(jobs.deleted(name))], {});
    });
  },
});
