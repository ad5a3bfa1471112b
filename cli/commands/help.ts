/** openclone help */

import { OperatorError } from '../../lib/errors.ts';
import { defineWordsAction, done } from '../command.ts';
import { exitStatusLines } from '../print/exit-statuses.ts';

export const help = defineWordsAction('topic', (context, topic) => {
  const words = topic.join(' ');
  if (words === 'exit-status') {
    const lines = exitStatusLines(context.output.texts);
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
});
