/** Why there is no connection to a server: one function from whatever was thrown, for the command line and the UI. */

import { lstatSync } from 'node:fs';
import { OperatorError } from '../errors.ts';
import type { ErrorCode } from '../model/error-treatment.ts';
import type { Trouble, TroubleKind } from '../model/trouble.ts';
import { troubleIn } from '../messages/trouble.ts';
import { verbatim } from '../model/messages/table.ts';
import type { ConnectionEnd } from '../protocol/connection-end.ts';

/** A server at that place, and the account that looks for it. */
export type Seeker = Pick<Trouble, 'place' | 'account'>;

/** A connection that did not come about; its message, cause and hint are the English words for `trouble`. */
export class ConnectionError extends OperatorError {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, cause?: unknown) {
    const words = troubleIn('en', trouble);
    super({
      code: CODES[trouble.kind] ?? 'connection-failed',
      message: `connecting to the server at ${trouble.place}: ${words.short}`,
      hint: words.remedy.map((part) => part.text ?? part.command).join(' '),
      ...(cause === undefined ? {} : { cause }),
    });
    this.trouble = trouble;
  }
}

const CODES: Readonly<Partial<Record<TroubleKind, ErrorCode>>> = {
  'other-certificate': 'unauthorized',
  'other-version': 'protocol-mismatch',
};

/** Thrown below, where it is known better than any error code says. */
export class TroubleCause extends Error {
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string) {
    super(message);
    this.name = 'TroubleCause';
    this.kind = kind;
  }
}

/** What is wrong, of anything that an attempt to connect has thrown. */
export function troubleOf(error: unknown, seeker: Seeker): Trouble {
  if (error instanceof ConnectionError) return error.trouble;
  const detail = error instanceof Error ? error.message : String(error);
  return { ...seeker, kind: kindOf(error, seeker.place), detail: verbatim(detail) };
}

/** The same as an error to throw. */
export function connectionError(error: unknown, seeker: Seeker): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return new ConnectionError(troubleOf(error, seeker), error);
}

/** What is wrong when a connection that there was is over. */
export function troubleOfEnd({ kind, why }: ConnectionEnd, seeker: Seeker): Trouble {
  return { ...seeker, kind, detail: why };
}

function kindOf(error: unknown, place: string): TroubleKind {
  if (error instanceof TroubleCause) return error.kind;
  if (error instanceof OperatorError) {
    // An answer that does not fit its schema comes from a server of another time.
    if (error.code === 'protocol-mismatch' || error.code === 'bad-message') return 'other-version';
    return error.code === 'connection-lost' ? 'closed-at-once' : 'unknown';
  }
  if (!(error instanceof Error)) return 'unknown';
  const isLocal = place.includes('/');
  const kind = kindOfCode(codeOf(error), isLocal);
  if (kind === 'not-running' && isLocal && isOtherFile(place)) return 'not-a-socket';
  return kind ?? kindOfMessage(error.message);
}

/** By the system's name of the error (connect(2), unix(7), getaddrinfo(3)), OpenSSL's or Node's. */
function kindOfCode(code: string, isLocal: boolean): TroubleKind | null {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no-socket';
    case 'EACCES':
    case 'EPERM':
      return isLocal ? 'not-allowed' : 'no-way';
    case 'ECONNREFUSED':
      return isLocal ? 'not-running' : 'port-closed';
    case 'ENOTSOCK':
    case 'EPROTOTYPE':
      return 'not-a-socket';
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return isLocal ? 'path-too-long' : 'no-way';
    case 'EAGAIN':
      return 'busy';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return 'no-such-name';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return 'no-way';
    case 'ETIMEDOUT':
      return 'no-answer';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'closed-at-once';
    default:
      return /^(EPROTO|ERR_SSL_|ERR_TLS_|HPE_)/.test(code) ? 'other-program' : null;
  }
}

/** What ws says of an answer that is none, in words alone. */
function kindOfMessage(message: string): TroubleKind {
  if (message.includes('handshake has timed out')) return 'silent';
  if (/^Unexpected server response: (429|503)$/.test(message)) return 'busy';
  if (/^(Unexpected server response|Invalid )/.test(message)) return 'other-program';
  return 'unknown';
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Connecting to any other kind of file is refused as if nobody listened. */
function isOtherFile(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isSocket() && !found.isSymbolicLink();
}
