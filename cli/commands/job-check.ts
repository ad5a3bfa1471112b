/** openclone job check */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { definitionIn, FileInput } from '../job-input.ts';

export const jobCheck = defineAction({
  input: z.object({ file: FileInput }),
  run: async ({ output }, { file }) => {
    const definition = await definitionIn(file);
    const { name } = definition;
    return done(output.quiet ? [] : [printable(output.texts.jobs.isRight(name))], definition);
  },
});
