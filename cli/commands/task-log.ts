/** openclone task log */

import { z } from 'zod';
import { printable } from '../../lib/format.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { HostInput, TaskIdInput } from '../input.ts';

export const taskLog = defineAction({
  input: z.object({ id: TaskIdInput, host: HostInput.optional() }),
  run: (context, { id, host }) =>
    withServer(context, async (client) => {
      const logs = await client.call('run.log', { task: id, host: host ?? null });
      const { tasks } = context.output.texts;
      const text = logs.flatMap(({ hostName, runId, lines, isCut }, index) => [
        ...(index === 0 ? [] : ['']),
        `${hostName} (${runId})`,
        ...(isCut ? [`  (${tasks.logIsCut})`] : []),
        ...(lines.length === 0 ? [`  ${tasks.logIsEmpty}`] : []),
        ...lines.map((line) => `  ${printable(line)}`),
      ]);
      return done(text, logs);
    }),
});
