/** openclone image unprotect */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';

export const imageUnprotect = defineAction({
  input: z.object({ image: NameInput }),
  run: (context, { image }) =>
    withServer(context, async (client) => {
      const changed = await client.call('image.protect', { image, isProtected: false });
      const text = printable(context.output.texts.results.imageUnprotected(changed.name));
      return done(context.output.quiet ? [] : [text], changed);
    }),
});
