/** The UI without a terminal: its state, what becomes of it by events, and what it shows. */

import assert from 'node:assert/strict';
import type { UiEvent } from '../../tui/events.ts';
import { viewOf } from '../../tui/frame.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { screenOf } from '../../tui/actions.ts';
import { textForm } from '../../tui/components/form-dialog.ts';
import { TOP } from '../../tui/values/selection.ts';
import { followAll, type Effect } from '../../tui/follow.ts';
import { ALL_UNMARKED } from '../../tui/values/host-list-state.ts';
import type { Action, Screen } from '../../tui/screen-states.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { newState, type State } from '../../tui/state.ts';
import { update } from '../../tui/update.ts';
import { ROOM_TIME } from './room-units.ts';
import { sampleRoom } from './sample-room.ts';

export const ROOM = sampleRoom(0.4);

export const SERVER = { ...ROOM.status.server, isLoginNeeded: false };

export const GROUP = ROOM.groups[1] ?? assert.fail('the room has a second group');

export const MEMBERS = screenOf('group-members', {
  groupId: GROUP.id,
  changes: {},
  selection: TOP,
});

export const TEXT_BOX = screenOf('group-add', { form: textForm('Text', ''), hostIds: [] });

export const HOSTS = screenOf('hosts', ALL_UNMARKED);

export const IMAGES = screenOf('images', { selection: TOP });

export function start(change: Partial<Model> = {}, ...screens: readonly Screen[]): State {
  const model = newModel({
    area: { left: 0, top: 0, width: 80, height: 24 },
    unicode: true,
    language: 'en',
    now: Date.parse(ROOM_TIME),
    operator: 'anna',
  });
  const [first = FIRST_SCREEN, ...rest] = screens;
  return newState({ ...model, ...change }, [first, ...rest]);
}

export function after(
  state: State,
  ...events: readonly UiEvent[]
): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = state;
  for (const event of events) {
    const next = update(now, event);
    now = next.state;
    effects.push(...next.effects);
  }
  return { state: now, effects };
}

export const key = (name: string): UiEvent => ({
  type: 'key',
  key: { name, text: name.length === 1 ? name : null },
});

export const shown = (state: State): string =>
  pictureText(viewOf(state), state.model.area, state.model.unicode).join('\n');

export const done = (state: State, ...actions: readonly Action[]): State =>
  followAll({ state, effects: [] }, actions).state;

export const names = (state: State): string[] => state.screens.map(({ name }) => name);
