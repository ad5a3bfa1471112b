/** openclone job check */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineAction, done } from '../command.ts';
import { definitionIn, FileInput } from '../job-input.ts';

export const jobCheck = defineAction({
  input: z.object({ file: FileInput }),
  run: async ({ screen }, { file }) => {
    const definition = await definitionIn(file, screen.texts.language);
    const { name } = definition;
    return done(screen.quiet ? [] : [printable(screen.texts.jobs.isRight(name))], definition);
  },
});
