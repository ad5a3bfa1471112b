/** openclone rootfs */

import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runForeground } from '../../lib/exec/foreground.ts';
import { defineCommand } from '../command.ts';

const ROOTFS_PROGRAM = fileURLToPath(new URL('../../netboot-rootfs/main.ts', import.meta.url));

export const rootfs = defineCommand({
  path: 'rootfs',
  summary:
    'build, activate, list and remove root file systems of the hosts; see `openclone rootfs --help`',
  arguments: [{ syntax: '[options...]', help: 'what it takes' }],
  passThrough: true,
  input: z.object({ options: z.array(z.string()).default([]) }),
  run: async (_, { options }) => {
    const exitStatus = await runForeground(process.execPath, [ROOTFS_PROGRAM, ...options]);
    return { text: [], exitStatus };
  },
});
