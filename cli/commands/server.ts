/** openclone server */

import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runForeground } from '../../lib/exec/foreground.ts';
import { defineCommand } from '../command.ts';

const SERVER_PROGRAM = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export const server = defineCommand({
  path: 'server',
  summary: 'run the server in the foreground; see `openclone server --help`',
  arguments: [{ syntax: '[options...]', help: 'what the server takes' }],
  passThrough: true,
  input: z.object({ options: z.array(z.string()).default([]) }),
  run: async ({ namedSocket }, { options }) => {
    const socket = namedSocket === null ? [] : ['--socket', namedSocket];
    const exitStatus = await runForeground(process.execPath, [
      SERVER_PROGRAM,
      ...socket,
      ...options,
    ]);
    return { text: [], exitStatus };
  },
});
