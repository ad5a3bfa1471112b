/** openclone deploy */

import { z } from 'zod';
import { DEFAULT_GATHER_MS, TransportChoice } from '../../lib/model/operations/deploy.ts';
import { withShutdown } from '../../lib/model/task-request.ts';
import { defineAction } from '../define-action.ts';
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
import { diskLossLines } from '../print/data-loss.ts';
import { warningLines } from '../print/images.ts';
import { formatTime } from '../print/labels.ts';
import { offLines } from '../off-hosts.ts';

export const deploy = defineAction({
  input: z.object({
    image: NameInput,
    to: TargetsInput,
    disk: DiskInput.default({ type: 'only' }),
    transport: z
      .enum(TransportChoice.options, 'one of auto, multicast, unicast is expected')
      .default('auto'),
    wait: wholeNumberInput(0, 86_400).default(DEFAULT_GATHER_MS / 1000),
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
        const { texts } = context.output;
        const { image: found, manifest } = await client.call('image.show', { image });
        const captured = formatTime(manifest.capturedAt);
        const hosts = await client.call('host.resolve', { targets: to });
        return [
          ...diskLossLines(
            texts,
            hosts,
            disk,
            texts.questions.deployed(found.name, captured, manifest.host.name),
          ),
          texts.questions.identity(manifest.host.name),
          ...warningLines(
            texts,
            found.versions.find(({ id }) => id === manifest.versionId),
          ),
          ...(await offLines(texts, client, hosts, { wake, waitMs: until })),
        ];
      },
    });
    return createAndFollow(context, detach, (client) =>
      client.call('task.create', {
        targets: to,
        disk,
        operations: withShutdown(
          [{ type: 'deploy', image, transport, gatherMs: wait * 1000 }],
          then ?? null,
        ),
        wake,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    );
  },
});
