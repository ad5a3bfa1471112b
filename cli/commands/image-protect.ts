/** openclone image protect */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { NameInput } from '../input.ts';
import { IMAGE_ARGUMENT } from '../options.ts';

export const imageProtect = defineCommand({
  path: 'image protect',
  summary: 'keep an image from being deleted or captured anew',
  arguments: [IMAGE_ARGUMENT],
  input: z.object({ image: NameInput }),
  run: (context, { image }) =>
    withServer(context, async (client) => {
      const changed = await client.call('image.protect', { image, isProtected: true });
      const text = printable(`protected the image ${changed.name}`);
      return done(context.screen.quiet ? [] : [text], changed);
    }),
});
