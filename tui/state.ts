/** The whole state of the UI and how an event changes it: pure. */

import { describeError } from '../lib/errors.ts';
import type { ErrorReport } from '../lib/model/error-report.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { ScreenEvent, UiEvent } from './events.ts';
import { newModel, waitingSince, type Model } from './model.ts';
import { footerRows } from './footer.ts';
import { findTarget, viewOf } from './frame.ts';
import { reduceModel } from './reduce-model.ts';
import type { Action, Command, Reaction } from './screen.ts';
import { closed, popped, pushed, replaced, topOf, type Screens } from './screen-stack.ts';
import { messageDialog } from './components/message-dialog.ts';
import { textsOf } from './text/catalogue.ts';
import { glyphsOf } from './glyphs.ts';
import { shownError } from './text/errors.ts';
import { reasonIn } from './text/reasons.ts';
import { watchLog } from './screens/events.ts';
import { helpScreen } from './screens/help.ts';
import { loginScreen } from './screens/login.ts';
import { noServerScreen } from './screens/no-server.ts';
import { overviewScreen } from './screens/overview.ts';

export type State = {
  readonly model: Model;
  readonly screens: Screens;
  /** What somebody had open when the server forgot their login: theirs again when they are back, seen by nobody else. */
  readonly kept?: Kept | null;
};

type Kept = { readonly operator: string; readonly screens: Screens };

/** What the loop has to do after an update. */
export type Effect = Extract<
  Action,
  { type: 'request' | 'refresh' | 'quit' | 'logged-in' | 'try-now' | 'elsewhere' }
>;

export type Next = { readonly state: State; readonly effects: readonly Effect[] };

/** The state after `event`, and what is to be done. */
export function update(before: State, event: UiEvent): Next {
  const { state, effects } = after(before, event);
  const rows = footerRows(state);
  if (rows === state.model.footerRows) return { state, effects };
  return { state: { ...state, model: { ...state.model, footerRows: rows } }, effects };
}

function after(state: State, event: UiEvent): Next {
  const model = reduceModel(state.model, event);
  const now: State = { ...state, model };
  switch (event.type) {
    case 'key':
      return pressed({ ...now, model: { ...model, notice: null } }, event.key.name, event);
    case 'clicked': {
      const target = findTarget(viewOf(now), event.column, event.row);
      if (target === null) return { state: now, effects: [] };
      if (target.type === 'command') return runCommand(now, (each) => each.name === target.name);
      return react(now, { type: 'click', click: target, isDouble: event.isDouble });
    }
    case 'refused': {
      const texts = textsOf(model.language);
      const dialog = messageDialog(
        texts.common.failed(event.title),
        refusalTexts(event.report, model),
        'bad',
      );
      const heard = react(now, event);
      return {
        state: { ...heard.state, screens: pushed(heard.state.screens, dialog) },
        effects: heard.effects,
      };
    }
    case 'resized':
    case 'sent':
    case 'returned':
    case 'seeking':
      return { state: now, effects: [] };
    case 'follow':
      return follow(now, { screen: topOf(now.screens), actions: event.actions });
    case 'tick': {
      const next = waitsTooLong(now) ? withoutServer(now) : react(now, event);
      return listsAreDue(model) ? refreshed(next) : next;
    }
    case 'lost':
      // Where nothing is known of a server there is nothing to be looked at but what is wrong.
      return model.status === null && now.screens[0].name !== 'no-server'
        ? withoutServer(now)
        : react(now, event);
    case 'connected': {
      const next = refreshed(react(now, event));
      if (model.log === null) return next;
      return { ...next, effects: [...next.effects, watchLog(model.language)] };
    }
    case 'status':
      return now.screens[0].name === 'no-server' ? withServer(now, event) : react(now, event);
    case 'login-needed':
      return { state: atLogin(now, 'back'), effects: [] };
    case 'logged-out': {
      const notice = { text: reasonIn(model.language, event.reason), isBad: true };
      const isIdle = event.reason.startsWith('logged out after');
      const left = atLogin(now, isIdle ? 'back' : 'for good');
      return { state: { ...left, model: { ...left.model, notice } }, effects: [] };
    }
    case 'wheel':
    case 'inventory':
    case 'log':
    case 'answered':
      return react(now, event);
    default:
      return unreachable(event);
  }
}

/** As long as a server that answers never takes: the screens in between would only flicker. */
const SOON_MS = 1000;

/** Nothing has come of a server yet, and it is time to say so; whoever has opened more than the first screen looks at something. */
function waitsTooLong({ model, screens }: State): boolean {
  const since = waitingSince(model);
  return (
    since !== null &&
    model.now - since >= SOON_MS &&
    screens.length === 1 &&
    screens[0].name === 'overview'
  );
}

/** One screen that says what there is instead of a server, in the place of all others. */
function withoutServer(state: State): Next {
  return { state: { ...state, kept: keptOf(state), screens: [noServerScreen()] }, effects: [] };
}

/** The server tells of itself for the first time: what its operator had open is read anew, or it is the first screen. */
function withServer({ model, kept }: State, event: ScreenEvent): Next {
  const { connection } = model;
  const isTheirs = model.isLoggedIn && kept?.operator === model.operator;
  const there: State = { model, screens: isTheirs ? kept.screens : [overviewScreen()], kept: null };
  if (connection.type !== 'online') return react(there, event);
  const { server } = connection;
  const read = react(there, { type: 'connected', server, now: model.now });
  const told = react(read.state, event);
  return { state: told.state, effects: [...read.effects, ...told.effects] };
}

/** In another language than the server's its own words come last: they say what it was about. */
function refusalTexts(report: ErrorReport, { language }: Model): readonly string[] {
  const { what, hint, original } = shownError(language, report);
  const whole = describeError(report);
  return original === null ? [whole, '', hint] : [what, '', hint, '', whole, original.hint];
}

/**
 * At the login nothing is shown of what the last operator saw; what is being typed there stays. Who did not leave
 * 'for good' finds their screens again when they log in; dialogs go, because of what may be typed in them.
 */
function atLogin(state: State, leaving: 'back' | 'for good'): State {
  const { model, screens } = state;
  if (topOf(screens).name === 'login') return state;
  const { area, unicode, language, now, connection } = model;
  return {
    model: { ...newModel({ area, unicode, language, now, operator: '' }), connection },
    screens: [loginScreen()],
    kept: leaving === 'back' ? keptOf(state) : null,
  };
}

function keptOf({ model, screens, kept }: State): Kept | null {
  if (!model.isLoggedIn || screens[0].name === 'no-server') return kept ?? null;
  const [first, ...rest] = screens;
  const dialog = rest.findIndex(({ isDialog }) => isDialog);
  const opened = dialog < 0 ? rest : rest.slice(0, dialog);
  return { operator: model.operator, screens: [first, ...opened] };
}

/** The commands that apply now: the top screen's, and those of everywhere. */
export function commandsOf({ model, screens }: State): readonly Command[] {
  const top = topOf(screens);
  const own = top.commands(model);
  if (top.isDialog) return own;
  const taken = new Set(own.flatMap(({ keys }) => keys));
  const others = everywhere({ model, screens });
  return [...own, ...others.filter(({ keys }) => !keys.some((key) => taken.has(key)))];
}

function everywhere(state: State): readonly Command[] {
  const { model, screens } = state;
  const top = topOf(screens);
  const texts = textsOf(model.language).common;
  const back: Command = {
    name: 'back',
    keys: ['escape'],
    label: texts.back,
    help: texts.backHelp,
    whyNot: null,
    run: () => ({ screen: top, actions: [{ type: 'pop' }] }),
  };
  const help: Command = {
    name: 'help',
    // A question mark may be part of what is typed.
    keys: top.isTyping === true ? ['f1'] : ['?', 'f1'],
    label: texts.help,
    help: texts.helpHelp,
    whyNot: null,
    run: () => ({
      screen: top,
      actions: [{ type: 'push', screen: helpScreen(top.title(model), commandsOf(state)) }],
    }),
  };
  return [
    ...(screens.length > 1 ? [back] : []),
    ...(top.name === 'help' ? [] : [help]),
    {
      name: 'quit',
      keys: screens.length > 1 || top.isTyping === true ? ['C-c'] : ['q', 'C-c'],
      label: texts.quit,
      help: texts.quitHelp,
      whyNot: null,
      isQuiet: screens.length > 1,
      run: () => ({ screen: top, actions: [{ type: 'quit' }] }),
    },
  ];
}

function pressed(state: State, name: string, event: ScreenEvent): Next {
  const typing =
    topOf(state.screens).isTyping === true && event.type === 'key' && event.key.text !== null;
  const isMeant = (each: Command): boolean => each.isOnlyHelp !== true && each.keys.includes(name);
  if (!typing && commandsOf(state).some(isMeant)) return runCommand(state, isMeant);
  // Ctrl-C leaves from everywhere, also out of a dialog.
  if (name === 'C-c') return { state, effects: [{ type: 'quit' }] };
  const { screen, actions } = topOf(state.screens).react(event, state.model);
  if (screen !== topOf(state.screens) || actions.length > 0) {
    return follow(state, { screen, actions });
  }
  // On the first screen Esc is what one presses to be sure.
  const isAnswered = !typing && name !== 'escape';
  return { state: isAnswered ? withNoMeaning(state, name) : state, effects: [] };
}

/** A key that does nothing here is answered, too: who presses it waits for something. */
function withNoMeaning(state: State, name: string): State {
  const { model } = state;
  const help = topOf(state.screens).isTyping === true ? 'f1' : '?';
  const { keyName } = glyphsOf(model);
  const text = textsOf(model.language).common.noMeaning(keyName(name), keyName(help));
  return { ...state, model: { ...model, notice: { text, isBad: false } } };
}

function runCommand(state: State, isMeant: (command: Command) => boolean): Next {
  const command = commandsOf(state).find(isMeant);
  if (command === undefined) return { state, effects: [] };
  if (command.whyNot !== null) {
    const reason = reasonIn(state.model.language, command.whyNot);
    const notice = { text: `${command.label}: ${reason}`, isBad: true };
    return { state: { ...state, model: { ...state.model, notice } }, effects: [] };
  }
  return follow(state, command.run());
}

function react(state: State, event: ScreenEvent): Next {
  // Answers and news reach every screen of the stack: the one below a dialog has asked as well.
  const reaches = event.type !== 'key' && event.type !== 'click' && event.type !== 'wheel';
  if (!reaches) return follow(state, topOf(state.screens).react(event, state.model));
  const below = state.screens.slice(0, -1).map((screen) => screen.react(event, state.model));
  const [bottom, ...others] = [...below.map(({ screen }) => screen), topOf(state.screens)];
  const reached: State = { ...state, screens: [bottom, ...others] };
  const next = follow(reached, topOf(reached.screens).react(event, reached.model));
  // With a new connection what lies below a dialog is read again, too; all else they want done has to wait.
  const reading =
    event.type === 'connected'
      ? below.flatMap(({ actions }) => actions.filter((action) => action.type === 'request'))
      : [];
  return { ...next, effects: [...reading, ...next.effects] };
}

function follow(state: State, { screen, actions }: Reaction): Next {
  const [first, ...rest] = [...state.screens.slice(0, -1), screen];
  let next: State = { ...state, screens: [first, ...rest] };
  const effects: Effect[] = [];
  for (const action of actions) {
    switch (action.type) {
      case 'push':
        next = { ...next, screens: pushed(next.screens, action.screen) };
        break;
      case 'pop':
        next = { ...next, screens: popped(next.screens) };
        break;
      case 'close':
        next = { ...next, screens: closed(next.screens, action.name) };
        break;
      case 'replace':
        next = { ...next, screens: replaced(next.screens, action.screen) };
        break;
      case 'home':
        next = { ...next, screens: [action.screen] };
        break;
      case 'notice':
        next = {
          ...next,
          model: { ...next.model, notice: { text: action.text, isBad: action.isBad } },
        };
        break;
      case 'called':
        next = { ...next, model: { ...next.model, operator: action.name } };
        break;
      case 'logged-in':
        next = {
          ...next,
          screens: next.kept?.operator === action.name ? next.kept.screens : next.screens,
          model: { ...next.model, operator: action.name, isLoggedIn: true },
          kept: null,
        };
        effects.push(action);
        break;
      case 'request':
      case 'refresh':
      case 'try-now':
      case 'elsewhere':
      case 'quit':
        effects.push(action);
        break;
      default:
        return unreachable(action);
    }
  }
  return { state: next, effects };
}

/** Not more often than this, however much happens on the server: the lists of 10,000 hosts are megabytes. */
const LEAST_REFRESH_MS = 2000;

function listsAreDue({ connection, lists, now }: Model): boolean {
  if (connection.type !== 'online') return false;
  return lists.isStale && now - lists.askedAt >= LEAST_REFRESH_MS;
}

function refreshed({ state, effects }: Next): Next {
  const { model } = state;
  const lists = { isStale: false, askedAt: model.now };
  return {
    state: { ...state, model: { ...model, lists } },
    effects: [...effects, { type: 'refresh' }],
  };
}
