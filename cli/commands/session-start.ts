/** openclone session start */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { SessionIdInput } from '../input.ts';

export const sessionStart = defineCommand({
  path: 'session start',
  summary: 'begin a transmission now, without waiting for missing hosts',
  details:
    'Hosts that come later get a session of their own. `openclone status` shows the sessions.',
  arguments: [{ syntax: '<id>', help: 'the id of a session' }],
  input: z.object({ id: SessionIdInput }),
  run: (context, { id }) =>
    withServer(context, async (client) => {
      await client.call('session.start', { session: id });
      return done(context.screen.quiet ? [] : [`started ${id}`], {});
    }),
});
