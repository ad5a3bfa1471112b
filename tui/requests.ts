/** What screens ask of the server: data that says what is asked, what it is called, and what comes of it. */

import type { OperatorClient } from '../lib/client/operator-client.ts';
import type { ParamsIn, Result } from '../lib/protocol/contract.ts';
import type { ListName, OperatorMethod } from '../lib/protocol/operator-api/method.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../lib/protocol/operator-api/table.ts';
import type { Action } from './screen.ts';

export type Method = keyof OperatorMethods;

/** The answer to a request, one member of the union per method. */
export type Answer = {
  readonly [M in Method]: {
    readonly type: 'answered';
    readonly method: M;
    readonly result: Result<OperatorMethods, M>;
  };
}[Method];

export type Request = {
  readonly type: 'request';
  /** What is being done, while it lasts and for the message when it fails: "deploying win11". */
  readonly title: string;
  readonly method: Method;
  /** For tests and logs. */
  readonly params: unknown;
  readonly send: (client: Pick<OperatorClient, 'call'>) => Promise<Answered>;
};

/** What came back, and what the asking screen wanted done then. */
export type Answered = { readonly answer: Answer; readonly actions: readonly Action[] };

/** A request of `method`; its answer comes as an event, and `then` says what to do about it. */
export function request<M extends Method>(
  title: string,
  method: M,
  params: ParamsIn<OperatorMethods, M>,
  then: (result: Result<OperatorMethods, M>) => readonly Action[] = () => [],
): Request {
  return {
    type: 'request',
    title,
    method,
    params,
    send: async (client) => {
      const result = await client.call(method, params);
      return { answer: answered(method, result), actions: then(result) };
    },
  };
}

export function answered<M extends Method>(method: M, result: Result<OperatorMethods, M>): Answer;
export function answered(method: Method, result: unknown): unknown {
  return { type: 'answered', method, result };
}

/** Lists that this program asks for when a call of its own has changed them; the others are pushed, or asked for by a screen. */
const REFRESHED: ReadonlySet<ListName> = new Set<ListName>([
  'hosts',
  'groups',
  'images',
  'settings',
]);

export function changesLists(method: Method): boolean {
  const { effect }: OperatorMethod = OPERATOR_METHODS[method];
  return effect.type === 'changes' && effect.lists.some((list) => REFRESHED.has(list));
}
