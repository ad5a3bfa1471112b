/** The operators' side of a connection to the server: what the command line and the full-screen UI build on. */

import { WebSocket } from 'ws';
import { OperatorError } from '../errors.ts';
import {
  OPERATOR_METHODS,
  OPERATOR_NOTIFICATIONS,
  type OperatorMethods,
  type OperatorNotifications,
  type ServerInfo,
  type Status,
} from '../protocol/operator-api.ts';
import { MAX_MESSAGE_BYTES, Peer } from '../protocol/peer.ts';
import { OPERATOR_PATH, PROTOCOL_VERSION } from '../protocol/version.ts';

// Nothing goes the other way: operators answer no calls and send no notifications.
type NoMethods = Readonly<Record<string, never>>;
type ServerPeer = Peer<NoMethods, OperatorMethods, NoMethods, OperatorNotifications>;

export type OperatorClient = {
  readonly server: ServerInfo;
  readonly call: ServerPeer['call'];
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<string>;
  readonly close: () => void;
};

/**
 * Connects to the server's unix socket. `operator` is who asks, as the task list will show it. Throws
 * `connection-failed` when nobody listens there or it may not be entered, `protocol-mismatch` for another version.
 */
export async function connectOperator(options: {
  readonly socketPath: string;
  readonly operator: string;
  readonly onStatus?: (status: Status) => void;
}): Promise<OperatorClient> {
  const socket = await openSocket(options.socketPath);
  const peer: ServerPeer = new Peer(socket, {
    answers: { methods: {}, handlers: {} },
    calls: OPERATOR_METHODS,
    sends: {},
    hears: {
      notifications: OPERATOR_NOTIFICATIONS,
      listeners: { status: (status) => options.onStatus?.(status) },
    },
    heartbeatMs: 10_000,
    onFault: () => undefined,
  });
  try {
    const server = await peer.call('server.hello', {
      protocolVersion: PROTOCOL_VERSION,
      operator: options.operator,
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

async function openSocket(socketPath: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws+unix:${socketPath}:${OPERATOR_PATH}`, {
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handshakeTimeout: 10_000,
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', (cause) => {
      reject(
        new OperatorError({
          code: 'connection-failed',
          message: `connecting to the server at ${socketPath}`,
          hint: hintFor(cause),
          cause,
        }),
      );
    });
  });
}

function hintFor(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EACCES') return 'Ask the administrator to put you into the group openclone.';
  return 'See whether the server runs (systemctl status openclone, or start `openclone server`).';
}
