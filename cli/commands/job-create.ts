/** openclone job create */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { definitionIn, FileInput } from '../job-input.ts';

export const jobCreate = defineAction({
  input: z.object({ file: FileInput }),
  run: async (context, { file }) => {
    const { texts, quiet } = context.output;
    const definition = await definitionIn(file);
    return withServer(context, async (client) => {
      const view = await client.call('job.create', { definition });
      return done(quiet ? [] : [printable(texts.jobs.created(view.job.name))], view);
    });
  },
});
