/** The whole picture: heading, the screens, footer; and what lies under the mouse. */

import { padStart, widthOf } from '../lib/columns.ts';
import { formatDuration } from '../lib/format.ts';
import { footer } from './footer.ts';
import { isOld, isSmall, isUnusable, layoutOf, NEEDED } from './layout.ts';
import { awaited, type Connection, type Model } from './model.ts';
import {
  fillLine,
  line,
  span,
  stack,
  textPicture,
  type Click,
  type Line,
  type Picture,
} from './picture.ts';
import type { Screen } from './screen-states.ts';
import { isDialog, titleOf, viewScreen } from './screens/table.ts';
import type { State } from './state.ts';
import { wrap } from './components/dialog.ts';
import { glyphsOf } from './glyphs.ts';
import { textsOf } from './text/catalogue.ts';
import { troubleIn } from '../lib/messages/trouble.ts';

/** Everything on the terminal in this state. */
export function viewOf(state: State): Picture {
  const { model, screens } = state;
  if (isUnusable(model.area)) return tooSmall(model);
  const { head, banner, body, foot } = layoutOf(model);
  const lowest = screens.findLastIndex((screen) => !isDialog(screen));
  const shown = screens
    .slice(Math.max(0, lowest))
    .map((screen) => viewScreen(screen, model, body))
    .map((view) => (isOld(model) ? greyed(view) : view));
  const picture = stack(
    textPicture(head, [headLine(model, screens[Math.max(0, lowest)] ?? screens[0], head.width)]),
    ...(model.connection.type === 'lost' && isOld(model)
      ? [textPicture(banner, [bannerOf(model, model.connection)])]
      : []),
    ...shown,
    footer(state, foot),
  );
  return { ...picture, caret: shown.at(-1)?.caret ?? null };
}

/** Data that may not be true any more looks like it. */
function greyed(picture: Picture): Picture {
  return {
    ...picture,
    panels: picture.panels.map((panel) =>
      panel.type === 'chart'
        ? panel
        : {
            ...panel,
            lines: panel.lines.map((spans) =>
              spans.map((each) => (each.style === 'cursor' ? each : { ...each, style: 'dim' })),
            ),
          },
    ),
  };
}

/** Nothing but what is wrong, broken into as many lines as there are. */
function tooSmall(model: Model): Picture {
  const { area } = model;
  return textPicture(
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

function headLine(model: Model, screen: Screen, width: number): Line {
  const { connection, operator } = model;
  const server = connection.type === 'online' ? connection.server.hostname : '';
  const user = [operator, server].filter((part) => part !== '').join('@');
  const who = [pendingText(model), user].filter((part) => part !== '').join('   ');
  const title = ` ${isSmall(model.area) ? sizeText(model) : 'OpenClone'} ${glyphsOf(model).separator} ${titleOf(screen, model)}`;
  const free = width - widthOf(title) - widthOf(who) - 2;
  return fillLine(
    line(
      span(title, 'title'),
      span(free < 1 ? '' : padStart(`${who} `, free + widthOf(who) + 2), 'title'),
    ),
    width,
    glyphsOf(model).cut,
  );
}

/** What was asked of the server and is not answered yet, once it takes long enough to be noticed. */
function pendingText(model: Model): string {
  const { now } = model;
  const [oldest] = awaited(model).filter(({ since }) => now - since >= 1000);
  return oldest === undefined ? '' : `${oldest.title} ... ${formatDuration(now - oldest.since)}`;
}

/** A lost connection: the data below is old. */
function bannerOf(model: Model, { trouble, since }: Extract<Connection, { type: 'lost' }>): Line {
  const texts = textsOf(model.language).common;
  const ago = formatDuration(model.now - since);
  return fillLine(
    line(span(` ${texts.connectionLost(troubleIn(model.language, trouble).short, ago)}`, 'banner')),
    model.area.width,
    glyphsOf(model).cut,
  );
}
