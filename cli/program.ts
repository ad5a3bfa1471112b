/** runCommandLine: runs the command that the arguments name and returns the exit status. */

import { quietJson } from '../lib/format.ts';
import { exitStatusOf, toReport } from '../lib/errors.ts';
import { DEFAULT_SOCKET } from '../lib/protocol/version.ts';
import type { Context, Outcome } from './command.ts';
import { askBefore, askWhether, type InputStream } from './confirm.ts';
import { languageOf } from '../lib/text/language.ts';
import { askNewPassword, readSecret } from './password.ts';
import { helpOf, languageIn, readCommandLine, type Invocation } from './read-command-line.ts';
import { makeOutput, type OutputStream, type Output } from './output.ts';

export type Surroundings = {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream & NodeJS.WritableStream;
  /** Who asks, as the operating system knows them. */
  readonly operator: string;
  readonly onInterrupt: (listener: () => void) => () => void;
};

/** Does what the arguments say and returns the exit status. Never throws. */
export async function runCommandLine(surroundings: Surroundings): Promise<number> {
  const { args, environment, stdout, stderr } = surroundings;
  // Before the arguments are understood, their form decides in which form an error is told.
  const early = languageIn(args) ?? languageOf(environment);
  let output = makeOutput({ stdout, stderr }, environment, {
    json: args.includes('--json'),
    quiet: false,
    language: early,
  });
  try {
    const invocation = readCommandLine(args, { language: early, columns: output.size().columns });
    if (invocation.type === 'help') {
      if (invocation.exitStatus === 0) output.write(invocation.text);
      else output.printError([invocation.text.trimEnd()]);
      return invocation.exitStatus;
    }
    output = makeOutput({ stdout, stderr }, environment, {
      ...invocation.globals,
      language: invocation.globals.language ?? early,
    });
    const action = await invocation.command.load();
    const { run } = action.read(invocation.command, invocation.entered);
    const outcome = await run(makeContext(surroundings, invocation, output));
    await printOutcome(output, outcome);
    return outcome.exitStatus;
  } catch (error) {
    const report = toReport(error);
    if (output.json) {
      output.print([quietJson(JSON.stringify({ error: report }))]);
    } else {
      const { thrownLines } = await import('./print/error.ts');
      output.printError(thrownLines(output.texts, error));
    }
    return exitStatusOf(report);
  }
}

function makeContext(
  surroundings: Surroundings,
  { globals }: Extract<Invocation, { type: 'command' }>,
  output: Output,
): Context {
  const { environment, operator, stdin, stderr, onInterrupt } = surroundings;
  const fromEnvironment = environment['OPENCLONE_SOCKET'];
  const socketPath =
    globals.socket ??
    (fromEnvironment === undefined || fromEnvironment === '' ? DEFAULT_SOCKET : fromEnvironment);
  const connect: Context['connect'] = async (onStatus) => {
    // Many commands need no server, and its protocol is most of what there is to load.
    const { connectOperator } = await import('../lib/client/operator-client.ts');
    return connectOperator({
      socketPath,
      operator,
      ...(onStatus === undefined ? {} : { onStatus }),
    });
  };
  const { texts } = output;
  const terminal = { input: stdin, output: stderr };
  return {
    namedSocket: globals.socket,
    namedLanguage: globals.language,
    output,
    onInterrupt,
    confirm: (question) => askBefore(texts, terminal, connect, question),
    offer: (question) => askWhether(texts, terminal, question),
    askPassword: (name) => askNewPassword(texts, terminal, name),
    secretFromInput: (what) => readSecret(stdin, what),
    helpOf: (words) => helpOf(words, { language: texts.language, columns: output.size().columns }),
    connect,
  };
}

async function printOutcome(output: Output, outcome: Outcome): Promise<void> {
  if (!output.json) output.print(outcome.text);
  else if (outcome.json !== undefined) {
    // Help and refused command lines come without the schema of messages.
    const { withTexts } = await import('./print/json-messages.ts');
    output.print([quietJson(JSON.stringify(withTexts(outcome.json)))]);
  }
}
