/** Understanding the words on a command line, by commander and the table of commands. */

import { Command as Commander, CommanderError } from 'commander';
import { OperatorError } from '../lib/errors.ts';
import { DEFAULT_SOCKET, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { camelCase } from './camel-case.ts';
import type { Command } from './command.ts';
import { LANGUAGES, type Language } from '../lib/model/language.ts';
import { namedLanguage } from '../lib/text/language.ts';
import { commandTable } from './command-table/table.ts';
import { helpTextsOf, type HelpTexts } from './text/help/catalogue.ts';

export type Globals = {
  readonly socket: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
  /** null when none was named. */
  readonly language: Language | null;
};

/** How help is written: in which language, and how wide it may be. */
export type HelpStyle = { readonly language: Language; readonly columns: number };

export type Invocation =
  | { readonly type: 'help'; readonly text: string; readonly exitStatus: number }
  | {
      readonly type: 'command';
      readonly command: Command;
      readonly globals: Globals;
      /** Arguments and options by their camel-case names, not checked yet. */
      readonly entered: Readonly<Record<string, unknown>>;
    };

/** Throws OperatorError `bad-argument` for what no command takes. */
export function readCommandLine(args: readonly string[], style: HelpStyle): Invocation {
  let printed = '';
  let invocation: Invocation | undefined;
  const program = buildProgram({
    ...style,
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
export function helpOf(words: readonly string[], style: HelpStyle): string | undefined {
  let found: Commander | undefined = buildProgram({
    ...style,
    write: () => undefined,
    onCommand: () => undefined,
  });
  for (const word of words) found = found?.commands.find((command) => command.name() === word);
  return found?.helpInformation();
}

/** The language that the words of a command line name, before they are understood; null when they name none of ours. */
export function languageIn(args: readonly string[]): Language | null {
  const named = args.flatMap((word, index) => {
    if (word === '--language') return args.slice(index + 1, index + 2);
    return word.startsWith('--language=') ? [word.slice('--language='.length)] : [];
  });
  return LANGUAGES.find((language) => language === named.at(-1)) ?? null;
}

type Building = HelpStyle & {
  readonly write: (text: string) => void;
  readonly onCommand: (command: Command, leaf: Commander) => void;
};

function buildProgram(building: Building): Commander {
  const { columns, write, language } = building;
  const texts = helpTextsOf(language);
  const { general } = texts;
  const titles: Readonly<Record<string, string>> = {
    'Usage:': general.titles.usage,
    'Arguments:': general.titles.arguments,
    'Options:': general.titles.options,
    'Commands:': general.titles.commands,
  };
  const program = new Commander('openclone')
    .description(general.program)
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: write,
      outputError: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .configureHelp({ styleTitle: (title) => titles[title] ?? title })
    .enablePositionalOptions()
    .helpCommand(false)
    .version(PROGRAM_VERSION, '-V, --version', general.version)
    .helpOption('-h, --help', general.help);
  addGlobals(program, texts);
  for (const command of commandTable(texts)) addCommand(program, texts, command, building);
  return program;
}

function addCommand(
  program: Commander,
  texts: HelpTexts,
  command: Command,
  building: Building,
): void {
  const [first = '', second] = command.path.split(' ');
  const parent = second === undefined ? program : groupOf(program, texts, first);
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
    addGlobals(leaf, texts);
  }
  leaf.action(() => building.onCommand(command, leaf));
}

function descriptionOf({ summary, details }: Command): string {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return details === undefined ? sentence : `${sentence}\n\n${details}`;
}

function groupOf(program: Commander, texts: HelpTexts, name: string): Commander {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const groups: Readonly<Record<string, string>> = texts.general.groups;
  const group = program.command(name).description(groups[name] ?? '');
  addGlobals(group, texts);
  return group.helpCommand(false);
}

/** Known to every command, so that they may stand anywhere. */
function addGlobals(command: Commander, { general }: HelpTexts): void {
  command
    .optionsGroup(general.titles.globals)
    .option('--socket <path>', general.socket(DEFAULT_SOCKET))
    .option('--json', general.json)
    .option('-q, --quiet', general.quiet)
    .option('--language <language>', general.language);
}

/** The innermost word counts. */
function globalsOf(leaf: Commander): Globals {
  const merged: Record<string, unknown> = {};
  for (let command: Commander | null = leaf; command !== null; command = command.parent) {
    for (const [name, value] of Object.entries(command.opts())) merged[name] ??= value;
  }
  const named = merged['language'];
  return {
    socket: typeof merged['socket'] === 'string' ? merged['socket'] : null,
    json: merged['json'] === true,
    quiet: merged['quiet'] === true,
    language: typeof named === 'string' ? namedLanguage(named, 'openclone') : null,
  };
}

function argumentsOf(leaf: Commander): Record<string, unknown> {
  const values: readonly unknown[] = leaf.processedArgs;
  return Object.fromEntries(
    leaf.registeredArguments.map((argument, index) => [camelCase(argument.name()), values[index]]),
  );
}

/** "--socket FILE" and "--language de" may stand before the words of the command. */
function isValueOfGlobal(before: string | undefined): boolean {
  return before === '--socket' || before === '--language';
}

function badCommandLine(args: readonly string[], error: CommanderError): OperatorError {
  const words = args.filter(
    (word, index) => !word.startsWith('-') && !isValueOfGlobal(args[index - 1]),
  );
  const commands = commandTable(helpTextsOf('en'));
  const path = [2, 1]
    .map((count) => words.slice(0, count).join(' '))
    .find((start) =>
      commands.some((command) => command.path === start || command.path.startsWith(`${start} `)),
    );
  const help = path === undefined || path === '' ? 'openclone --help' : `openclone ${path} --help`;
  return new OperatorError({
    code: 'bad-argument',
    message: `reading the command line: ${error.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')}`,
    hint: `See \`${help}\`.`,
  });
}
