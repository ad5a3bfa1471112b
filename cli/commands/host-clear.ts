/** openclone host clear */

import { z } from 'zod';
import { halfWrittenDisks } from '../../lib/model/host.ts';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, HostInput } from '../input.ts';
import { formatTime } from '../print/labels.ts';

export const hostClear = defineAction({
  input: z.object({ host: HostInput, yes: FlagInput }),
  run: async (context, { host, yes }) => {
    const { questions, results } = context.output.texts;
    await context.confirm({
      yes,
      doing: `taking the disk of the host "${host}" for complete`,
      losses: async (client) => {
        const shown = await client.call('host.show', { host });
        const { name } = shown;
        const disks = halfWrittenDisks(shown);
        if (disks.length === 0) return [printable(questions.nothingHalfWritten(name))];
        return [
          ...disks.map(({ disk, since, runId }) =>
            printable(questions.halfWritten(name, disk, formatTime(since), runId)),
          ),
          questions.halfWrittenWarning,
        ];
      },
    });
    return withServer(context, async (client) => {
      const cleared = await client.call('host.clear', { host });
      const text = printable(results.hostCleared(cleared.name));
      return done(context.output.quiet ? [] : [text], cleared);
    });
  },
});
