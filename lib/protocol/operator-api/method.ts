/** What a row of the operators' API says: what goes in and out, who may call it, and what the call does. */

import type { z } from 'zod';
import type { MethodContract } from '../contract.ts';

/** always: also as the first call of a connection. greeted: after server.hello. operator: when it is known who asks. */
export type Access = 'always' | 'greeted' | 'operator';

/** The lists that programs keep of the server. */
export type ListName = 'hosts' | 'groups' | 'images' | 'tasks' | 'jobs' | 'operators' | 'settings';

export type Effect =
  /** polled: programs make the call by themselves, it does not show that an operator is there. */
  | { readonly type: 'reads'; readonly isPolled: boolean }
  /** Notifications follow, so the caller needs a connection that they can go over. */
  | { readonly type: 'watches' }
  /** These lists may be different afterwards. */
  | { readonly type: 'changes'; readonly lists: readonly ListName[] };

export type OperatorMethod = MethodContract & {
  readonly access: Access;
  readonly effect: Effect;
};

type Row<P extends z.ZodType, R extends z.ZodType> = {
  readonly params: P;
  readonly result: R;
  readonly access: Access;
  readonly effect: Effect;
};

/** A call that an operator makes to see something. */
export function reads<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): Row<P, R> {
  return { params, result, access: 'operator', effect: { type: 'reads', isPolled: false } };
}

/** A read that programs repeat by themselves. */
export function polls<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): Row<P, R> {
  return { params, result, access: 'operator', effect: { type: 'reads', isPolled: true } };
}

export function watches<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): Row<P, R> {
  return { params, result, access: 'operator', effect: { type: 'watches' } };
}

export function changes<P extends z.ZodType, R extends z.ZodType>(
  lists: readonly ListName[],
  params: P,
  result: R,
): Row<P, R> {
  return { params, result, access: 'operator', effect: { type: 'changes', lists } };
}

/** Whether a call by itself shows that an operator is there. */
export function showsPresence({ effect }: OperatorMethod): boolean {
  return effect.type === 'changes' || (effect.type === 'reads' && !effect.isPolled);
}
