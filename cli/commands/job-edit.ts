/** openclone job edit */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';
import { definitionIn, FileInput } from '../job-input.ts';

export const jobEdit = defineAction({
  input: z.object({ job: NameInput, file: FileInput }),
  run: async (context, { job, file }) => {
    const { texts, quiet } = context.output;
    const definition = await definitionIn(file);
    return withServer(context, async (client) => {
      const view = await client.call('job.edit', { job, definition });
      return done(quiet ? [] : [printable(texts.jobs.edited(view.job.name))], view);
    });
  },
});
