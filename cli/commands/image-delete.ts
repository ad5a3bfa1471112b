/** openclone image delete */

import { z } from 'zod';
import { formatBytes, printable } from '../../lib/format.ts';
import { defineAction, done, withServer } from '../command.ts';
import { FlagInput, NameInput } from '../input.ts';
import { countOf, formatTime } from '../print/words.ts';

export const imageDelete = defineAction({
  input: z.object({ image: NameInput, yes: FlagInput }),
  run: async (context, { image, yes }) => {
    await context.confirm({
      yes,
      doing: `deleting the image "${image}"`,
      losses: async (client) => {
        const images = await client.call('image.list', {});
        const found = images.find((each) => each.id === image || each.name === image);
        // Another spelling of the name: the server knows it.
        const { versions, name } = found ?? (await client.call('image.show', { image })).image;
        return [
          printable(`The image ${name} will be lost, ${countOf(versions.length, 'version')}:`),
          ...versions.map((version) =>
            printable(
              `  captured ${formatTime(version.capturedAt)} from ${version.hostName}, ${formatBytes(version.storedBytes)}`,
            ),
          ),
        ];
      },
    });
    return withServer(context, async (client) => {
      await client.call('image.delete', { image });
      return done(context.screen.quiet ? [] : [printable(`deleted the image ${image}`)], {});
    });
  },
});
