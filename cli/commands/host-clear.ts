/** openclone host clear */

import { z } from 'zod';
import { halfWrittenDisks } from '../../lib/model/host.ts';
import { printable } from '../../lib/format.ts';
import { defineAction, done, withServer } from '../command.ts';
import { FlagInput, HostInput } from '../input.ts';
import { formatTime } from '../print/words.ts';

export const hostClear = defineAction({
  input: z.object({ host: HostInput, yes: FlagInput }),
  run: async (context, { host, yes }) => {
    await context.confirm({
      yes,
      doing: `taking the disk of the host "${host}" for complete`,
      losses: async (client) => {
        const shown = await client.call('host.show', { host });
        const { name } = shown;
        const disks = halfWrittenDisks(shown);
        if (disks.length === 0)
          return [printable(`No disk of ${name} is known to be half written.`)];
        return [
          ...disks.map(({ disk, since, runId }) =>
            printable(
              `${name} will boot from its disk ${disk}, of which only a part was written (${formatTime(since)}, ${runId}).`,
            ),
          ),
          'What is on it may be damaged without showing it. Deploying an image to it is the safe way.',
        ];
      },
    });
    return withServer(context, async (client) => {
      const cleared = await client.call('host.clear', { host });
      const text = printable(`${cleared.name} boots from its disk again`);
      return done(context.screen.quiet ? [] : [text], cleared);
    });
  },
});
