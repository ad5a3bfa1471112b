/** openclone image show */

import { z } from 'zod';
import { restoreScript } from '../restore-script/restore-script.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, NameInput } from '../input.ts';
import { imageDetails } from '../print/images.ts';

export const imageShow = defineAction({
  input: z.object({ image: NameInput, byHand: FlagInput }),
  run: (context, { image: reference, byHand }) =>
    withServer(context, async (client) => {
      const found = await client.call('image.show', { image: reference });
      const { image, manifest, directory } = found;
      if (!byHand)
        return done(imageDetails(context.output.texts, image, manifest, directory), found);
      const script = restoreScript(manifest, directory);
      return done([script.trimEnd()], { directory, script });
    }),
});
