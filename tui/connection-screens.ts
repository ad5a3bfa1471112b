/** Which screens there are while there is no server or no login, and what comes back afterwards. */

import type { ScreenEvent } from './events.ts';
import { react, type Next } from './follow.ts';
import { newModel, waitingSince } from './model.ts';
import { topOf, type Screens } from './screen-stack.ts';
import { newLogin } from './screens/login.ts';
import { FIRST_SCREEN } from './screens/open.ts';
import { isDialog } from './screens/table.ts';
import type { Kept, State } from './state.ts';

/** As long as a server that answers never takes: the screens in between would only flicker. */
const SOON_MS = 1000;

/** Nothing has come of a server yet, and it is time to say so; an operator who has opened more than the first screen looks at something. */
export function waitsTooLong({ model, screens }: State): boolean {
  const since = waitingSince(model);
  return (
    since !== null &&
    model.now - since >= SOON_MS &&
    screens.length === 1 &&
    screens[0].name === 'overview'
  );
}

/** One screen that says what there is instead of a server, in the place of all others. */
export function withoutServer(state: State): Next {
  const screens: Screens = [{ name: 'no-server', state: {} }];
  return { state: { ...state, kept: keptOf(state), screens }, effects: [] };
}

/** The server tells of itself for the first time: what its operator had open is read again, or it is the first screen. */
export function withServer(state: State, event: ScreenEvent): Next {
  const { model, kept } = state;
  const { connection } = model;
  const isTheirs = model.isLoggedIn && kept?.operator === model.operator;
  const there: State = { ...state, screens: isTheirs ? kept.screens : [FIRST_SCREEN], kept: null };
  if (connection.type !== 'online') return react(there, event);
  const { server } = connection;
  const read = react(there, { type: 'connected', server, now: model.now });
  const told = react(read.state, event);
  return { state: told.state, effects: [...read.effects, ...told.effects] };
}

/**
 * At the login nothing is shown of what the last operator saw; what is being typed there stays. Those who did not leave
 * 'for good' find their screens again when they log in; dialogs go, because of what may be typed in them.
 */
export function atLogin(state: State, leaving: 'back' | 'for good'): State {
  const { model, screens, lastRequest } = state;
  if (topOf(screens).name === 'login') return state;
  const { area, unicode, language, now, connection } = model;
  return {
    model: { ...newModel({ area, unicode, language, now, operator: '' }), connection },
    screens: [{ name: 'login', state: newLogin('', model) }],
    kept: leaving === 'back' ? keptOf(state) : null,
    lastRequest,
  };
}

function keptOf({ model, screens, kept }: State): Kept | null {
  if (!model.isLoggedIn || screens[0].name === 'no-server') return kept;
  const [first, ...rest] = screens;
  const dialog = rest.findIndex(isDialog);
  const opened = dialog < 0 ? rest : rest.slice(0, dialog);
  return { operator: model.operator, screens: [first, ...opened] };
}
