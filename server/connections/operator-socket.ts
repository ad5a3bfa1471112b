/** The operators' unix socket: who may open it is known by that. */

import { createServer, type Server } from 'node:http';
import type { WebSocketServer } from 'ws';
import type { Log } from '../../lib/log.ts';
import { OPERATOR_LIMITS } from '../../lib/protocol/message-limits.ts';
import { OPERATOR_PATH } from '../../lib/protocol/version.ts';
import type { OperatorApi } from '../api/operator-api.ts';
import type { MessageGate } from '../net/message-gate.ts';
import type { Refusals } from '../net/refusals.ts';
import { newWebSockets, routeUpgrades } from '../net/web-sockets.ts';
import { serveOperator } from './operator-connection.ts';

export type OperatorSocketOptions = {
  readonly api: OperatorApi;
  readonly gate: MessageGate;
  readonly refusals: Refusals;
  readonly log: Log;
};

/** Does not listen yet. */
export function operatorSocket({ gate, ...options }: OperatorSocketOptions): {
  readonly server: Server;
  readonly sockets: readonly WebSocketServer[];
} {
  const server = createServer();
  const sockets = newWebSockets(OPERATOR_LIMITS);
  routeUpgrades(server, { [OPERATOR_PATH]: sockets });
  sockets.on('connection', (socket, request) => {
    serveOperator(socket, {
      ...options,
      origin: { type: 'socket' },
      onKnown: () => undefined,
      limit: (limits) => gate.watch(socket, request.socket, limits),
    });
  });
  return { server, sockets: [sockets] };
}
