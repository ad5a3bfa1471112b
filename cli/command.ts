/**
 * What a command is: how it is called and what it takes, a row in command-table/, and what it does, a file in
 * commands/. A row says all that the help needs; the file, with the schemas, the connection and everything else
 * the work takes, is loaded for the one command that is run.
 */

import type { OperatorClient } from '../lib/client/operator-client.ts';
import type { Status } from '../lib/model/status.ts';
import type { Language } from '../lib/model/language.ts';
import type { Output } from './output.ts';

/** The outcome of a command. Of `text` and `json` one is printed, by the option --json. */
export type Outcome = {
  readonly text: readonly string[];
  /** Left out: nothing is printed with --json, the command has done so itself. */
  readonly json?: unknown;
  readonly exitStatus: number;
};

/** What a command works with. */
export type Context = {
  /** The socket that was named on the command line, if one was. */
  readonly namedSocket: string | null;
  /** The language that was named there, if one was. */
  readonly namedLanguage: Language | null;
  readonly connect: (onStatus?: (status: Status) => void) => Promise<OperatorClient>;
  readonly output: Output;
  /**
   * Asks before something is lost, unless `yes`. Throws `bad-argument` when there is no terminal to ask on,
   * `cancelled` when the answer is no.
   */
  readonly confirm: (question: Confirmation) => Promise<void>;
  /** Asks for what is not lost when the answer is no, which it is without a terminal. */
  readonly offer: (question: string) => Promise<boolean>;
  /** Asks for a new password of operator `name`, see askNewPassword. */
  readonly askPassword: (name: string) => Promise<string>;
  /** One line of standard input, `what` in errors; see readSecret. */
  readonly secretFromInput: (what: string) => Promise<string>;
  /** Calls `listener` on Ctrl-C until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** The help of a command by its words; undefined when there is none. */
  readonly helpOf: (words: readonly string[]) => string | undefined;
};

export type Confirmation = {
  readonly yes: boolean;
  /** "deploying win11" */
  readonly doing: string;
  /** What will be lost, one line each. Only called when somebody is there to read it. */
  readonly losses: (client: OperatorClient) => Promise<readonly string[]>;
};

export type ArgumentHelp = { readonly syntax: string; readonly help: string };
export type OptionHelp = {
  readonly flags: string;
  readonly help: string;
  readonly mandatory?: boolean;
};

export type Usage = {
  /** "host list": at most two words. */
  readonly path: string;
  readonly summary: string;
  /** What the help says below the summary. */
  readonly details?: string;
  readonly arguments?: readonly ArgumentHelp[];
  readonly options?: readonly OptionHelp[];
  /** Every word after the command is an argument, options too. */
  readonly passThrough?: boolean;
};

export type Command = Usage & {
  readonly load: () => Promise<Action>;
};

export type Action = {
  /**
   * Checks what was entered: arguments and options by their camel-case names. Returns the function that does the work.
   * Throws OperatorError `bad-argument`.
   */
  readonly read: (
    usage: Usage,
    entered: Readonly<Record<string, unknown>>,
  ) => {
    readonly input: unknown;
    readonly run: (context: Context) => Promise<Outcome>;
  };
};

/** Makes the action of a command that takes nothing but the words of `argument`, and needs no schema for them. */
export function defineWordsAction(
  argument: string,
  run: (context: Context, words: readonly string[]) => Promise<Outcome>,
): Action {
  return {
    read: (_, entered) => {
      const words = entered[argument] ?? [];
      if (!isWords(words)) throw new TypeError(`${argument} is no list of words`);
      return { input: { [argument]: words }, run: (context) => run(context, words) };
    },
  };
}

/** Connects, does `work`, and closes the connection whatever comes of it. */
export async function withServer<T>(
  context: Context,
  work: (client: OperatorClient) => Promise<T>,
): Promise<T> {
  const client = await context.connect();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** The outcome of a command that did what it should. */
export function done(text: readonly string[], json: unknown): Outcome {
  return { text, json, exitStatus: 0 };
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
