/** openclone image rename */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { Name } from '../../lib/model/names.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { NameInput } from '../input.ts';

export const imageRename = defineAction({
  input: z.object({ image: NameInput, newName: Name }),
  run: (context, { image, newName }) =>
    withServer(context, async (client) => {
      const renamed = await client.call('image.rename', { image, name: newName });
      const text = printable(context.output.texts.results.imageRenamed(image, renamed.name));
      return done(context.output.quiet ? [] : [text], renamed);
    }),
});
