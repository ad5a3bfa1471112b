/** The list of all keys as Markdown, made of the key table of every screen and dialog. */

import { screenOf } from '../../../tui/actions.ts';
import { commandsOf, type BoundCommand } from '../../../tui/commands.ts';
import { glyphsOf } from '../../../tui/glyphs.ts';
import type { ScreenName } from '../../../tui/screen-states.ts';
import { FIRST_SCREEN } from '../../../tui/screens/open.ts';
import { isDialog, SCREENS, titleOf } from '../../../tui/screens/table.ts';
import { MODEL, SAMPLES } from './samples.ts';

export function keysPage(): string {
  const names = Object.keys(SCREENS).filter(isScreenName);
  const screens = names.filter((name) => !isDialog({ name }));
  const dialogs = names.filter((name) => isDialog({ name }));
  return [
    '# Keys',
    '',
    'All keys of the full-screen UI, made by `npm run keys` from the tables that the program itself asks. What cannot be',
    'done at the moment is greyed in the footer, and the help (`?`, `F1`) says why. Everywhere: `?` or `F1` help, `Esc` back,',
    '`Ctrl-C` leaves the UI, `Ctrl-R` records the last events.',
    '',
    '## Screens',
    '',
    ...screens.flatMap(section),
    '## Dialogs',
    '',
    ...dialogs.flatMap(section),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function section(name: ScreenName): string[] {
  const screen = screenOf(name, SAMPLES[name]);
  const commands = commandsOf({ model: MODEL, screens: [FIRST_SCREEN, screen] });
  const own = commands.filter((each) => !EVERYWHERE.includes(each.name));
  return [
    `### ${name}: ${titleOf(screen, MODEL)}`,
    '',
    ...(own.length === 0 ? ['None of its own.'] : [HEAD, RULE, ...own.map(row)]),
    '',
  ];
}

const EVERYWHERE = ['back', 'help', 'quit', 'record'];
const HEAD = '| key | what it is called | what it does |';
const RULE = '|---|---|---|';

function row({ keys, label, help }: BoundCommand): string {
  const { keyName } = glyphsOf(MODEL);
  const shown = keys.map((key) => `\`${keyName(key)}\``).join(' ');
  return `| ${shown} | ${cell(label)} | ${cell(help)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function isScreenName(name: string): name is ScreenName {
  return Object.hasOwn(SCREENS, name);
}
