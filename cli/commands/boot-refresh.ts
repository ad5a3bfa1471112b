/** openclone boot refresh */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { problemLines } from '../print/problems.ts';

export const bootRefresh = defineCommand({
  path: 'boot refresh',
  summary: 'look for a new root file system, and write all files with boot choices again',
  details:
    'The server does so by itself; this is for who does not want to wait, or has changed files by hand.',
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const now = await client.call('boot.refresh', {});
      const build = now.build === null ? [] : [printable(`hosts boot the build ${now.build}`)];
      const text = [...(context.screen.quiet ? [] : build), ...problemLines(now.problems)];
      return done(text, now);
    }),
});
