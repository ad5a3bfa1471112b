/** openclone session start */

import { z } from 'zod';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { SessionIdInput } from '../input.ts';

export const sessionStart = defineAction({
  input: z.object({ id: SessionIdInput }),
  run: (context, { id }) =>
    withServer(context, async (client) => {
      await client.call('session.start', { session: id });
      return done(context.output.quiet ? [] : [context.output.texts.tasks.sessionStarted(id)], {});
    }),
});
