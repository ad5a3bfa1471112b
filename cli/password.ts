/** Asks for a new password: twice on a terminal, without showing it; or as it comes from another program. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OperatorError } from '../lib/errors.ts';
import { passwordFault } from '../lib/rules/password.ts';
import type { InputStream } from './confirm.ts';
import type { Texts } from './text/catalogue.ts';

/** Longer input is no password: the wrong file was piped. */
const MAX_INPUT_BYTES = 4096;

type Terminal = {
  readonly input: InputStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
};

/**
 * Asks on the terminal for the new password of operator `name`, until one can be taken and was typed the same twice.
 * Throws `bad-argument` when there is no terminal, `cancelled` on Ctrl-C and Ctrl-D.
 */
export async function askNewPassword(
  { questions }: Texts,
  { input, output }: Terminal,
  name: string,
): Promise<string> {
  if (input.isTTY !== true || output.isTTY !== true) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `asking for the password of ${name}: there is no terminal to ask on`,
      hint: 'Give it on standard input with --password-stdin.',
    });
  }
  // readline puts the terminal into raw mode, and what it echoes goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  lines.once('SIGINT', () => lines.close());
  // It keeps what was typed, or pasted, before it is asked for.
  const typed = lines[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const line = await typed.next();
    output.write('\n');
    if (line.done !== true) return line.value;
    throw new OperatorError({
      code: 'cancelled',
      message: `asking for the password of ${name}: there was no answer`,
      hint: 'Nothing was changed.',
    });
  };
  try {
    for (;;) {
      const password = await ask(questions.password(name));
      const reason = passwordFault(name, password);
      if (reason !== null) output.write(`${questions.passwordRefused(reason)}\n`);
      else if ((await ask(questions.passwordAgain)) === password) return password;
      else output.write(`${questions.passwordsDiffer}\n`);
    }
  } finally {
    lines.close();
  }
}

/** All of `input` without one newline at its end. Throws `bad-argument` when it is too much or nothing. */
export async function readSecret(input: InputStream, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_INPUT_BYTES) break;
    chunks.push(bytes);
  }
  const text = decoded(Buffer.concat(chunks))?.replace(/\r?\n$/, '');
  if (length <= MAX_INPUT_BYTES && text !== undefined && text !== '') return text;
  throw new OperatorError({
    code: 'bad-argument',
    message: `reading ${what} from standard input: it is empty, too long or no UTF-8`,
    hint: 'One line is expected.',
  });
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
