/** The port for hosts' workers and for operators over the network: TLS; what speaks there is told apart by its path. */

import { createServer, type Server } from 'node:https';
import type { WebSocket, WebSocketServer } from 'ws';
import { closingFrame } from '../../lib/protocol/connection-end.ts';
import { ENGINE_LIMITS, OPERATOR_LIMITS } from '../../lib/protocol/message-limits.ts';
import { ENGINE_PATH, OPERATOR_PATH } from '../../lib/protocol/version.ts';
import type { OperatorApi } from '../api/operator-api.ts';
import { LOGIN_LIMITS, PATIENCE_MS } from '../login/unauthenticated-connections.ts';
import type { Certificate } from '../net/certificate.ts';
import { Connections } from '../net/connections.ts';
import type { MessageGate } from '../net/message-gate.ts';
import {
  countConnections,
  ENGINE_PORT_LIMITS,
  keyOf,
  newWebSockets,
  plainAddress,
  routeUpgrades,
  type ConnectionKey,
} from '../net/web-sockets.ts';
import { answerData, type DataChannelOptions } from './data-channel.ts';
import { serveOperator } from './operator-connection.ts';
import { serveWorker, type WorkerGatewayOptions } from './worker-gateway.ts';

/** From a connection to what TLS, and then HTTP, begin with. */
const HANDSHAKE_MS = 10_000;

export type TlsPortOptions = WorkerGatewayOptions &
  Omit<DataChannelOptions, 'onKnown'> & {
    readonly certificate: Certificate;
    readonly api: OperatorApi;
    readonly gate: MessageGate;
    /** Told where each connection comes from, for what is said of it later. */
    readonly onAddress: (socket: WebSocket, address: string) => void;
  };

export type TlsPort = {
  readonly server: Server;
  readonly sockets: readonly WebSocketServer[];
};

/** Does not listen yet. */
export function tlsPort(options: TlsPortOptions): TlsPort {
  const { certificate, refusals, log } = options;
  const connections = new Connections<ConnectionKey>(ENGINE_PORT_LIMITS, (address, reason) =>
    refusals.note('connection-refused', address, { reason }),
  );
  const server = createServer(
    {
      cert: certificate.certificate,
      key: certificate.key,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_MS,
      connectionsCheckingInterval: HANDSHAKE_MS,
    },
    (request, response) => {
      const onKnown = (): void => connections.settle(keyOf(request.socket));
      answerData(request, response, { ...options, onKnown }).catch((error: unknown) =>
        log.error({ event: 'fault', error }, 'data channel'),
      );
    },
  );
  // Uploads and downloads of images take as long as they take.
  server.requestTimeout = 0;
  server.headersTimeout = HANDSHAKE_MS;
  countConnections(server, connections);
  const workers = newWebSockets(ENGINE_LIMITS);
  const operators = newWebSockets(OPERATOR_LIMITS);
  routeUpgrades(server, { [ENGINE_PATH]: workers, [OPERATOR_PATH]: operators });
  acceptWorkers(workers, connections, options);
  acceptOperators(operators, connections, options);
  return { server, sockets: [workers, operators] };
}

function acceptWorkers(
  sockets: WebSocketServer,
  connections: Connections<ConnectionKey>,
  options: TlsPortOptions,
): void {
  const { gate, onAddress } = options;
  sockets.on('connection', (socket, { socket: stream }) => {
    const address = plainAddress(stream.remoteAddress ?? '');
    const key = keyOf(stream);
    onAddress(socket, address);
    const door = {
      address,
      limit: (...limits: [Parameters<MessageGate['watch']>[2], () => void]) =>
        gate.watch(socket, stream, ...limits),
      onKnown: () => connections.settle(key),
    };
    serveWorker(socket, door, options);
  });
}

/** Connections that nobody has logged in on are few, and not for long. */
function acceptOperators(
  sockets: WebSocketServer,
  connections: Connections<ConnectionKey>,
  { api, gate, refusals, log, onAddress }: TlsPortOptions,
): void {
  const unauthenticated = new Connections<WebSocket>(LOGIN_LIMITS, (address, reason) =>
    refusals.note('connection-refused', address, { reason }),
  );
  sockets.on('connection', (socket, { socket: stream }) => {
    const address = plainAddress(stream.remoteAddress ?? '');
    const key = keyOf(stream);
    onAddress(socket, address);
    const isRoom = unauthenticated.admit(socket, address, () => {
      // Who is refused may go on sending.
      socket.on('error', () => undefined);
      const { code, text } = closingFrame('end.too-many-waiting');
      socket.close(code, text);
      setTimeout(() => socket.terminate(), 1000).unref();
    });
    socket.once('close', () => unauthenticated.release(socket));
    if (!isRoom) return;
    const patience = setTimeout(() => socket.terminate(), PATIENCE_MS);
    patience.unref();
    serveOperator(socket, {
      api,
      refusals,
      log,
      origin: { type: 'network', address },
      limit: (limits) => gate.watch(socket, stream, limits),
      onKnown: () => {
        clearTimeout(patience);
        unauthenticated.release(socket);
        connections.settle(key);
      },
    });
  });
}
