/** Why there is no connection, in the words of somebody who stands before the machine. */

import { causesOf, OperatorError } from '../../lib/errors.ts';
import type { ErrorCode } from '../../lib/model/error-treatment.ts';
import type { Problem } from './state.ts';

/** The server's certificate or protocol is another one than this engine's: a new start fetches what fits. */
const ENDS_WITH_A_NEW_START: readonly ErrorCode[] = ['unauthorized', 'protocol-mismatch'];

/** What `error` of an attempt to connect to `server` ("ADDRESS:PORT") means, and what to check. */
export function problemOf(error: unknown, server: string): Problem {
  if (error instanceof OperatorError) {
    const cause = error.code === 'unauthorized' ? causesOf(error)[0] : undefined;
    return {
      what: error.message,
      check: cause === undefined ? [error.hint] : [error.hint, cause],
      ...(ENDS_WITH_A_NEW_START.includes(error.code) ? {} : { isRefusal: true }),
    };
  }
  const text = error instanceof Error ? error.message : String(error);
  const port = server.slice(server.lastIndexOf(':') + 1);
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return {
        what: `The machine at ${server} answers, but no OpenClone server listens there.`,
        check: [
          'On the server: systemctl status openclone',
          `Does its firewall let TCP port ${port} through?`,
        ],
      };
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return {
        what: 'This host has no network address, or no way to the server.',
        check: [
          'Is the network cable in, and does its light burn?',
          'Does the DHCP server answer?',
        ],
      };
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return noAnswer(server, port);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        what: `The name of the server (${server}) is not known here.`,
        check: ['Name the server by its address.'],
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        what: 'The server broke the connection off.',
        check: ['On the server: systemctl status openclone, and journalctl -u openclone'],
      };
    default:
      break;
  }
  if (/no answer in time|handshake has timed out|stopped answering/.test(text)) {
    return noAnswer(server, port);
  }
  return {
    what: `The connection failed: ${text}`,
    check: ['On the server: systemctl status openclone, and journalctl -u openclone'],
  };
}

function noAnswer(server: string, port: string): Problem {
  return {
    what: `The server at ${server} does not answer.`,
    check: [
      'Is the server switched on?',
      'Is the network cable in, and does its light burn?',
      `Does the server's firewall let TCP port ${port} through?`,
    ],
  };
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
