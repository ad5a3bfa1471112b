/** openclone partition */

import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { createAndFollow } from '../follow.ts';
import { DiskInput, FlagInput, NameInput, TargetsInput, ThenInput, UntilInput } from '../input.ts';
import {
  DETACH_OPTION,
  DISK_OPTION,
  IMAGE_ARGUMENT,
  THEN_OPTION,
  TO_OPTION,
  UNTIL_OPTION,
  WAKE_OPTION,
  YES_OPTION,
} from '../options.ts';
import { diskLossLines } from '../print/losses.ts';
import { offLines } from '../off-hosts.ts';
import { findTargets } from '../targets.ts';

export const partition = defineCommand({
  path: 'partition',
  summary: "write an image's partition table, and nothing else, to the disks of hosts",
  details: 'Everything on these disks is lost.',
  arguments: [IMAGE_ARGUMENT],
  options: [
    TO_OPTION,
    DISK_OPTION,
    THEN_OPTION,
    WAKE_OPTION,
    UNTIL_OPTION,
    DETACH_OPTION,
    YES_OPTION,
  ],
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
        const { image: found } = await client.call('image.show', { image });
        const hosts = await findTargets(client, to);
        return [
          ...diskLossLines(hosts, disk, `The partition table of the image ${found.name}`),
          ...(await offLines(client, hosts, { wake, waitMs: until })),
        ];
      },
    });
    return createAndFollow(context, detach, (client) =>
      client.call('task.partition', {
        image,
        targets: to,
        disk,
        afterwards: then ?? null,
        wake,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    );
  },
});
