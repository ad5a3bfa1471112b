/** Operators' calls by which a connection begins and ends. */

import { OperatorError } from '../../lib/errors.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { LOGIN_METHODS } from '../../lib/protocol/operator-api/login.ts';
import { OPERATOR_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import { greeting } from '../views/status.ts';
import type { Caller } from './caller.ts';

export function loginHandlers(): Handlers<typeof LOGIN_METHODS, [Caller]> {
  return {
    'server.hello': async (params, { identity, onKnown }) => {
      if (params.protocolVersion !== OPERATOR_PROTOCOL_VERSION) {
        throw new OperatorError({
          code: 'protocol-mismatch',
          message: `the program speaks protocol ${params.protocolVersion}, the server ${OPERATOR_PROTOCOL_VERSION}`,
          hint: 'Use the openclone command of the version that the server has.',
        });
      }
      identity.hello(params);
      if (!identity.isLoginNeeded) onKnown();
      return Promise.resolve({ ...greeting(), isLoginNeeded: identity.isLoginNeeded });
    },
    'operator.login': async (params, { identity, onKnown }) => {
      const answer = await identity.logIn(params);
      onKnown();
      return answer;
    },
    'operator.logout': async (_, { identity, close }) => {
      const { login } = identity;
      // The answer goes out first.
      setImmediate(() => (login === null ? close() : login.end(message('login.left'))));
      return Promise.resolve({});
    },
    'operator.present': async () => Promise.resolve({}),
  };
}
