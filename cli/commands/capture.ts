/** openclone capture */

import { z } from 'zod';
import { Compression } from '../../lib/model/image.ts';
import { Name } from '../../lib/model/names.ts';
import { withShutdown } from '../../lib/model/task-request.ts';
import { defineAction } from '../define-action.ts';
import { createAndFollow } from '../follow.ts';
import { DiskInput, FlagInput, HostInput, ThenInput, UntilInput } from '../input.ts';
import { offersWaking } from '../off-hosts.ts';

export const capture = defineAction({
  input: z.object({
    host: HostInput,
    disk: DiskInput,
    name: Name,
    compression: z
      .enum(Compression.options, 'one of zstd, lzo, gzip, none is expected')
      .default('zstd'),
    then: ThenInput.optional(),
    wake: FlagInput,
    until: UntilInput.optional(),
    detach: FlagInput,
  }),
  run: async (context, { host, disk, name, compression, then, wake, until, detach }) => {
    const isWaking = wake || (await offersWaking(context, host, until));
    return createAndFollow(context, detach, (client) =>
      client.call('task.create', {
        targets: [host],
        disk,
        operations: withShutdown([{ type: 'capture', imageName: name, compression }], then ?? null),
        wake: isWaking,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    );
  },
});
