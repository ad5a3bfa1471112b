/** The room at a glance: the hosts of a group as tiles, in the order of their names. */

import type { HostView } from '../../lib/model/host.ts';
import type { GroupId, HostId } from '../../lib/model/ids.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { gridAfter } from '../parts/grid-view.ts';
import { CONDITIONS, conditionOf, conditionSign, conditionWord } from '../parts/host-condition.ts';
import { ALL_HOSTS, filteredHosts } from '../parts/host-filter.ts';
import { entryAt, FIRST_PLACE, type Listed, type Place } from '../parts/place.ts';
import { TILE_SPACE, tileLayout, tilesView } from '../parts/tiles-view.ts';
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
import { signsOf } from '../signs.ts';
import { textsOf } from '../text/catalogue.ts';
import { hostActions } from './host-actions.ts';
import { openHost } from './host.ts';

type RoomState = {
  /** Null: the hosts without a group. */
  readonly groupId: GroupId | null;
  readonly place?: Place;
  readonly marked?: ReadonlySet<HostId>;
};

const LIST = 'room';
const NONE: ReadonlySet<HostId> = new Set();

/** The room that is looked at first: the first group with hosts. */
export function firstRoom({ groups }: Pick<Model, 'groups'>): Screen {
  const group = groups.find(({ hosts }) => hosts.length > 0) ?? groups[0];
  return roomScreen({ groupId: group?.id ?? null });
}

export function roomScreen(state: RoomState): Screen {
  const { place = FIRST_PLACE } = state;
  const screen: Screen = {
    name: 'room',
    isDialog: false,
    title: (model) => {
      const rooms = roomsOf(model);
      const texts = textsOf(model.language).hosts;
      const at = rooms.indexOf(state.groupId) + 1;
      return texts.roomTitle(nameOf(state, model), at, rooms.length);
    },
    commands: (model) => commandsFor(state, model, screen),
    react: (event, model) => {
      const { tiles } = partsOf(layoutOf(model).body);
      const listed = listedIn(state, model);
      const { cellWidth } = tileLayout(listed.rows, tiles);
      const next = gridAfter(place, event, { ...listed, cellWidth, space: TILE_SPACE }, tiles);
      if (next === null) return stay(screen);
      const moved = roomScreen({ ...state, place: next });
      if (event.type !== 'click' || !event.isDouble) return stay(moved);
      return (
        moved
          .commands(model)
          .find(({ name }) => name === 'open')
          ?.run() ?? stay(moved)
      );
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

/** Groups in the order of the server, then the hosts without one, if there are any. */
function roomsOf({ groups, hosts }: Model): readonly (GroupId | null)[] {
  const hasOthers = groups.length === 0 || hosts.some(({ groupId }) => groupId === null);
  return [...groups.map(({ id }) => id), ...(hasOthers ? [null] : [])];
}

function nameOf({ groupId }: RoomState, { groups, language }: Model): string {
  const name = groups.find(({ id }) => id === groupId)?.name;
  return name ?? textsOf(language).hosts.noGroup;
}

const cache = new WeakMap<readonly HostView[], Map<GroupId | null, readonly HostView[]>>();

function listedIn({ groupId }: RoomState, model: Model): Listed<HostView> {
  const known = cache.get(model.hosts) ?? new Map<GroupId | null, readonly HostView[]>();
  cache.set(model.hosts, known);
  const rows =
    known.get(groupId) ??
    filteredHosts(ALL_HOSTS, model).filter((host) => host.groupId === groupId);
  known.set(groupId, rows);
  return { list: LIST, rows, keyOf: ({ id }) => id };
}

function commandsFor(state: RoomState, model: Model, screen: Screen): Command[] {
  const { hosts: texts, common } = textsOf(model.language);
  const { place = FIRST_PLACE, marked = NONE } = state;
  const { rows } = listedIn(state, model);
  const current = entryAt(place, listedIn(state, model));
  const none = current === null ? texts.noHostsHere : null;
  const inRoom = rows.filter(({ id }) => marked.has(id));
  const chosen = inRoom.length > 0 || current === null ? inRoom : [current];
  const rooms = roomsOf(model);
  const toRoom = (step: number): Screen => {
    const index = (rooms.indexOf(state.groupId) + step + rooms.length) % rooms.length;
    return roomScreen({ groupId: rooms[index] ?? null });
  };
  const onlyOne = rooms.length < 2 ? texts.onlyRoom : null;
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: texts.details,
      help: texts.detailsHelp,
      whyNot: none,
      run: () => stay(screen, ...(current === null ? [] : openHost(current, model))),
    },
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: texts.markHelp,
      whyNot: none,
      run: () => stay(current === null ? screen : withToggled(state, current, rows)),
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: texts.markAll,
      help: texts.markAllHelp,
      whyNot: none,
      run: () => {
        const isAll = inRoom.length === rows.length;
        return stay(
          roomScreen({ ...state, marked: isAll ? NONE : new Set(rows.map(({ id }) => id)) }),
        );
      },
    },
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
    {
      name: 'move',
      keys: ['up', 'down', 'left', 'right'],
      label: common.move,
      help: common.moveHelp,
      whyNot: null,
      isQuiet: true,
      isOnlyHelp: true,
      run: () => stay(screen),
    },
  ];
}

/** The mark of `host` turned over, the cursor on the next one. */
function withToggled(state: RoomState, host: HostView, rows: readonly HostView[]): Screen {
  const marked = new Set(state.marked);
  if (!marked.delete(host.id)) marked.add(host.id);
  const index = Math.min(rows.findIndex(({ id }) => id === host.id) + 1, rows.length - 1);
  const place = { index, first: 0, key: rows[index]?.id ?? null };
  return roomScreen({ ...state, marked, place });
}

function view(state: RoomState, model: Model, area: Area): Picture {
  const { place = FIRST_PLACE, marked = NONE } = state;
  const { legend, tiles } = partsOf(area);
  const listed = listedIn(state, model);
  const { cut } = signsOf(model);
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

/** "30 hosts  ● 12 working  ○ 6 ready": the signs and what they mean, with their counts. */
function legendLine(rows: readonly HostView[], marked: ReadonlySet<HostId>, model: Model): Line {
  const texts = textsOf(model.language).hosts;
  const counts = new Map<string, number>();
  for (const host of rows) {
    const { type } = conditionOf(host, model);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const inRoom = rows.filter(({ id }) => marked.has(id)).length;
  return line(
    span(` ${texts.inRoom(rows.length, inRoom)}`),
    ...CONDITIONS.flatMap((type) => {
      const count = counts.get(type) ?? 0;
      if (count === 0) return [];
      const sign = conditionSign(type, model);
      return [span('   '), span(`${sign.text} ${count} ${conditionWord(type, model)}`, sign.style)];
    }),
  );
}
