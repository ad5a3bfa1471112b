/** openclone server */

import { join } from 'node:path';
import { runForeground } from '../../lib/exec/foreground.ts';
import { projectDirectory } from '../../lib/bundle/project.ts';
import { defineWordsAction } from '../command.ts';

export const server = defineWordsAction('options', async ({ namedSocket }, options) => {
  const program = join(projectDirectory(), 'server/main.ts');
  const socket = namedSocket === null ? [] : ['--socket', namedSocket];
  const exitStatus = await runForeground(process.execPath, [program, ...socket, ...options]);
  return { text: [], exitStatus };
});
