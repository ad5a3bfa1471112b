/** What screens want done, done: the stack and the notice change here, and what is left for the loop are effects. */

import type { Language } from '../lib/model/language.ts';
import { unreachable } from '../lib/unreachable.ts';
import { request } from './actions.ts';
import type { ScreenEvent } from './events.ts';
import { closed, popped, pushed, replaced, topOf } from './screen-stack.ts';
import type { Action, PendingRequest, Request } from './screen-states.ts';
import { updateScreen, type Outcome } from './screens/table.ts';
import type { State } from './state.ts';
import { textsOf } from './text/catalogue.ts';

/** What the loop has to do after an update. */
export type Effect =
  | { readonly type: 'send'; readonly id: number; readonly request: Request }
  | Extract<Action, { type: 'quit' | 'logged-in' | 'try-now' | 'elsewhere' | 'record' }>;

export type Next = { readonly state: State; readonly effects: readonly Effect[] };

/** The screens after `event`, and what they want done. */
export function react(state: State, event: ScreenEvent): Next {
  // Answers and news reach every screen of the stack: the one below a dialog has asked as well.
  const reaches =
    event.type !== 'key' &&
    event.type !== 'click' &&
    event.type !== 'wheel' &&
    event.type !== 'group-chosen';
  if (!reaches) return follow(state, updateScreen(topOf(state.screens), event, state.model));
  const below = state.screens
    .slice(0, -1)
    .map((screen) => updateScreen(screen, event, state.model));
  const [bottom, ...others] = [...below.map(({ screen }) => screen), topOf(state.screens)];
  const reached: State = { ...state, screens: [bottom, ...others] };
  // With a new connection what lies below a dialog is read again, too; all else they want done has to wait.
  const reading =
    event.type === 'connected'
      ? below.flatMap(({ actions }) => actions.filter((action) => action.type === 'request'))
      : [];
  const { screen, actions } = updateScreen(topOf(reached.screens), event, reached.model);
  return follow(reached, { screen, actions: [...reading, ...actions] });
}

/** The top screen replaced by `screen`, then the actions, one after the other. */
export function follow(state: State, { screen, actions }: Outcome): Next {
  const screens = topOf(state.screens) === screen ? state.screens : replaced(state.screens, screen);
  return followAll({ state: { ...state, screens }, effects: [] }, actions);
}

export function followAll(before: Next, actions: readonly Action[]): Next {
  return actions.reduce<Next>(({ state, effects }, action) => {
    const next = followOne(state, action);
    return { state: next.state, effects: [...effects, ...next.effects] };
  }, before);
}

function followOne(state: State, action: Action): Next {
  const { model, screens } = state;
  const only = (change: Partial<State>): Next => ({ state: { ...state, ...change }, effects: [] });
  switch (action.type) {
    case 'push':
      return only({ screens: pushed(screens, action.screen) });
    case 'pop':
      return only({ screens: popped(screens) });
    case 'close':
      return only({ screens: closed(screens, action.name) });
    case 'replace':
      return only({ screens: replaced(screens, action.screen) });
    case 'home':
      return only({ screens: [action.screen] });
    case 'tell':
      return react(state, action.event);
    case 'notice':
      return only({ model: { ...model, notice: { text: action.text, isBad: action.isBad } } });
    case 'called':
      return only({ model: { ...model, operator: action.name } });
    case 'logged-in': {
      const { name } = action;
      const isTheirs = state.kept?.operator === name;
      const next = only({
        screens: isTheirs ? state.kept.screens : screens,
        model: { ...model, operator: name, isLoggedIn: true },
        kept: null,
      });
      return { ...next, effects: [action] };
    }
    case 'request':
      return ask(state, action);
    case 'refresh':
      return followAll({ state, effects: [] }, readingLists(model.language));
    case 'try-now':
    case 'elsewhere':
    case 'record':
    case 'quit':
      return { state, effects: [action] };
    default:
      return unreachable(action);
  }
}

/** A request gets its id; what is remembered of it has no secrets. */
function ask(state: State, asked: Request): Next {
  const id = state.lastRequest + 1;
  const { model } = state;
  const pending: PendingRequest = { ...withoutSecrets(asked), id, since: model.now };
  return {
    state: {
      ...state,
      lastRequest: id,
      model: { ...model, pending: [...model.pending, pending] },
    },
    effects: [{ type: 'send', id, request: asked }],
  };
}

/** Whatever the call: no parameter of a secret's name is remembered. */
function withoutSecrets<R extends Request>(request: R): R {
  const names = SECRETS.filter((name) => name in request.params);
  const params = Object.assign(
    { ...request.params },
    Object.fromEntries(names.map((name) => [name, ''])),
  );
  return { ...request, params };
}

const SECRETS = ['password', 'oldPassword'];

/** What is read again when it has changed; nobody waits for it, a failure says what it was. */
function readingLists(language: Language): readonly Request[] {
  const { groups, images, settings } = textsOf(language).common.readingLists;
  return [
    request(groups, 'group.list', {}),
    request(images, 'image.list', {}),
    request(settings, 'settings.get', {}),
  ].map((each) => ({ ...each, isQuiet: true }));
}
