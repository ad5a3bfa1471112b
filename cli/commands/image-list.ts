/** openclone image list */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { imageTable } from '../print/images.ts';

export const imageList = defineAction({
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const images = await client.call('image.list', {});
      return done(imageTable(context.output.texts, images), images);
    }),
});
