/** Prompter: asks the person at the terminal, by inquirer. */

import inquirer from 'inquirer';
import { z } from 'zod';
import { wrapText } from '../../lib/text/wrap-text.ts';
import { columnsOf } from './columns.ts';
import { page, type Terminal } from './page.ts';
import { unlessAborted, type Interruption } from './unless-aborted.ts';

/** ECMA-48 and xterm (DECTCEM): a question that was left has hidden it. */
const SHOW_CURSOR = '\u001b[?25h\n';

export type Choice<T> = { readonly value: T; readonly name: string; readonly description: string };

/** Each resolves with what was entered; ^C rejects with inquirer's ExitPromptError. */
export type Prompter = {
  /** Text that stands above the next question. */
  readonly explain: (text: string) => void;
  readonly input: (question: {
    readonly message: string;
    readonly proposal: string;
    /** What is wrong with the text; null when it will do. */
    readonly faultOf: (text: string) => string | null;
  }) => Promise<string>;
  readonly confirm: (question: {
    readonly message: string;
    readonly proposal: boolean;
  }) => Promise<boolean>;
  readonly select: <T extends string>(question: {
    readonly message: string;
    readonly choices: readonly Choice<T>[];
    readonly proposal: T;
  }) => Promise<T>;
  /** Lines that are to be read before what follows: a screen at a time where they are more than one. */
  readonly page: (lines: readonly string[]) => Promise<void>;
  /** Not shown. */
  readonly password: (question: {
    readonly message: string;
    readonly faultOf: (text: string) => string | null;
  }) => Promise<string>;
};

/** Everything rejects with `cancelled` when it is interrupted. */
export function makePrompter(terminal: Terminal, interruption: Interruption): Prompter {
  const prompt = inquirer.createPromptModule({ ...terminal, skipTTYChecks: true });
  const ask = async <T>(schema: z.ZodType<T>, answers: PromiseLike<unknown>): Promise<T> => {
    const answered = await unlessAborted(answers, interruption, () => {
      terminal.output.write(SHOW_CURSOR);
    });
    return z.object({ value: schema }).parse(answered).value;
  };
  const validate =
    (faultOf: (text: string) => string | null) =>
    (text: string): string | true =>
      faultOf(text) ?? true;
  return {
    explain: (text) =>
      void terminal.output.write(`\n${wrapText(text, columnsOf(terminal.output), 0)}\n`),
    page: (lines) => page(terminal, lines, interruption),
    input: ({ message, proposal, faultOf }) =>
      ask(
        z.string().transform((text) => text.trim()),
        prompt([
          {
            type: 'input',
            name: 'value',
            message,
            default: proposal,
            validate: (text: string) => faultOf(text.trim()) ?? true,
          },
        ]),
      ),
    confirm: ({ message, proposal }) =>
      ask(z.boolean(), prompt([{ type: 'confirm', name: 'value', message, default: proposal }])),
    select: async ({ message, choices, proposal }) => {
      const chosen = await ask(
        z.string(),
        prompt([
          {
            type: 'select',
            name: 'value',
            message,
            default: proposal,
            choices: choices.map((choice) => ({ ...choice })),
          },
        ]),
      );
      return choices.find(({ value }) => value === chosen)?.value ?? proposal;
    },
    password: ({ message, faultOf }) =>
      ask(
        z.string(),
        prompt([
          { type: 'password', name: 'value', message, mask: '*', validate: validate(faultOf) },
        ]),
      ),
  };
}
