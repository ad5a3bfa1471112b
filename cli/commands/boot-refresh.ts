/** openclone boot refresh */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { problemLines } from '../print/problems.ts';

export const bootRefresh = defineAction({
  input: z.object({}),
  run: (context) =>
    withServer(context, async (client) => {
      const now = await client.call('boot.refresh', {});
      const { texts } = context.output;
      const build = now.build === null ? [] : [printable(texts.status.hostsBootBuild(now.build))];
      const text = [...(context.output.quiet ? [] : build), ...problemLines(texts, now.problems)];
      return done(text, now);
    }),
});
