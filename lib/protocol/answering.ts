/** Answering calls, whatever transport brings them: admitted, checked by schema, handled, and the result checked. */

import { OperatorError, toReport } from '../errors.ts';
import type { ErrorReport } from '../model/error-report.ts';
import type { Handlers, Methods } from './contract.ts';
import { parseMessage } from './parse-message.ts';

/** The calls that one side answers. */
export type Answering = {
  readonly names: readonly string[];
  /** Resolves with what is sent back; throws what the caller is told. */
  readonly call: (name: string, params: unknown) => Promise<unknown>;
};

export const ANSWERS_NOTHING: Answering = answering({ methods: {}, handlers: {}, caller: [] });

/** `caller` is handed to each handler after the parameters. */
export function answering<M extends Methods, C extends readonly unknown[]>(options: {
  readonly methods: M;
  readonly handlers: Handlers<M, C>;
  readonly caller: C;
  /** Throws for calls that the other side may not make now: before their parameters are checked. */
  readonly admit?: (name: string, params: unknown) => void;
  /** Told of every call that is refused. */
  readonly onRefused?: (name: string, report: ErrorReport) => void;
}): Answering {
  const { methods, handlers, caller, admit, onRefused } = options;
  const answer = async (name: string, params: unknown): Promise<unknown> => {
    admit?.(name, params);
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    const handler = handlers[name];
    if (method === undefined || handler === undefined) throw unknownMethod(name);
    const checked = parseMessage(method.params, params, `the parameters of ${name}`);
    return method.result.parse(await callHandler(handler, [checked, ...caller]));
  };
  return {
    names: Object.keys(methods),
    call: (name, params) =>
      answer(name, params).catch((error: unknown) => {
        onRefused?.(name, toReport(error));
        throw error;
      }),
  };
}

function unknownMethod(name: string): OperatorError {
  return new OperatorError({
    code: 'protocol-mismatch',
    message: `calling ${name.slice(0, 100)}: there is no such call`,
    hint: 'Bring both sides to the same version of OpenClone.',
  });
}

// The tables are typed per name; this crosses from the string that arrived to the typed entry.
function callHandler(
  handler: (params: never, ...caller: never) => Promise<unknown>,
  values: readonly unknown[],
): Promise<unknown> {
  const answer: unknown = Reflect.apply(handler, undefined, values);
  return Promise.resolve(answer);
}
