/** openclone image unprotect */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { NameInput } from '../input.ts';
import { IMAGE_ARGUMENT } from '../options.ts';

export const imageUnprotect = defineCommand({
  path: 'image unprotect',
  summary: 'let an image be deleted and captured anew again',
  arguments: [IMAGE_ARGUMENT],
  input: z.object({ image: NameInput }),
  run: (context, { image }) =>
    withServer(context, async (client) => {
      const changed = await client.call('image.protect', { image, isProtected: false });
      const text = printable(`took the protection from the image ${changed.name}`);
      return done(context.screen.quiet ? [] : [text], changed);
    }),
});
