/** Understanding the words on a command line, by commander and the table of commands. */

import { Command as Commander, CommanderError } from 'commander';
import { OperatorError } from '../lib/errors.ts';
import { DEFAULT_SOCKET, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { camelCase, type Command } from './command.ts';
import { COMMANDS, COMMAND_GROUPS } from './commands/table.ts';

export type Globals = {
  readonly socket: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
};

export type Invocation =
  | { readonly type: 'help'; readonly text: string; readonly exitStatus: number }
  | {
      readonly type: 'command';
      readonly command: Command;
      readonly globals: Globals;
      /** Arguments and options by their camel-case names, not checked yet. */
      readonly entered: Readonly<Record<string, unknown>>;
    };

/** Throws OperatorError `bad-argument` for what no command takes. `columns` is how wide help may be. */
export function readCommandLine(args: readonly string[], columns: number): Invocation {
  let printed = '';
  let invocation: Invocation | undefined;
  const program = buildProgram({
    columns,
    write: (text) => (printed += text),
    onCommand: (command, leaf) => {
      invocation = {
        type: 'command',
        command,
        globals: globalsOf(leaf),
        entered: { ...leaf.opts(), ...argumentsOf(leaf) },
      };
    },
  });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    switch (error.code) {
      case 'commander.helpDisplayed':
      case 'commander.version':
        return { type: 'help', text: printed, exitStatus: 0 };
      case 'commander.help':
        return { type: 'help', text: printed, exitStatus: 2 };
      default:
        throw badCommandLine(args, error);
    }
  }
  if (invocation === undefined) throw new TypeError('a command line that names no command');
  return invocation;
}

/** The help of a command by its words, "host list"; undefined when there is no such command. */
export function helpOf(words: readonly string[], columns: number): string | undefined {
  let found: Commander | undefined = buildProgram({
    columns,
    write: () => undefined,
    onCommand: () => undefined,
  });
  for (const word of words) found = found?.commands.find((command) => command.name() === word);
  return found?.helpInformation();
}

type Building = {
  readonly columns: number;
  readonly write: (text: string) => void;
  readonly onCommand: (command: Command, leaf: Commander) => void;
};

function buildProgram(building: Building): Commander {
  const { columns, write } = building;
  const program = new Commander('openclone')
    .description(
      'Clones computers over the network: captures disks as images, deploys them to whole rooms.\n' +
        '`openclone help COMMAND` explains a command, `openclone help exit-status` the exit statuses.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: write,
      outputError: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .enablePositionalOptions()
    .helpCommand(false)
    .version(PROGRAM_VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the command');
  addGlobals(program);
  for (const command of COMMANDS) addCommand(program, command, building);
  return program;
}

function addCommand(program: Commander, command: Command, building: Building): void {
  const [first = '', second] = command.path.split(' ');
  const parent = second === undefined ? program : groupOf(program, first);
  const leaf = parent.command(second ?? first);
  leaf.summary(command.summary).description(descriptionOf(command));
  leaf.allowExcessArguments(false);
  for (const { syntax, help } of command.arguments ?? []) leaf.argument(syntax, help);
  for (const { flags, help, mandatory } of command.options ?? []) {
    if (mandatory === true) leaf.requiredOption(flags, help);
    else leaf.option(flags, help);
  }
  if (command.passThrough === true) {
    leaf.helpOption(false).passThroughOptions().allowUnknownOption();
  } else {
    addGlobals(leaf);
  }
  leaf.action(() => building.onCommand(command, leaf));
}

function descriptionOf({ summary, details }: Command): string {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return details === undefined ? sentence : `${sentence}\n\n${details}`;
}

function groupOf(program: Commander, name: string): Commander {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const group = program.command(name).description(COMMAND_GROUPS[name] ?? '');
  addGlobals(group);
  return group.helpCommand(false);
}

/** Known to every command, so that they may stand anywhere. */
function addGlobals(command: Commander): void {
  command
    .optionsGroup('Global options:')
    .option(
      '--socket <path>',
      `where the server listens (else OPENCLONE_SOCKET, else ${DEFAULT_SOCKET})`,
    )
    .option('--json', 'JSON for programs instead of text')
    .option('-q, --quiet', 'results and errors only');
}

/** The innermost word counts. */
function globalsOf(leaf: Commander): Globals {
  const merged: Record<string, unknown> = {};
  for (let command: Commander | null = leaf; command !== null; command = command.parent) {
    for (const [name, value] of Object.entries(command.opts())) merged[name] ??= value;
  }
  return {
    socket: typeof merged['socket'] === 'string' ? merged['socket'] : null,
    json: merged['json'] === true,
    quiet: merged['quiet'] === true,
  };
}

function argumentsOf(leaf: Commander): Record<string, unknown> {
  const values: readonly unknown[] = leaf.processedArgs;
  return Object.fromEntries(
    leaf.registeredArguments.map((argument, index) => [camelCase(argument.name()), values[index]]),
  );
}

function badCommandLine(args: readonly string[], error: CommanderError): OperatorError {
  const words = args.filter((word) => !word.startsWith('-'));
  const path = [2, 1]
    .map((count) => words.slice(0, count).join(' '))
    .find((start) =>
      COMMANDS.some((command) => command.path === start || command.path.startsWith(`${start} `)),
    );
  const help = path === undefined || path === '' ? 'openclone --help' : `openclone ${path} --help`;
  return new OperatorError({
    code: 'bad-argument',
    message: `reading the command line: ${error.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')}`,
    hint: `See \`${help}\`.`,
  });
}
