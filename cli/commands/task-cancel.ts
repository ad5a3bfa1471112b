/** openclone task cancel */

import { z } from 'zod';
import { defineCommand, done, withServer } from '../command.ts';
import { HostInput, TaskIdInput } from '../input.ts';
import { countOf } from '../print/words.ts';

export const taskCancel = defineCommand({
  path: 'task cancel',
  summary: 'end a task on all its hosts, or on one',
  details:
    'A host in the middle of writing stops within two seconds; its disk is then made unbootable.',
  arguments: [{ syntax: '<id>', help: 'the id of a task' }],
  options: [{ flags: '--host <host>', help: 'only on this host' }],
  input: z.object({ id: TaskIdInput, host: HostInput.optional() }),
  run: (context, { id, host }) =>
    withServer(context, async (client) => {
      const answer = await client.call('task.cancel', { task: id, host: host ?? null });
      const text = `cancelling ${id} on ${countOf(answer.cancelled.length, 'host')}`;
      return done(context.screen.quiet ? [] : [text], answer);
    }),
});
