/** openclone help */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { defineCommand, done } from '../command.ts';
import { exitStatusLines } from '../print/exit-statuses.ts';

export const help = defineCommand({
  path: 'help',
  summary: 'explain a command, or the exit statuses',
  arguments: [{ syntax: '[topic...]', help: 'a command ("host edit") or exit-status' }],
  input: z.object({ topic: z.array(z.string()).default([]) }),
  run: (context, { topic }) => {
    const words = topic.join(' ');
    if (words === 'exit-status') {
      const lines = exitStatusLines();
      return Promise.resolve(done(lines, { help: lines.join('\n') }));
    }
    const text = context.helpOf(topic);
    if (text === undefined) {
      throw new OperatorError({
        code: 'bad-argument',
        message: `explaining "${words}": there is no such command`,
        hint: '`openclone help` lists the commands.',
      });
    }
    return Promise.resolve(done([text.trimEnd()], { help: text }));
  },
});
