/** A group at a glance: its hosts as tiles, in the order of their names. */

import type { HostView } from '../../lib/model/host.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { conditionLegend } from '../presentation/hosts/condition-legend.ts';
import { openedBy } from '../components/double-click.ts';
import { moveInGrid } from '../components/grid-view.ts';
import { NONE_MARKED, type HostMarks } from '../values/host-list-state.ts';
import { countMarked, isMarked, markedOr } from '../presentation/hosts/host-marks.ts';
import { moveCommand } from '../components/move-command.ts';
import { entryAt, TOP, type ListSource } from '../values/selection.ts';
import { hostsInGroup, shownGroupName, shownGroups } from '../presentation/hosts/groups.ts';
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
import { perform, reaction, type Command, type Reaction, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { hostActions } from './host-actions/table.ts';
import { escClears } from '../presentation/hosts/esc-clears.ts';
import { openAndMark } from './open-and-mark.ts';
import type { ScreenStates } from '../screen-states.ts';

type GroupState = ScreenStates['group'];

const LIST = 'tiles';

export const GROUP: ScreenKind<GroupState> = {
  title: ({ groupId }, model) => {
    const groups = shownGroups(model);
    const texts = textsOf(model.language).hosts;
    const at = groups.indexOf(groupId) + 1;
    return texts.tilesTitle(shownGroupName(groupId, model), at, groups.length);
  },
  commands: commandsFor,
  update: (state, event, model) => {
    const { tiles } = partsOf(layoutOf(model).body);
    const listed = listedIn(state, model);
    const { cellWidth } = tileLayout(listed.rows, tiles);
    const grid = { ...listed, cellWidth, space: TILE_SPACE };
    const selection = moveInGrid(state.selection, event, grid, tiles);
    if (selection === null) return perform();
    const next = { ...state, selection };
    return openedBy(event, next, () => commandsFor(next, model));
  },
  view,
};

function partsOf(area: Area): { readonly legend: Area; readonly tiles: Area } {
  const [legend, below] = splitRows(area, 1);
  const [, tiles] = splitRows(below, 1);
  return { legend, tiles };
}

function listedIn({ groupId }: GroupState, model: Model): ListSource<HostView> {
  return { list: LIST, rows: hostsInGroup(groupId, model), keyOf: ({ id }) => id };
}

function commandsFor(state: GroupState, model: Model): Command<GroupState>[] {
  const texts = textsOf(model.language).hosts;
  const { selection, marked, groupId } = state;
  const listed = listedIn(state, model);
  const current = entryAt(selection, listed);
  const chosen = markedOr(listed.rows, marked, current === null ? [] : [current]);
  const groups = shownGroups(model);
  const toGroup = (step: number): Reaction<GroupState> => {
    const index = (groups.indexOf(groupId) + step + groups.length) % groups.length;
    return reaction({ groupId: groups[index] ?? null, selection: TOP, marked: NONE_MARKED });
  };
  const onlyOne = groups.length < 2 ? texts.noOtherGroup : null;
  return [
    ...openAndMark(state, listed, texts.noHostsHere, model),
    {
      name: 'next-group',
      keys: ['tab'],
      label: texts.nextGroup,
      help: texts.nextGroupHelp,
      disabledReason: onlyOne,
      run: () => toGroup(1),
    },
    {
      name: 'previous-group',
      keys: ['S-tab'],
      label: texts.previousGroup,
      help: texts.previousGroupHelp,
      disabledReason: onlyOne,
      inFooter: false,
      run: () => toGroup(-1),
    },
    ...hostActions(chosen, model),
    ...escClears(
      {
        marks: countMarked(marked) === 0 ? null : { ...state, marked: NONE_MARKED },
        filter: null,
      },
      model,
    ),
    moveCommand(model, ['up', 'down', 'left', 'right']),
  ];
}

function view(state: GroupState, model: Model, area: Area): Picture {
  const { selection, marked } = state;
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
        selection,
        isMarked: (host) => isMarked(host, marked),
        empty: textsOf(model.language).hosts.noHostsHere,
      },
      model,
      tiles,
    ),
  );
}

/** "30 hosts  ● 12 working  ○ 6 ready". */
function legendLine(rows: readonly HostView[], marked: HostMarks, model: Model): Line {
  const inGroup = rows.filter((host) => isMarked(host, marked)).length;
  const texts = textsOf(model.language).hosts;
  return line(span(` ${texts.tilesCount(rows.length, inGroup)}`), ...conditionLegend(rows, model));
}
