/** openclone tui */

import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runForeground } from '../../lib/exec/foreground.ts';
import { defineCommand } from '../command.ts';

const TUI_PROGRAM = fileURLToPath(new URL('../../tui/main.ts', import.meta.url));

export const tui = defineCommand({
  path: 'tui',
  summary: 'the full-screen UI; also what `openclone` alone starts on a terminal',
  arguments: [{ syntax: '[options...]', help: 'what the UI takes; see `openclone tui --help`' }],
  passThrough: true,
  input: z.object({ options: z.array(z.string()).default([]) }),
  run: async ({ namedSocket }, { options }) => {
    const socket = namedSocket === null ? [] : ['--socket', namedSocket];
    const exitStatus = await runForeground(process.execPath, [TUI_PROGRAM, ...socket, ...options]);
    return { text: [], exitStatus };
  },
});
