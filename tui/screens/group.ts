/** The room at a glance: the hosts of a group as tiles, in the order of their names. */

import type { HostView } from '../../lib/model/host.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { conditionLegend } from '../presentation/hosts/condition-legend.ts';
import { openedBy } from '../components/double-click.ts';
import { moveInGrid } from '../components/grid-view.ts';
import { markedOr, NONE_MARKED, type HostMarks } from '../presentation/hosts/host-marks.ts';
import { moveCommand } from '../components/move-command.ts';
import { entryAt, TOP, type ListSource, type Selection } from '../components/selection.ts';
import {
  firstShownGroup,
  hostsInGroup,
  shownGroupName,
  shownGroups,
  type ShownGroupId,
} from '../presentation/hosts/groups.ts';
import { TILE_SPACE, tileLayout, tilesView } from '../presentation/hosts/tiles-view.ts';
import {
  fillLine,
  line,
  span,
  splitRows,
  stack,
  type Area,
  type Line,
  type Picture,
} from '../picture.ts';
import { stay, type Command, type Screen } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { hostActions } from './host-actions/table.ts';
import { escClears } from '../presentation/hosts/esc-clears.ts';
import { openAndMark } from './open-and-mark.ts';

type RoomState = {
  readonly groupId: ShownGroupId;
  readonly place?: Selection;
  readonly marked?: HostMarks;
};

const LIST = 'room';

/** The room that is looked at first. */
export function firstRoom(model: Pick<Model, 'groups'>): Screen {
  return roomScreen({ groupId: firstShownGroup(model) });
}

export function roomScreen(state: RoomState): Screen {
  const { place = TOP } = state;
  const screen: Screen = {
    name: 'room',
    isDialog: false,
    title: (model) => {
      const rooms = shownGroups(model);
      const texts = textsOf(model.language).hosts;
      const at = rooms.indexOf(state.groupId) + 1;
      return texts.roomTitle(shownGroupName(state.groupId, model), at, rooms.length);
    },
    commands: (model) => commandsFor(state, model, screen),
    react: (event, model) => {
      const { tiles } = partsOf(layoutOf(model).body);
      const listed = listedIn(state, model);
      const { cellWidth } = tileLayout(listed.rows, tiles);
      const next = moveInGrid(place, event, { ...listed, cellWidth, space: TILE_SPACE }, tiles);
      if (next === null) return stay(screen);
      return openedBy(event, roomScreen({ ...state, place: next }), model);
    },
    view: (model, area) => view(state, model, area),
  };
  return screen;
}

function partsOf(area: Area): { readonly legend: Area; readonly tiles: Area } {
  const [legend, below] = splitRows(area, 1);
  const [, tiles] = splitRows(below, 1);
  return { legend, tiles };
}

function listedIn({ groupId }: RoomState, model: Model): ListSource<HostView> {
  return { list: LIST, rows: hostsInGroup(groupId, model), keyOf: ({ id }) => id };
}

function commandsFor(state: RoomState, model: Model, screen: Screen): Command[] {
  const texts = textsOf(model.language).hosts;
  const { place = TOP, marked = NONE_MARKED } = state;
  const listed = listedIn(state, model);
  const current = entryAt(place, listed);
  const chosen = markedOr(listed.rows, marked, current === null ? [] : [current]);
  const rooms = shownGroups(model);
  const toRoom = (step: number): Screen => {
    const index = (rooms.indexOf(state.groupId) + step + rooms.length) % rooms.length;
    return roomScreen({ groupId: rooms[index] ?? null });
  };
  const onlyOne = rooms.length < 2 ? texts.onlyRoom : null;
  return [
    ...openAndMark({ place, marked }, listed, {
      model,
      screen,
      none: texts.noHostsHere,
      at: (marking) => roomScreen({ ...state, ...marking }),
    }),
    {
      name: 'next-room',
      keys: ['tab'],
      label: texts.nextRoom,
      help: texts.nextRoomHelp,
      whyNot: onlyOne,
      run: () => stay(toRoom(1)),
    },
    {
      name: 'previous-room',
      keys: ['S-tab'],
      label: texts.previousRoom,
      help: texts.previousRoomHelp,
      whyNot: onlyOne,
      isQuiet: true,
      run: () => stay(toRoom(-1)),
    },
    ...hostActions(chosen, model, screen),
    ...escClears(
      {
        marks: marked.size === 0 ? null : roomScreen({ ...state, marked: NONE_MARKED }),
        filter: null,
      },
      model,
    ),
    moveCommand(model, screen, ['up', 'down', 'left', 'right']),
  ];
}

function view(state: RoomState, model: Model, area: Area): Picture {
  const { place = TOP, marked = NONE_MARKED } = state;
  const { legend, tiles } = partsOf(area);
  const listed = listedIn(state, model);
  const { cut } = glyphsOf(model);
  return stack(
    {
      panels: [
        {
          type: 'text',
          area: { ...legend, height: 2 },
          title: null,
          isActive: false,
          lines: [fillLine(legendLine(listed.rows, marked, model), legend.width, cut)],
        },
      ],
      targets: [],
      caret: null,
    },
    tilesView(
      {
        ...listed,
        place,
        isMarked: ({ id }) => marked.has(id),
        empty: textsOf(model.language).hosts.noHostsHere,
      },
      model,
      tiles,
    ),
  );
}

/** "30 hosts  ● 12 working  ○ 6 ready". */
function legendLine(rows: readonly HostView[], marked: HostMarks, model: Model): Line {
  const inRoom = rows.filter(({ id }) => marked.has(id)).length;
  const texts = textsOf(model.language).hosts;
  return line(span(` ${texts.inRoom(rows.length, inRoom)}`), ...conditionLegend(rows, model));
}
