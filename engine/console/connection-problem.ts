/** Why there is no connection to the server, of whatever an attempt to connect has thrown. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import type { ErrorCode } from '../../lib/model/error-treatment.ts';
import { verbatim } from '../../lib/model/messages/table.ts';
import { ConnectionEnded } from '../../lib/protocol/connection-end.ts';
import type { Problem } from './state.ts';

/** The server's certificate or protocol is another one than this engine's: a new start fetches what fits. */
const ENDS_WITH_A_NEW_START: readonly ErrorCode[] = ['unauthorized', 'protocol-mismatch'];

/** What `error` of an attempt to connect to `server` ("ADDRESS:PORT") means. */
export function problemOf(error: unknown, server: string): Problem {
  if (error instanceof OperatorError) {
    return {
      type: 'error',
      error: toReport(error),
      ...(ENDS_WITH_A_NEW_START.includes(error.code) ? {} : { isRefusal: true }),
    };
  }
  if (error instanceof ConnectionEnded) {
    const { kind, why } = error.end;
    if (kind === 'ended') return { type: 'other', said: why };
    return { type: kind === 'broken-off' ? 'broken-off' : 'no-answer', server };
  }
  const type = typeOf(codeOf(error));
  if (type !== null) return { type, server };
  const text = error instanceof Error ? error.message : String(error);
  // ws has no code for it.
  if (text.includes('handshake has timed out')) return { type: 'no-answer', server };
  return { type: 'other', said: verbatim(text) };
}

type KnownType = Exclude<Problem['type'], 'error' | 'other'>;

/** By the system's name of the error (connect(2), getaddrinfo(3)). */
function typeOf(code: string | null): KnownType | null {
  switch (code) {
    case 'ECONNREFUSED':
      return 'not-listening';
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return 'no-network';
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return 'no-answer';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'unknown-name';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'broken-off';
    default:
      return null;
  }
}

/** The system's name of the error; of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError) {
    const errors: unknown[] = error.errors;
    return codeOf(errors[0]);
  }
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
