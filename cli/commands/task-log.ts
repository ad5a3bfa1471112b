/** openclone task log */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { defineCommand, done, withServer } from '../command.ts';
import { HostInput, TaskIdInput } from '../input.ts';

export const taskLog = defineCommand({
  path: 'task log',
  summary: 'show what the engines said while they worked on a task',
  details:
    'Every step with its errors and what the tools printed, as the hosts reported it. Of a long log the end is shown; on the server it is in the data directory, logs/RUN.log.',
  arguments: [{ syntax: '<id>', help: 'the id of a task' }],
  options: [{ flags: '--host <host>', help: 'only of this host' }],
  input: z.object({ id: TaskIdInput, host: HostInput.optional() }),
  run: (context, { id, host }) =>
    withServer(context, async (client) => {
      const logs = await client.call('run.log', { task: id, host: host ?? null });
      const text = logs.flatMap(({ hostName, runId, lines, isCut }, index) => [
        ...(index === 0 ? [] : ['']),
        `${hostName} (${runId})`,
        ...(isCut ? ['  (the beginning is left out)'] : []),
        ...(lines.length === 0 ? ['  nothing was said yet'] : []),
        ...lines.map((line) => `  ${printable(line)}`),
      ]);
      return done(text, logs);
    }),
});
