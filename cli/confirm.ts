/** Asks for confirmation before something irreversible. */

import { createInterface } from 'node:readline';
import type { OperatorClient } from '../lib/client/operator-client.ts';
import { OperatorError } from '../lib/errors.ts';
import type { Confirmation } from './command.ts';
import type { Texts } from './text/catalogue.ts';

export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };

type Terminal = {
  readonly input: InputStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
};

/** See Context.offer. */
export async function askWhether(
  { questions }: Texts,
  { input, output }: Terminal,
  question: string,
): Promise<boolean> {
  if (input.isTTY !== true || output.isTTY !== true) return false;
  return isYes(questions, await ask(input, output, question));
}

/**
 * See Context.confirm. The question goes to `output`, standard error, so that standard output stays clean. Without a
 * terminal the server is not even asked.
 */
export async function askBefore(
  { questions }: Texts,
  terminal: Terminal,
  connect: () => Promise<OperatorClient>,
  { yes, doing, losses }: Confirmation,
): Promise<void> {
  if (yes) return;
  const { input, output } = terminal;
  if (input.isTTY !== true || output.isTTY !== true) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `${doing}: there is no terminal to ask on`,
      hint: 'Give --yes when what is there may be lost.',
    });
  }
  const client = await connect();
  const lines = await losses(client).finally(() => client.close());
  output.write(lines.map((line) => `${line}\n`).join(''));
  const answer = await ask(input, output, questions.goOn);
  if (isYes(questions, answer)) return;
  throw new OperatorError({
    code: 'cancelled',
    message: `${doing}: the answer was not yes`,
    hint: 'Nothing was changed.',
  });
}

/** The language's words for yes, and those of English. */
function isYes({ yesWords }: Texts['questions'], answer: string): boolean {
  return yesWords.split(' ').includes(answer.trim().toLowerCase());
}

/** One line of input; Ctrl-C and the end of the input are an empty one. */
function ask(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  question: string,
): Promise<string> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output });
    let answer = '';
    lines.question(question, (text) => {
      answer = text;
      lines.close();
    });
    lines.once('SIGINT', () => {
      output.write('\n');
      lines.close();
    });
    lines.once('close', () => resolve(answer));
  });
}
