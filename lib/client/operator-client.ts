/** The operators' side of a connection to the server: what the command line and the full-screen UI build on. */

import { WebSocket } from 'ws';
import type { LogEntry } from '../model/log-entry.ts';
import type { Message } from '../model/message.ts';
import type { Status } from '../model/status.ts';
import { ANSWERS_NOTHING } from '../protocol/answering.ts';
import type { ConnectionEnd } from '../protocol/connection-end.ts';
import type { Greeting } from '../protocol/operator-api/login.ts';
import {
  OPERATOR_NOTIFICATIONS,
  type OperatorNotifications,
  type InventoryChange,
} from '../protocol/operator-api/status.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../protocol/operator-api/table.ts';
import { MAX_MESSAGE_BYTES, Peer } from '../protocol/peer.ts';
import { OPERATOR_PATH, OPERATOR_PROTOCOL_VERSION } from '../protocol/version.ts';
import { KnownServerAgent, type Fingerprint, type NetworkServer } from './known-server-agent.ts';
import { connectionError, TroubleCause, type Seeker } from './trouble.ts';

// Nothing goes the other way: operators answer no calls and send no notifications.
type NoMethods = Readonly<Record<string, never>>;
type ServerPeer = Peer<OperatorMethods, NoMethods, OperatorNotifications>;

export type OperatorClient = {
  readonly server: Greeting;
  readonly call: ServerPeer['call'];
  /** Resolves with why when the connection is over. */
  readonly closed: Promise<ConnectionEnd>;
  readonly close: () => void;
};

/** Where a server is: its unix socket, or its port for engines and operators, with the certificate that it must have. */
export type ServerPlace =
  | { readonly socketPath: string }
  | { readonly network: NetworkServer; readonly fingerprint: Fingerprint };

export type ConnectOptions = ServerPlace & {
  /** Who asks, as the task list will show it, where no login says so. */
  readonly operator: string;
  /** Whether a login is wanted where the socket alone would do. */
  readonly wantsLogin?: boolean;
  /** Of a login that an earlier connection had. */
  readonly loginToken?: string | null;
  /** How long the server may take to take the connection, and to answer the first call. */
  readonly patienceMs?: number;
  /** Ends the attempt; a connection that has come about stays. */
  readonly signal?: AbortSignal;
  readonly onStatus?: (status: Status) => void;
  readonly onInventory?: (change: InventoryChange) => void;
  readonly onLog?: (news: readonly LogEntry[]) => void;
  /** The server has ended the login; the connection ends too. */
  readonly onLoggedOut?: (why: Message) => void;
};

/** How a place is called where people read it. */
export function nameOf(place: ServerPlace): string {
  return 'socketPath' in place ? place.socketPath : `${place.network.host}:${place.network.port}`;
}

/**
 * Connects to a server. Throws ConnectionError, which says what is wrong and what to do: `unauthorized` for another
 * certificate, `protocol-mismatch` for another version, else `connection-failed`. When `server.isLoginNeeded`, nothing
 * but operator.login is answered.
 */
export async function connectOperator(options: ConnectOptions): Promise<OperatorClient> {
  const seeker: Seeker = { place: nameOf(options), account: options.operator };
  const { patienceMs = PATIENCE_MS, signal } = options;
  let socket: WebSocket;
  try {
    signal?.throwIfAborted();
    socket = await opened(
      'socketPath' in options
        ? openSocket(options.socketPath, patienceMs)
        : openNetwork(options.network, options.fingerprint, patienceMs),
      signal,
    );
  } catch (error) {
    throw connectionError(error, seeker);
  }
  let seen: Pick<Status, 'tasks' | 'hostNames'> = { tasks: [], hostNames: {} };
  const peer: ServerPeer = new Peer(socket, {
    answers: ANSWERS_NOTHING,
    calls: OPERATOR_METHODS,
    sends: {},
    hears: {
      notifications: OPERATOR_NOTIFICATIONS,
      listeners: {
        status: (update) => {
          // What is not sent is as it was; the first push has all.
          seen = {
            tasks: update.tasks ?? seen.tasks,
            hostNames: update.hostNames ?? seen.hostNames,
          };
          options.onStatus?.({ ...update, ...seen });
        },
        inventory: (change) => options.onInventory?.(change),
        log: ({ entries }) => options.onLog?.(entries),
        loggedOut: ({ message }) => options.onLoggedOut?.(message),
      },
    },
    heartbeatMs: 10_000,
    onFault: () => undefined,
  });
  const { operator, wantsLogin, loginToken } = options;
  const silence = new Silence(patienceMs);
  const end = (): void => peer.close('end.done');
  signal?.addEventListener('abort', end);
  try {
    const hello = peer.call('server.hello', {
      protocolVersion: OPERATOR_PROTOCOL_VERSION,
      operator,
      ...(wantsLogin === undefined ? {} : { wantsLogin }),
      ...(loginToken === undefined || loginToken === null ? {} : { loginToken }),
    });
    const server = await Promise.race([hello, silence.over]);
    return {
      server,
      call: (name, params) => peer.call(name, params),
      closed: peer.closed,
      close: () => peer.close('end.done'),
    };
  } catch (error) {
    peer.close('end.refused');
    throw connectionError(error, seeker);
  } finally {
    silence.end();
    signal?.removeEventListener('abort', end);
  }
}

const PATIENCE_MS = 10_000;

/** A server that takes connections and says nothing holds nobody for ever. */
class Silence {
  readonly over: Promise<never>;
  readonly #timer: NodeJS.Timeout;

  constructor(patienceMs: number) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.over = promise;
    this.#timer = setTimeout(
      () => reject(new TroubleCause('silent', `no answer for ${patienceMs / 1000} s`)),
      patienceMs,
    );
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

const SOCKET_OPTIONS = { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false } as const;

function openSocket(socketPath: string, patienceMs: number): WebSocket {
  return new WebSocket(`ws+unix:${socketPath}:${OPERATOR_PATH}`, {
    ...SOCKET_OPTIONS,
    handshakeTimeout: patienceMs,
  });
}

function openNetwork(
  server: NetworkServer,
  fingerprint: Fingerprint,
  patienceMs: number,
): WebSocket {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  return new WebSocket(`wss://${host}:${server.port}${OPERATOR_PATH}`, {
    ...SOCKET_OPTIONS,
    handshakeTimeout: patienceMs,
    agent: new KnownServerAgent(server, fingerprint, patienceMs),
  });
}

function opened(socket: WebSocket, signal: AbortSignal | undefined): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const end = (): void => socket.terminate();
  signal?.addEventListener('abort', end);
  socket.once('open', () => resolve(socket));
  socket.once('error', reject);
  return promise.finally(() => signal?.removeEventListener('abort', end));
}
