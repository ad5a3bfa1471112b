/** openclone rootfs */

import { join } from 'node:path';
import { runForeground } from '../../lib/exec/foreground.ts';
import { projectDirectory } from '../../lib/bundle/project.ts';
import { defineWordsAction } from '../command.ts';

export const rootfs = defineWordsAction('options', async (_, options) => {
  const program = join(projectDirectory(), 'netboot-rootfs/main.ts');
  const exitStatus = await runForeground(process.execPath, [program, ...options]);
  return { text: [], exitStatus };
});
