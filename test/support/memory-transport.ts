/** A transport of the operators' API without a network: calls go straight to it, what it pushes is kept. */

import { OPERATOR_METHODS, type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import { OPERATOR_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import type { OperatorApi } from '../../server/api/operator-api.ts';
import type { Origin } from '../../server/login/identity.ts';

export type MemoryConnection = {
  /** The calls of an operator who has said who they are. */
  readonly calls: Handlers<OperatorMethods>;
  readonly pushed: { readonly name: string; readonly params: unknown }[];
  readonly end: () => void;
};

export function connectInMemory(
  api: OperatorApi,
  operator: string,
  origin: Origin = { type: 'socket' },
  /** Told the name of each call that was not refused. */
  onAnswered: (name: string) => void = () => undefined,
): MemoryConnection {
  const pushed: { name: string; params: unknown }[] = [];
  const { answers, end } = api.connect({
    origin,
    push: { notify: (name, params) => pushed.push({ name, params }), isBehind: () => false },
    close: () => undefined,
    onKnown: () => undefined,
  });
  const hello = { protocolVersion: OPERATOR_PROTOCOL_VERSION, operator };
  const greeted = answers.call('server.hello', hello);
  const call = async (name: string, params: unknown): Promise<unknown> => {
    await greeted;
    const result = await answers.call(name, params);
    onAnswered(name);
    return result;
  };
  return { calls: callsBy(call), pushed, end };
}

function callsBy(
  call: (name: string, params: unknown) => Promise<unknown>,
): Handlers<OperatorMethods>;
function callsBy(call: (name: string, params: unknown) => Promise<unknown>): unknown {
  const names = Object.keys(OPERATOR_METHODS);
  return Object.fromEntries(names.map((name) => [name, (params: unknown) => call(name, params)]));
}
