/** openclone deploy */

import { z } from 'zod';
import { TransportChoice } from '../../lib/model/operations/deploy.ts';
import { defineAction } from '../command.ts';
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
import { diskLossLines } from '../print/losses.ts';
import { warningLines } from '../print/images.ts';
import { formatTime } from '../print/words.ts';
import { offLines } from '../off-hosts.ts';
import { findTargets } from '../targets.ts';

export const deploy = defineAction({
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
          `Each of them is ${manifest.host.name} then, by name, domain and machine ID (Windows: SID), until it gets its own.`,
          ...warningLines(found.versions.find(({ id }) => id === manifest.versionId)),
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
