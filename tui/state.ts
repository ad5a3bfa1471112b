/** The whole state of the UI and how an event changes it: pure. */

import { describeError } from '../lib/errors.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { ScreenEvent, UiEvent } from './events.ts';
import { logAfter } from '../lib/model/log-entry.ts';
import { newModel, RATE_SAMPLES, type Model } from './model.ts';
import { hostsAfter } from './hosts-after.ts';
import { findTarget, viewOf } from './frame.ts';
import type { Action, Command, Reaction, Screen } from './screen.ts';
import { messageDialog } from './parts/message-dialog.ts';
import { textsOf } from './text/catalogue.ts';
import { watchLog } from './screens/events.ts';
import { helpScreen } from './screens/help.ts';
import { loginScreen } from './screens/login.ts';

export type State = {
  readonly model: Model;
  /** The last one is on top. Never empty. */
  readonly screens: readonly [Screen, ...Screen[]];
};

/** What the loop has to do after an update. */
export type Effect = Extract<Action, { type: 'request' | 'refresh' | 'quit' | 'logged-in' }>;

export type Next = { readonly state: State; readonly effects: readonly Effect[] };

/** The state after `event`, and what is to be done. */
export function update(state: State, event: UiEvent): Next {
  const model = modelAfter(state.model, event);
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
        [describeError(event.report), '', event.report.hint],
        'bad',
      );
      const heard = react(now, event);
      return { state: pushed(heard.state, dialog), effects: heard.effects };
    }
    case 'resized':
    case 'sent':
    case 'returned':
      return { state: now, effects: [] };
    case 'follow':
      return follow(now, { screen: topOf(now.screens), actions: event.actions });
    case 'tick': {
      const next = react(now, event);
      return listsAreDue(model) ? refreshed(next) : next;
    }
    case 'connected': {
      const next = refreshed(react(now, event));
      if (model.log === null) return next;
      return { ...next, effects: [...next.effects, watchLog(model.language)] };
    }
    case 'login-needed':
      return { state: atLogin(now), effects: [] };
    case 'logged-out': {
      const notice = { text: event.reason, isBad: true };
      const { model: empty, screens } = atLogin(now);
      return { state: { model: { ...empty, notice }, screens }, effects: [] };
    }
    case 'wheel':
    case 'status':
    case 'room':
    case 'log':
    case 'lost':
    case 'answered':
      return react(now, event);
    default:
      return unreachable(event);
  }
}

/** At the login nothing is kept of what the last operator saw; what is being typed there stays. */
function atLogin({ model, screens }: State): State {
  if (topOf(screens).name === 'login') return { model, screens };
  const { area, unicode, language, now, connection } = model;
  return {
    model: { ...newModel({ area, unicode, language, now, operator: '' }), connection },
    screens: [loginScreen()],
  };
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

export function topOf(screens: State['screens']): Screen {
  return screens.at(-1) ?? screens[0];
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
      keys: screens.length > 1 ? ['C-c'] : ['q', 'C-c'],
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
  return react(state, event);
}

function runCommand(state: State, isMeant: (command: Command) => boolean): Next {
  const command = commandsOf(state).find(isMeant);
  if (command === undefined) return { state, effects: [] };
  if (command.whyNot !== null) {
    const notice = { text: `${command.label}: ${command.whyNot}`, isBad: true };
    return { state: { ...state, model: { ...state.model, notice } }, effects: [] };
  }
  return follow(state, command.run());
}

function react(state: State, event: ScreenEvent): Next {
  // Answers and news reach every screen of the stack: the one below a dialog has asked as well.
  const reaches = event.type !== 'key' && event.type !== 'click' && event.type !== 'wheel';
  let next: Next = { state, effects: [] };
  if (reaches) {
    const [first, ...rest] = state.screens;
    const below = [first, ...rest]
      .slice(0, -1)
      .map((screen) => screen.react(event, state.model).screen);
    const [bottom, ...others] = [...below, topOf(state.screens)];
    next = { state: { ...state, screens: [bottom ?? first, ...others] }, effects: [] };
  }
  return follow(next.state, topOf(next.state.screens).react(event, next.state.model));
}

function follow(state: State, { screen, actions }: Reaction): Next {
  const [first, ...rest] = [...state.screens.slice(0, -1), screen];
  let next: State = { ...state, screens: [first ?? screen, ...rest] };
  const effects: Effect[] = [];
  for (const action of actions) {
    switch (action.type) {
      case 'push':
        next = pushed(next, action.screen);
        break;
      case 'pop':
        next = popped(next);
        break;
      case 'close':
        next = closed(next, action.name);
        break;
      case 'replace':
        next = replaced(next, action.screen);
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
          model: { ...next.model, operator: action.name, isLoggedIn: true },
        };
        effects.push(action);
        break;
      case 'request':
      case 'refresh':
      case 'quit':
        effects.push(action);
        break;
      default:
        return unreachable(action);
    }
  }
  return { state: next, effects };
}

function pushed(state: State, screen: Screen): State {
  return { ...state, screens: [...state.screens, screen] };
}

/** The last one stays. */
function popped(state: State): State {
  const [first, ...rest] = state.screens;
  return { ...state, screens: [first, ...rest.slice(0, -1)] };
}

function closed(state: State, name: string): State {
  const index = state.screens.findLastIndex((screen) => screen.name === name);
  const [first, ...rest] = state.screens.filter((_, at) => at !== index || at === 0);
  return first === undefined ? state : { ...state, screens: [first, ...rest] };
}

function replaced(state: State, screen: Screen): State {
  const [first, ...rest] = [...state.screens.slice(0, -1), screen];
  return { ...state, screens: [first ?? screen, ...rest] };
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

function modelAfter(model: Model, event: UiEvent): Model {
  switch (event.type) {
    case 'resized':
      return { ...model, area: event.area };
    case 'tick':
      return {
        ...model,
        now: event.now,
        rates: [...model.rates, rateOf(model)].slice(-RATE_SAMPLES),
        sessionRates: sessionRatesOf(model, event.now),
      };
    case 'connected':
      return { ...model, now: event.now, connection: { type: 'online', server: event.server } };
    case 'login-needed':
      return { ...model, now: event.now, connection: { type: 'login', server: event.server } };
    case 'logged-out':
      return { ...model, connection: { type: 'connecting' } };
    case 'status':
      return { ...model, now: event.now, status: event.status };
    case 'room': {
      const { change, isWhole } = event;
      const isStale = change.areGroupsChanged || change.areImagesChanged;
      return {
        ...model,
        hosts: hostsAfter(isWhole ? [] : model.hosts, change),
        // With all of them the lists are read as well.
        lists: isWhole || !isStale ? model.lists : { ...model.lists, isStale },
      };
    }
    case 'log':
      return { ...model, log: logAfter(model.log ?? [], event.entries) };
    case 'sent': {
      const { id, title, now } = event;
      return { ...model, underWay: [...model.underWay, { id, title, since: now }] };
    }
    case 'returned':
      return { ...model, underWay: model.underWay.filter(({ id }) => id !== event.id) };
    case 'lost':
      return model.connection.type === 'lost'
        ? model
        : { ...model, connection: { type: 'lost', reason: event.reason, since: event.now } };
    case 'answered':
      return modelAfterAnswer(model, event);
    case 'key':
    case 'clicked':
    case 'wheel':
    case 'refused':
    case 'follow':
      return model;
    default:
      return unreachable(event);
  }
}

function modelAfterAnswer(model: Model, event: Extract<UiEvent, { type: 'answered' }>): Model {
  switch (event.method) {
    case 'host.list':
      return { ...model, hosts: event.result };
    case 'settings.get':
    case 'settings.set':
      return { ...model, settings: event.result };
    case 'log.watch':
      return { ...model, log: event.result };
    case 'host.show':
      return { ...model, hostDetails: event.result };
    case 'group.list':
      return { ...model, groups: event.result };
    case 'image.list':
      return { ...model, images: event.result };
    default:
      return model;
  }
}

/** What runs and sessions report now, together. */
function rateOf({ status, connection }: Model): number {
  if (status === null || connection.type !== 'online') return 0;
  return status.progress.reduce((sum, { step, total }) => sum + (step ?? total).bytesPerSecond, 0);
}

function sessionRatesOf(model: Model, now: number): Model['sessionRates'] {
  const sessions = model.status?.sessions ?? [];
  return Object.fromEntries(
    sessions.map(({ id, state, sentBytes }) => {
      const before = model.sessionRates[id];
      if (before === undefined) return [id, { sentBytes, at: now, rates: [] }];
      if (state !== 'sending' || now <= before.at) return [id, before];
      const rate = Math.max(0, ((sentBytes - before.sentBytes) * 1000) / (now - before.at));
      return [id, { sentBytes, at: now, rates: [...before.rates, rate].slice(-RATE_SAMPLES) }];
    }),
  );
}
