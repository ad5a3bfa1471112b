/** The whole picture: heading, the screens, footer; and what lies under the mouse. */

import { padStart, widthOf } from '../lib/columns.ts';
import { formatDuration } from '../lib/format.ts';
import { isSmall, isUnusable, layoutOf, NEEDED } from './layout.ts';
import type { Connection, Model } from './model.ts';
import {
  fillLine,
  line,
  lineWidth,
  span,
  splitRows,
  stack,
  type Area,
  type Click,
  type Line,
  type Picture,
  type Span,
  type Target,
} from './picture.ts';
import type { Command, Screen } from './screen.ts';
import { commandsOf, type State } from './state.ts';
import { wrap } from './parts/dialog.ts';
import { signsOf } from './signs.ts';
import { textsOf } from './text/catalogue.ts';

/** Everything on the terminal in this state. */
export function viewOf(state: State): Picture {
  const { model, screens } = state;
  if (isUnusable(model.area)) return tooSmall(model);
  const { head, banner, body, foot } = layoutOf(model);
  const lowest = screens.findLastIndex((screen) => !screen.isDialog);
  const shown = screens.slice(Math.max(0, lowest)).map((screen) => screen.view(model, body));
  const picture = stack(
    text(head, [headLine(model, screens[Math.max(0, lowest)] ?? screens[0], head.width)]),
    ...(model.connection.type === 'lost'
      ? [text(banner, [bannerOf(model, model.connection)])]
      : []),
    ...shown,
    footer(state, foot),
  );
  return { ...picture, caret: shown.at(-1)?.caret ?? null };
}

/** Nothing but what is wrong, broken into as many lines as there are. */
function tooSmall(model: Model): Picture {
  const { area } = model;
  return text(
    area,
    wrap(sizeText(model), Math.max(1, area.width)).map((each) => line(each)),
  );
}

function sizeText({ area, language }: Model): string {
  const needed = `${NEEDED.width}x${NEEDED.height}`;
  return textsOf(language).common.tooSmall(area.width, area.height, needed);
}

/** What a click at this cell means. */
export function findTarget(picture: Picture, column: number, row: number): Click | null {
  const hit = picture.targets.findLast(
    ({ area }) =>
      column >= area.left &&
      column < area.left + area.width &&
      row >= area.top &&
      row < area.top + area.height,
  );
  return hit?.click ?? null;
}

function text(area: Area, lines: readonly Line[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets: [],
    caret: null,
  };
}

function headLine(model: Model, screen: Screen, width: number): Line {
  const { connection, operator } = model;
  const server = connection.type === 'online' ? connection.server.hostname : '';
  const user = [operator, server].filter((part) => part !== '').join('@');
  // Who knows already where they are sees what is wrong with the terminal instead.
  const place = isSmall(model.area) ? sizeText(model) : user;
  const who = [underWayText(model), place].filter((part) => part !== '').join('   ');
  const title = ` OpenClone ${signsOf(model).separator} ${screen.title(model)}`;
  const free = width - widthOf(title) - widthOf(who) - 2;
  return fillLine(
    line(
      span(title, 'title'),
      span(free < 1 ? '' : padStart(`${who} `, free + widthOf(who) + 2), 'title'),
    ),
    width,
    signsOf(model).cut,
  );
}

/** What was asked of the server and is not answered yet, once it takes long enough to be noticed. */
function underWayText({ underWay, now }: Model): string {
  const [oldest] = underWay.filter(({ since }) => now - since >= 1000);
  return oldest === undefined ? '' : `${oldest.title} ... ${formatDuration(now - oldest.since)}`;
}

/** A lost connection: the data below is old. */
function bannerOf(model: Model, { reason, since }: Extract<Connection, { type: 'lost' }>): Line {
  const texts = textsOf(model.language).common;
  const ago = formatDuration(model.now - since);
  return fillLine(
    line(span(` ${texts.connectionLost(reason, ago)}`, 'banner')),
    model.area.width,
    signsOf(model).cut,
  );
}

function footer(state: State, area: Area): Picture {
  const { model } = state;
  const cutMark = signsOf(model).cut;
  if (model.notice !== null) {
    const notice = line(span(` ${model.notice.text}`, model.notice.isBad ? 'bad' : 'good'));
    const [upper, lower] = splitRows(area, area.height - 1);
    const keys = area.height > 1 ? keyRows(state, upper) : { lines: [], targets: [] };
    return stack(
      { ...text(upper, keys.lines), targets: keys.targets },
      text(lower, [fillLine(notice, area.width, cutMark)]),
    );
  }
  const { lines, targets } = keyRows(state, area);
  return { ...text(area, lines), targets };
}

/** As many commands as fit, most important first; the last row keeps room for the help key. */
function keyRows(state: State, area: Area): { lines: Line[]; targets: Target[] } {
  const commands = commandsOf(state).filter(({ isQuiet }) => isQuiet !== true);
  const rows: Span[][] = [[]];
  const targets: Target[] = [];
  let column = 1;
  for (const command of commands) {
    const parts = keyLabel(command, state.model);
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

function keyLabel({ keys, label, whyNot }: Command, model: Model): Span[] {
  const name = signsOf(model).keyName(keys[0] ?? '');
  return whyNot === null
    ? [span(name, 'key'), span(` ${label}`)]
    : [span(`${name} ${label}`, 'dim')];
}
