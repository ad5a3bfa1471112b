/** openclone image show */

import { z } from 'zod';
import { byHandScript } from '../by-hand.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { FlagInput, NameInput } from '../input.ts';
import { IMAGE_ARGUMENT } from '../options.ts';
import { imageDetails } from '../print/images.ts';

export const imageShow = defineCommand({
  path: 'image show',
  summary: 'show an image: its disk, partitions and versions',
  arguments: [IMAGE_ARGUMENT],
  options: [
    {
      flags: '--by-hand',
      help: 'print a shell script that restores the newest version without OpenClone',
    },
  ],
  input: z.object({ image: NameInput, byHand: FlagInput }),
  run: (context, { image: reference, byHand }) =>
    withServer(context, async (client) => {
      const found = await client.call('image.show', { image: reference });
      const { image, manifest, directory } = found;
      if (!byHand) return done(imageDetails(image, manifest, directory), found);
      const script = byHandScript(manifest, directory);
      return done([script.trimEnd()], { directory, script });
    }),
});
