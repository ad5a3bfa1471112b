/** How an event changes the state of the UI: pure. */

import { describeError } from '../lib/errors.ts';
import type { ErrorReport } from '../lib/model/error-report.ts';
import type { KnownId } from '../lib/model/messages/table.ts';
import { unreachable } from '../lib/unreachable.ts';
import { notice, push, screenOf } from './actions.ts';
import { commandsOf, RECORD_KEY, type BoundCommand } from './commands.ts';
import { atLogin, waitsTooLong, withoutServer, withServer } from './connection-screens.ts';
import type { UiEvent } from './events.ts';
import { follow, followAll, react, type Next } from './follow.ts';
import { followUpActions } from './follow-ups.ts';
import { footerRows } from './footer.ts';
import { findTarget, viewOf } from './frame.ts';
import { glyphsOf } from './glyphs.ts';
import type { Model } from './model.ts';
import { reduceModel } from './reduce-model.ts';
import { changesLists, type Answer } from './requests.ts';
import { pushed, topOf } from './screen-stack.ts';
import { watchLog } from './screens/open.ts';
import type { Action, PendingRequest, ScreenStates } from './screen-states.ts';
import { isDialog, isTyping, updateScreen } from './screens/table.ts';
import type { State } from './state.ts';
import { textsOf } from './text/catalogue.ts';
import { errorIn } from '../lib/messages/errors.ts';
import { render } from '../lib/messages/render.ts';
import { reasonIn } from './text/reasons.ts';

/** Who did nothing for a time comes back to what was open. */
const IDLE_END: KnownId = 'login.idle';

/** The state after `event`, and what is to be done. */
export function update(before: State, event: UiEvent): Next {
  const { state, effects } = after(before, event);
  const rows = footerRows(state);
  if (rows === state.model.footerRows) return { state, effects };
  return { state: { ...state, model: { ...state.model, footerRows: rows } }, effects };
}

function after(state: State, event: UiEvent): Next {
  const model = reduceModel(state.model, event);
  const now: State = model === state.model ? state : { ...state, model };
  switch (event.type) {
    case 'key':
      return pressed(withoutNotice(now), event);
    case 'clicked': {
      const target = findTarget(viewOf(now), event.column, event.row);
      if (target === null) return { state: now, effects: [] };
      if (target.type === 'command') return runCommand(now, (each) => each.name === target.name);
      return react(now, { type: 'click', click: target, isDouble: event.isDouble });
    }
    case 'answered':
      return answeredBy(state, now, event);
    case 'refused':
      return refusedBy(state, now, event);
    case 'recorded':
      return done(now, [notice(textsOf(model.language).common.recorded(event.path))]);
    case 'not-recorded':
      return done(now, [
        push('message', failure(textsOf(model.language).common.recording, event.report, model)),
      ]);
    case 'resized':
    case 'seeking':
      return { state: now, effects: [] };
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
      return model.log === null ? next : followAll(next, [watchLog(model.language)]);
    }
    case 'status':
      return now.screens[0].name === 'no-server' ? withServer(now, event) : react(now, event);
    case 'login-needed':
      return { state: atLogin(now, 'back'), effects: [] };
    case 'logged-out': {
      const { why } = event;
      const left = atLogin(now, why.id === IDLE_END ? 'back' : 'for good');
      return done(left, [notice(render(model.language, why), true)]);
    }
    case 'wheel':
    case 'inventory':
    case 'log':
      return react(now, event);
    default:
      return unreachable(event);
  }
}

function done(state: State, actions: readonly Action[]): Next {
  return followAll({ state, effects: [] }, actions);
}

function withoutNotice(state: State): State {
  return state.model.notice === null
    ? state
    : { ...state, model: { ...state.model, notice: null } };
}

function pendingIn({ model }: State, id: number | null): PendingRequest | undefined {
  return model.pending.find((each) => each.id === id);
}

/** An answer reaches the screens, then what its request wanted done is done. It comes once. */
function answeredBy(before: State, state: State, event: Answer): Next {
  const asked = pendingIn(before, event.id);
  // The operator who asked is not logged in any more: it is not for the next one.
  if (asked === undefined && event.id !== null) return { state: before, effects: [] };
  const next = react(state, event);
  const actions = asked === undefined ? [] : followUpActions(asked.then, event, next.state.model);
  const followed = followAll(next, actions);
  return changesLists(event.method) ? followAll(followed, [{ type: 'refresh' }]) : followed;
}

function refusedBy(
  before: State,
  state: State,
  event: Extract<UiEvent, { type: 'refused' }>,
): Next {
  const asked = pendingIn(before, event.id);
  if (asked === undefined) return { state: before, effects: [] };
  const { report } = event;
  // The banner says so; the next connection reads the lists again.
  if (asked.isQuiet && report.code === 'connection-lost') return { state, effects: [] };
  const dialog = screenOf('message', failure(asked.title, report, state.model));
  const heard = react(state, event);
  const screens = pushed(heard.state.screens, dialog);
  return { state: { ...heard.state, screens }, effects: heard.effects };
}

function failure(what: string, report: ErrorReport, model: Model): ScreenStates['message'] {
  const title = textsOf(model.language).common.failed(what);
  return { title, texts: refusalTexts(report, model), style: 'bad' };
}

/** In another language than the server's its own words come last: they say what it was about. */
function refusalTexts(report: ErrorReport, { language }: Model): readonly string[] {
  const { what, hint, original } = errorIn(language, report);
  const whole = describeError(report);
  return original === null ? [whole, '', hint] : [what, '', hint, '', whole, original.hint];
}

function pressed(state: State, event: Extract<UiEvent, { type: 'key' }>): Next {
  const { name, text } = event.key;
  const top = topOf(state.screens);
  const typing = isTyping(top) && text !== null;
  const isMeant = (each: BoundCommand): boolean =>
    each.documentationOnly !== true && each.keys.includes(name);
  if (!typing && commandsOf(state).some(isMeant)) return runCommand(state, isMeant);
  // These work everywhere, also in a dialog.
  if (name === 'C-c') return { state, effects: [{ type: 'quit' }] };
  if (name === RECORD_KEY) return { state, effects: [{ type: 'record' }] };
  const outcome = updateScreen(top, event, state.model);
  if (outcome.screen !== top || outcome.actions.length > 0) return follow(state, outcome);
  // On the first screen Esc is what one presses to be sure.
  return typing || name === 'escape'
    ? { state, effects: [] }
    : done(state, [notice(withNoMeaning(state, name))]);
}

/** A key that does nothing here is answered, too: the operator waits for something. */
function withNoMeaning({ model, screens }: State, name: string): string {
  const top = topOf(screens);
  const help = isTyping(top) ? 'f1' : '?';
  const { keyName } = glyphsOf(model);
  const { common } = textsOf(model.language);
  // A dialog has no help of its own.
  if (isDialog(top)) return common.noMeaningInDialog(keyName(name));
  return common.noMeaning(keyName(name), keyName(help));
}

function runCommand(state: State, isMeant: (command: BoundCommand) => boolean): Next {
  const command = commandsOf(state).find(isMeant);
  if (command === undefined) return { state, effects: [] };
  if (command.disabledReason !== null) {
    const reason = reasonIn(state.model.language, command.disabledReason);
    return done(state, [notice(`${command.label}: ${reason}`, true)]);
  }
  return follow(state, command.run());
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
  return followAll({ state: { ...state, model: { ...model, lists } }, effects }, [
    { type: 'refresh' },
  ]);
}
