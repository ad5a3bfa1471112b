/** openclone deploy */

import { z } from 'zod';
import { TransportChoice } from '../../lib/model/operation.ts';
import { defineCommand } from '../command.ts';
import { createAndFollow } from '../follow.ts';
import {
  DiskInput,
  FlagInput,
  NameInput,
  TargetsInput,
  ThenInput,
  UntilInput,
  wholeNumberInput,
} from '../input.ts';
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
import { formatTime } from '../print/words.ts';
import { offLines } from '../off-hosts.ts';
import { findTargets } from '../targets.ts';

export const deploy = defineCommand({
  path: 'deploy',
  summary: 'write the newest version of an image to the disks of hosts',
  details:
    'Everything on these disks is lost. All hosts get the image by one multicast transmission, and each ' +
    'verifies what it got; one host alone, and one that missed the transmission, gets it by unicast.\n' +
    'Name the targets after the image: openclone deploy win11 --to room-1 pc-17',
  arguments: [IMAGE_ARGUMENT],
  options: [
    TO_OPTION,
    DISK_OPTION,
    {
      flags: '--transport <how>',
      help: 'auto (multicast for several hosts, unicast for one), multicast or unicast (default: auto)',
    },
    {
      flags: '--wait <seconds>',
      help: 'how long to wait for missing hosts after the first is ready (default: 120)',
    },
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
    transport: z
      .enum(TransportChoice.options, 'one of auto, multicast, unicast is expected')
      .default('auto'),
    wait: wholeNumberInput(0, 86_400).default(120),
    then: ThenInput.optional(),
    wake: FlagInput,
    until: UntilInput.optional(),
    detach: FlagInput,
    yes: FlagInput,
  }),
  run: async (context, { image, to, disk, transport, wait, then, wake, until, detach, yes }) => {
    await context.confirm({
      yes,
      doing: `deploying the image "${image}"`,
      losses: async (client) => {
        const { image: found, manifest } = await client.call('image.show', { image });
        const captured = formatTime(manifest.capturedAt);
        const hosts = await findTargets(client, to);
        return [
          ...diskLossLines(
            hosts,
            disk,
            `The image ${found.name}, captured ${captured} from ${manifest.host.name},`,
          ),
          ...(await offLines(client, hosts, { wake, waitMs: until })),
        ];
      },
    });
    return createAndFollow(context, detach, (client) =>
      client.call('task.deploy', {
        image,
        targets: to,
        disk,
        transport,
        gatherMs: wait * 1000,
        afterwards: then ?? null,
        wake,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    );
  },
});
