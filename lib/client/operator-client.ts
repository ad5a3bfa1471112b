/** The operators' side of a connection to the server: what the command line and the full-screen UI build on. */

import { WebSocket } from 'ws';
import { OperatorError } from '../errors.ts';
import type { LogEntry } from '../model/log-entry.ts';
import {
  OPERATOR_METHODS,
  OPERATOR_NOTIFICATIONS,
  type OperatorMethods,
  type OperatorNotifications,
  type Greeting,
  type RoomChange,
  type Status,
} from '../protocol/operator-api.ts';
import { MAX_MESSAGE_BYTES, Peer } from '../protocol/peer.ts';
import { OPERATOR_PATH, PROTOCOL_VERSION } from '../protocol/version.ts';
import {
  KnownServerAgent,
  noConnection,
  type Fingerprint,
  type NetworkServer,
} from './known-server-agent.ts';

// Nothing goes the other way: operators answer no calls and send no notifications.
type NoMethods = Readonly<Record<string, never>>;
type ServerPeer = Peer<NoMethods, OperatorMethods, NoMethods, OperatorNotifications>;

export type OperatorClient = {
  readonly server: Greeting;
  readonly call: ServerPeer['call'];
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<string>;
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
  readonly onStatus?: (status: Status) => void;
  readonly onRoom?: (change: RoomChange) => void;
  readonly onLog?: (news: readonly LogEntry[]) => void;
  /** The server has ended the login; the connection ends too. */
  readonly onLoggedOut?: (reason: string) => void;
};

/**
 * Connects to a server. Throws `connection-failed` when nobody listens there or it may not be entered, `unauthorized`
 * when it has another certificate, `protocol-mismatch` for another version. When `server.isLoginNeeded`, nothing but
 * operator.login is answered.
 */
export async function connectOperator(options: ConnectOptions): Promise<OperatorClient> {
  const socket = await ('socketPath' in options
    ? openSocket(options.socketPath)
    : openNetwork(options.network, options.fingerprint));
  let seen: Pick<Status, 'tasks' | 'hostNames'> = { tasks: [], hostNames: {} };
  const peer: ServerPeer = new Peer(socket, {
    answers: { methods: {}, handlers: {} },
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
        room: (change) => options.onRoom?.(change),
        log: ({ entries }) => options.onLog?.(entries),
        loggedOut: ({ reason }) => options.onLoggedOut?.(reason),
      },
    },
    heartbeatMs: 10_000,
    onFault: () => undefined,
  });
  const { operator, wantsLogin, loginToken } = options;
  try {
    const server = await peer.call('server.hello', {
      protocolVersion: PROTOCOL_VERSION,
      operator,
      ...(wantsLogin === undefined ? {} : { wantsLogin }),
      ...(loginToken === undefined || loginToken === null ? {} : { loginToken }),
    });
    return {
      server,
      call: (name, params) => peer.call(name, params),
      closed: peer.closed,
      close: () => peer.close('done'),
    };
  } catch (error) {
    peer.close('refused');
    throw error;
  }
}

const SOCKET_OPTIONS = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  handshakeTimeout: 10_000,
} as const;

function openSocket(socketPath: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws+unix:${socketPath}:${OPERATOR_PATH}`, SOCKET_OPTIONS);
  return opened(
    socket,
    (cause) =>
      new OperatorError({
        code: 'connection-failed',
        message: `connecting to the server at ${socketPath}`,
        hint: hintFor(cause),
        cause,
      }),
  );
}

function openNetwork(server: NetworkServer, fingerprint: Fingerprint): Promise<WebSocket> {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  const socket = new WebSocket(`wss://${host}:${server.port}${OPERATOR_PATH}`, {
    ...SOCKET_OPTIONS,
    agent: new KnownServerAgent(server, fingerprint),
  });
  return opened(socket, (cause) =>
    cause instanceof OperatorError ? cause : noConnection(server, cause),
  );
}

function opened(socket: WebSocket, failure: (cause: Error) => OperatorError): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', (cause) => reject(failure(cause)));
  });
}

function hintFor(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EACCES') return 'Ask the administrator to put you into the group openclone.';
  return 'See whether the server runs (systemctl status openclone, or start `openclone server`).';
}
