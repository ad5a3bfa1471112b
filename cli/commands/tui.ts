/** openclone tui */

import { join } from 'node:path';
import { runForeground } from '../../lib/exec/foreground.ts';
import { projectDirectory } from '../../lib/bundle/project.ts';
import { defineWordsAction } from '../command.ts';

export const tui = defineWordsAction('options', async ({ namedSocket, namedLanguage }, options) => {
  const socket = namedSocket === null ? [] : ['--socket', namedSocket];
  const language = namedLanguage === null ? [] : ['--language', namedLanguage];
  // Our own command: it knows the fastest way to the UI.
  const exitStatus = await runForeground(join(projectDirectory(), 'openclone'), [
    'tui',
    ...socket,
    ...language,
    ...options,
  ]);
  return { text: [], exitStatus };
});
