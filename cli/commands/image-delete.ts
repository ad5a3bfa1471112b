/** openclone image delete */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, NameInput } from '../input.ts';
import { formatTime } from '../print/labels.ts';

export const imageDelete = defineAction({
  input: z.object({ image: NameInput, yes: FlagInput }),
  run: async (context, { image, yes }) => {
    const { texts } = context.output;
    const { questions } = texts;
    await context.confirm({
      yes,
      doing: `deleting the image "${image}"`,
      losses: async (client) => {
        const images = await client.call('image.list', {});
        const found = images.find((each) => each.id === image || each.name === image);
        // Another spelling of the name: the server knows it.
        const { versions, name } = found ?? (await client.call('image.show', { image })).image;
        return [
          printable(questions.imageLoss(name, versions.length)),
          ...versions.map((version) =>
            printable(
              questions.versionLoss(
                formatTime(version.capturedAt),
                version.hostName,
                bytesText(version.storedBytes, texts),
              ),
            ),
          ),
        ];
      },
    });
    return withServer(context, async (client) => {
      await client.call('image.delete', { image });
      return done(context.output.quiet ? [] : [printable(texts.results.imageDeleted(image))], {});
    });
  },
});
