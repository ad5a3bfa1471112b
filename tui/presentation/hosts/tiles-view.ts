/** Hosts as tiles: as large as the screen allows, so that all of them are seen at once where that is possible. */

import { render } from '../../../lib/messages/render.ts';
import { bar } from '../../../lib/progress-bar.ts';
import { widthOf } from '../../../lib/columns.ts';
import { formatPercent } from '../../../lib/format.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import {
  cutLine,
  fillLine,
  line,
  restyle,
  span,
  type Area,
  type Line,
  type Picture,
  type Target,
} from '../../picture.ts';
import { glyphsOf } from '../../glyphs.ts';
import { gridColumns } from '../../components/grid-view.ts';
import {
  conditionIn,
  conditionSign,
  conditionWord,
  workOf,
  workSign,
  workWord,
} from './host-condition.ts';
import { resolveSelection, type ListSource, type Selection } from '../../values/selection.ts';

export type Tiles = ListSource<HostView> & {
  readonly selection: Selection;
  readonly isMarked: (host: HostView) => boolean;
  /** What stands there when there is nobody. */
  readonly empty: string;
};

export type TileLayout = {
  /** The least width of a tile, for gridColumns. */
  readonly cellWidth: number;
  readonly columns: number;
  /** Lines of a tile: name, state, address. */
  readonly lines: number;
  /** From the top of one tile to that of the one below. */
  readonly pitch: number;
};

/** The first cell of a tile is blank as well, unless it is marked. */
export const TILE_SPACE = 1;
/** For the longest word of a state. */
const LEAST_WIDTH = 15;
const MOST_WIDTH = 26;

/** The most lines for each tile, then the greatest width, with which all tiles fit; else small ones that scroll. */
export function tileLayout(rows: readonly HostView[], area: Area): TileLayout {
  const nameWidth = Math.max(0, ...rows.map(({ name }) => widthOf(name)));
  const least = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, nameWidth + 4));
  for (const lines of [3, 2, 1]) {
    const pitch = lines === 1 ? 1 : lines + 1;
    for (let cellWidth = MOST_WIDTH; cellWidth >= least; cellWidth -= 1) {
      const columns = gridColumns(area.width, cellWidth, TILE_SPACE);
      const height = Math.ceil(rows.length / columns) * pitch - (pitch - lines);
      if (height <= area.height) return { cellWidth, columns, lines, pitch };
    }
  }
  return {
    cellWidth: least,
    columns: gridColumns(area.width, least, TILE_SPACE),
    lines: 1,
    pitch: 1,
  };
}

export function tilesView(tiles: Tiles, model: Model, area: Area): Picture {
  const { rows, selection, list } = tiles;
  if (rows.length === 0) return textPicture(area, [line(span(`  ${tiles.empty}`, 'dim'))], []);
  const { columns, lines, pitch } = tileLayout(rows, area);
  const width = Math.floor((area.width + TILE_SPACE) / columns) - TILE_SPACE;
  const { index } = resolveSelection(selection, tiles, rows.length);
  const shownLines = Math.max(1, Math.floor((area.height + (pitch - lines)) / pitch));
  const allLines = Math.ceil(rows.length / columns);
  const firstLine = Math.max(
    0,
    Math.min(Math.floor(index / columns) - Math.floor(shownLines / 2), allLines - shownLines),
  );
  const painted: Line[] = [];
  const targets: Target[] = [];
  for (let row = 0; row < shownLines; row += 1) {
    const start = (firstLine + row) * columns;
    const inRow = rows.slice(start, start + columns);
    const cells = inRow.map((host, column) => {
      targets.push({
        area: {
          left: area.left + column * (width + TILE_SPACE),
          top: area.top + row * pitch,
          width,
          height: lines,
        },
        click: { type: 'row', list, index: start + column },
      });
      const isHere = start + column === index;
      const tile =
        lines === 1
          ? [smallTile(host, tiles.isMarked(host), model)]
          : tileLines(host, tiles.isMarked(host), model, width);
      return tile.slice(0, lines).map((each) => {
        const { cut } = glyphsOf(model);
        const full = fillLine([...cutLine(each, width, cut), span('')], width, cut);
        return isHere ? restyle(full, 'cursor') : full;
      });
    });
    for (let at = 0; at < pitch; at += 1) {
      painted.push(
        cells.flatMap((cell, column) => [
          ...(column === 0 ? [] : [span(' '.repeat(TILE_SPACE))]),
          ...(cell[at] ?? []),
        ]),
      );
    }
  }
  return textPicture(area, painted, targets);
}

/** Where there is one line a tile: a sign says whether it is on, another one what the last work came to. */
function smallTile(host: HostView, isMarked: boolean, model: Model): Line {
  const work = workOf(host, model);
  const end =
    work === null
      ? []
      : work.fraction === null
        ? [span(' '), workSign(work.type, model)]
        : [span(` ${formatPercent(work.fraction, 1)}`, 'busy')];
  return [...nameLine(host, isMarked, model), ...end];
}

function nameLine(host: HostView, isMarked: boolean, model: Model): Line {
  return line(
    span(isMarked ? '*' : ' ', 'marked'),
    conditionSign(conditionIn(host, model), model),
    span(` ${host.name}`, isMarked ? 'marked' : 'strong'),
  );
}

/** Whether it is on, and its name; its last work, else the word for the sign; what it does now, or its address. */
function tileLines(host: HostView, isMarked: boolean, model: Model, width: number): Line[] {
  const work = workOf(host, model);
  const fraction = work?.fraction ?? null;
  const doing =
    work === null || work.step === null ? null : render(model.language, work.step.title);
  const condition = conditionIn(host, model);
  const sign = work === null ? conditionSign(condition, model) : workSign(work.type, model);
  const word =
    work === null ? conditionWord(condition, model) : `${sign.text} ${workWord(work.type, model)}`;
  const percent = fraction === null ? '' : formatPercent(fraction, 1);
  // With its work told of, a host that is not on says so where its address would be.
  const rest = work !== null && host.state === 'off' ? conditionWord(condition, model) : null;
  const state: Line =
    fraction === null
      ? [span(`   ${word}`, sign.style)]
      : [
          span('   '),
          span(bar(fraction, Math.max(4, width - 3 - percent.length - 1), model.unicode), 'bar'),
          span(` ${percent}`, sign.style),
        ];
  return [
    nameLine(host, isMarked, model),
    state,
    line(span(`   ${doing ?? rest ?? host.address ?? host.ipAddress ?? ''}`, 'dim')),
  ];
}

function textPicture(area: Area, lines: readonly Line[], targets: readonly Target[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets,
    caret: null,
  };
}
