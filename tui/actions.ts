/** How screens say what they want done: each function makes the data of one action. */

import type { ParamsIn } from '../lib/protocol/contract.ts';
import type { OperatorMethods } from '../lib/protocol/operator-api/table.ts';
import type { Method } from './requests.ts';
import type {
  Action,
  FollowUp,
  FollowUpName,
  FollowUps,
  Request,
  Screen,
  ScreenName,
  ScreenStates,
  Then,
} from './screen-states.ts';

export function screenOf<N extends ScreenName>(name: N, state: ScreenStates[N]): Screen;
export function screenOf(name: ScreenName, state: unknown): unknown {
  return { name, state };
}

export function push<N extends ScreenName>(name: N, state: ScreenStates[N]): Action {
  return { type: 'push', screen: screenOf(name, state) };
}

export function notice(text: string, isBad = false): Action {
  return { type: 'notice', text, isBad };
}

/** Asks before `actions`, which cannot be undone: `texts` name what will be lost. */
export function confirm(
  title: string,
  texts: readonly string[],
  label: string,
  actions: readonly Action[],
): Action {
  return push('confirm', { title, texts, label, actions });
}

/** A request of `method`; its answer comes as an event, and `then` says what is done about it. */
export function request<M extends Method>(
  title: string,
  method: M,
  params: ParamsIn<OperatorMethods, M>,
  then?: readonly Action[] | Then,
): Request;
export function request(
  title: string,
  method: Method,
  params: unknown,
  then: readonly Action[] | Then = [],
): unknown {
  const what = 'type' in then ? then : { type: 'actions', actions: then };
  return { type: 'request', title, method, params, then: what, isQuiet: false };
}

export function followUp<N extends FollowUpName>(name: N, params: FollowUps[N]): FollowUp;
export function followUp(name: FollowUpName, params: unknown): unknown {
  return { type: 'follow-up', name, params };
}
