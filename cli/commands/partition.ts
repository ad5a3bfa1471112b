/** openclone partition */

import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { createAndFollow } from '../follow.ts';
import { DiskInput, FlagInput, NameInput, TargetsInput, ThenInput } from '../input.ts';
import {
  DETACH_OPTION,
  DISK_OPTION,
  IMAGE_ARGUMENT,
  THEN_OPTION,
  TO_OPTION,
  WAKE_OPTION,
  YES_OPTION,
} from '../options.ts';
import { diskLossLines } from '../print/losses.ts';
import { findTargets } from '../targets.ts';

export const partition = defineCommand({
  path: 'partition',
  summary: "write an image's partition table, and nothing else, to the disks of hosts",
  details: 'Everything on these disks is lost.',
  arguments: [IMAGE_ARGUMENT],
  options: [TO_OPTION, DISK_OPTION, THEN_OPTION, WAKE_OPTION, DETACH_OPTION, YES_OPTION],
  input: z.object({
    image: NameInput,
    to: TargetsInput,
    disk: DiskInput.default({ type: 'only' }),
    then: ThenInput.optional(),
    wake: FlagInput,
    detach: FlagInput,
    yes: FlagInput,
  }),
  run: async (context, { image, to, disk, then, wake, detach, yes }) => {
    await context.confirm({
      yes,
      doing: `writing the partition table of the image "${image}"`,
      losses: async (client) => {
        const { image: found } = await client.call('image.show', { image });
        return diskLossLines(
          await findTargets(client, to),
          disk,
          `The partition table of the image ${found.name}`,
        );
      },
    });
    return createAndFollow(context, detach, (client) =>
      client.call('task.partition', {
        image,
        targets: to,
        disk,
        afterwards: then ?? null,
        wake,
      }),
    );
  },
});
