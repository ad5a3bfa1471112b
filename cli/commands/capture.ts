/** openclone capture */

import { z } from 'zod';
import { Compression } from '../../lib/model/image.ts';
import { Name } from '../../lib/model/names.ts';
import { defineCommand } from '../command.ts';
import { createAndFollow } from '../follow.ts';
import { DiskInput, FlagInput, HostInput, ThenInput, UntilInput } from '../input.ts';
import { offersWaking } from '../off-hosts.ts';
import {
  DETACH_OPTION,
  HOST_ARGUMENT,
  THEN_OPTION,
  UNTIL_OPTION,
  WAKE_OPTION,
} from '../options.ts';

export const capture = defineCommand({
  path: 'capture',
  summary: "make an image of a host's disk",
  details: [
    'The disk is only read. An image of that name gets a new version; the old one',
    'stays until the new one is complete and verified.',
    '',
    'Compressions, by speed and size:',
    '  zstd  fast and small; the default',
    '  lzo   least processor time, larger: for slow hosts on a fast network',
    '  gzip  readable everywhere, slow: for images that other systems shall read',
    '  none  for data that is compressed or encrypted already',
  ].join('\n'),
  arguments: [HOST_ARGUMENT],
  options: [
    {
      flags: '--disk <disk>',
      help: 'the disk: /dev/sda, serial:NUMBER, wwn:NUMBER, or "only" for the one fixed disk',
      mandatory: true,
    },
    { flags: '--name <name>', help: "the image's name", mandatory: true },
    { flags: '--compression <how>', help: 'zstd, lzo, gzip or none (default: zstd)' },
    THEN_OPTION,
    WAKE_OPTION,
    UNTIL_OPTION,
    DETACH_OPTION,
  ],
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
      client.call('task.capture', {
        host,
        disk,
        imageName: name,
        compression,
        afterwards: then ?? null,
        wake: isWaking,
        ...(until === undefined ? {} : { waitMs: until }),
      }),
    );
  },
});
