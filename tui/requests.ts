/** The calls of the server as the UI knows them, and what an answer is. */

import type { Result } from '../lib/protocol/contract.ts';
import type { ListName, OperatorMethod } from '../lib/protocol/operator-api/method.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../lib/protocol/operator-api/table.ts';

export type Method = keyof OperatorMethods;

/** The answer to a request, one member of the union per method. */
export type Answer = {
  readonly [M in Method]: {
    readonly type: 'answered';
    /** Of the request; null: nobody has asked. */
    readonly id: number | null;
    readonly method: M;
    readonly result: Result<OperatorMethods, M>;
  };
}[Method];

export function answered<M extends Method>(
  method: M,
  result: Result<OperatorMethods, M>,
  id?: number,
): Answer;
export function answered(method: Method, result: unknown, id: number | null = null): unknown {
  return { type: 'answered', id, method, result };
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
