/** The keys at the bottom of the screen. */

import {
  fillLine,
  line,
  lineWidth,
  span,
  splitRows,
  stack,
  textPicture,
  type Area,
  type Line,
  type Picture,
  type Span,
  type Target,
} from './picture.ts';
import type { Model, Notice } from './model.ts';
import { wrap } from './components/dialog.ts';
import { commandsOf, type BoundCommand } from './commands.ts';
import { isDialog } from './screens/table.ts';
import { glyphsOf } from './glyphs.ts';
import type { State } from './state.ts';

/** On less there is one row of keys. */
const ROOMY_HEIGHT = 20;
const LEAST_ROWS = 2;
const MOST_ROWS = 3;

/** The commands that work here, or what just happened above them. */
export function footer(state: State, area: Area): Picture {
  const { model } = state;
  const cutMark = glyphsOf(model).cut;
  if (model.notice !== null) {
    const lines = noticeLines(model.notice, area);
    const [upper, lower] = splitRows(area, area.height - lines.length);
    const keys = upper.height > 0 ? keyRows(state, upper) : { lines: [], targets: [] };
    return stack(
      { ...textPicture(upper, keys.lines), targets: keys.targets },
      textPicture(
        lower,
        lines.map((each) => fillLine(each, area.width, cutMark)),
      ),
    );
  }
  const { lines, targets } = keyRows(state, area);
  return { ...textPicture(area, lines), targets };
}

/** Broken at words into as many rows as there are; what is more than that is cut at the end of the last one. */
function noticeLines({ text, isBad }: Notice, area: Area): Line[] {
  const parts = wrap(text, Math.max(1, area.width - 2));
  const last = Math.max(0, Math.min(area.height, parts.length) - 1);
  return [...parts.slice(0, last), parts.slice(last).join(' ')].map((part) =>
    line(span(` ${part}`, isBad ? 'bad' : 'good')),
  );
}

/** How many rows the keys of the screen want, dialogs left alone: what is below one must not jump. */
export function footerRows(state: State): number {
  const { model, screens } = state;
  if (model.area.height < ROOMY_HEIGHT) return 1;
  const lowest = screens.findLastIndex((screen) => !isDialog(screen));
  const [first, ...rest] = screens.slice(0, lowest + 1);
  if (first === undefined) return LEAST_ROWS;
  const area = { ...model.area, height: MOST_ROWS };
  const { lines } = placeKeys(shownCommands({ ...state, screens: [first, ...rest] }), model, area);
  return Math.max(LEAST_ROWS, lines.length);
}

function shownCommands(state: State): readonly BoundCommand[] {
  return commandsOf(state).filter(({ inFooter }) => inFooter !== false);
}

/** What is on the screen however many other keys there are: the way out, and the help that has them all. */
const ALWAYS: ReadonlySet<string> = new Set(['escape', '?', 'f1']);

/** As many commands as fit, most important first; where some do not, the last ones are those of ALWAYS. */
function keyRows(state: State, area: Area): { lines: Line[]; targets: Target[] } {
  const commands = shownCommands(state);
  const all = placeKeys(commands, state.model, area);
  if (all.targets.length === commands.length) return all;
  const isKept = ({ keys }: BoundCommand): boolean => ALWAYS.has(keys[0] ?? '');
  const kept = commands.filter(isKept);
  const others = commands.filter((each) => !isKept(each));
  for (let count = Math.min(all.targets.length, others.length); count > 0; count -= 1) {
    const some = others.slice(0, count);
    const placed = placeKeys([...some, ...kept], state.model, area);
    if (placed.targets.length === some.length + kept.length) return placed;
  }
  return all;
}

function placeKeys(
  commands: readonly BoundCommand[],
  model: Model,
  area: Area,
): { lines: Line[]; targets: Target[] } {
  const rows: Span[][] = [[]];
  const targets: Target[] = [];
  let column = 1;
  for (const command of commands) {
    const parts = keyLabel(command, model);
    const width = lineWidth(parts) + 2;
    if (column + width > area.width) {
      if (rows.length === area.height) break;
      rows.push([]);
      column = 1;
    }
    const row = rows.at(-1);
    row?.push(...(row.length === 0 ? [span(' ')] : []), ...parts, span('  '));
    targets.push({
      area: {
        left: area.left + column,
        top: area.top + rows.length - 1,
        width: width - 2,
        height: 1,
      },
      click: { type: 'command', name: command.name },
    });
    column += width;
  }
  return { lines: rows, targets };
}

function keyLabel({ keys, label, disabledReason }: BoundCommand, model: Model): Span[] {
  const name = glyphsOf(model).keyName(keys[0] ?? '');
  return disabledReason === null
    ? [span(name, 'key'), span(` ${label}`)]
    : [span(`${name} ${label}`, 'dim')];
}
