/** openclone image protect */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';

export const imageProtect = defineAction({
  input: z.object({ image: NameInput }),
  run: (context, { image }) =>
    withServer(context, async (client) => {
      const changed = await client.call('image.protect', { image, isProtected: true });
      const text = printable(context.output.texts.results.imageProtected(changed.name));
      return done(context.output.quiet ? [] : [text], changed);
    }),
});
