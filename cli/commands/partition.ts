/** openclone partition */

import { z } from 'zod';
import { withShutdown } from '../../lib/model/task-request.ts';
import { defineAction } from '../define-action.ts';
import { createAndFollow } from '../follow.ts';
import { DiskInput, FlagInput, NameInput, TargetsInput, ThenInput, UntilInput } from '../input.ts';
import { diskLossLines } from '../print/data-loss.ts';
import { offLines } from '../off-hosts.ts';

export const partition = defineAction({
  input: z.object({
    image: NameInput,
    to: TargetsInput,
    disk: DiskInput.default({ type: 'only' }),
    then: ThenInput.optional(),
    wake: FlagInput,
    until: UntilInput.optional(),
    detach: FlagInput,
    yes: FlagInput,
  }),
  run: async (context, { image, to, disk, then, wake, until, detach, yes }) => {
    await context.confirm({
      yes,
      doing: `writing the partition table of the image "${image}"`,
      losses: async (client) => {
        const { texts } = context.output;
        const { image: found } = await client.call('image.show', { image });
        const hosts = await client.call('host.resolve', { targets: to });
        return [
          ...diskLossLines(texts, hosts, disk, texts.questions.partitioned(found.name)),
          ...(await offLines(texts, client, hosts, { wake, waitMs: until })),
        ];
      },
    });
    return createAndFollow(context, detach, (client) =>
      client.call('task.create', {
        targets: to,
        disk,
        operations: withShutdown([{ type: 'partition', image }], then ?? null),
        wake,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    );
  },
});
