/** Accepts WebSocket connections: each path has its kind, and connections are counted before anything is read. */

import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { MessageLimits } from '../../lib/protocol/message-limits.ts';
import type { ConnectionLimits, Connections } from './connections.ts';

/** Engines and operators over the network. An engine of a host that waits for approval is a stranger. */
export const ENGINE_PORT_LIMITS: ConnectionLimits = {
  strangersPerAddress: 64,
  perAddress: 512,
  strangers: 1024,
  inAll: 16_000,
};

/** The most pieces of a message that are kept: each costs more memory than it has bytes. */
const PIECES = { maxFragments: 256, maxBufferedChunks: 4096 } as const;

/** `limits`: the most that anybody on such a connection may ever send. */
export function newWebSockets({ maxBytes }: Pick<MessageLimits, 'maxBytes'>): WebSocketServer {
  return new WebSocketServer({
    ...PIECES,
    noServer: true,
    maxPayload: maxBytes,
    perMessageDeflate: false,
  });
}

/** Each path has its own kind of connection; other paths have none. */
export function routeUpgrades(
  server: HttpServer | HttpsServer,
  paths: Readonly<Record<string, WebSocketServer>>,
): void {
  server.on('upgrade', (request, socket, head) => {
    const sockets = paths[(request.url ?? '').split('?')[0] ?? ''];
    if (sockets === undefined) {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      sockets.emit('connection', accepted, request);
    });
  });
}

/** What a connection is known by, from its first byte on. */
export type ConnectionKey = string;

/** The same for the connection itself and for what TLS makes of it. */
export function keyOf({ remoteAddress, remotePort }: Socket): ConnectionKey {
  return `${remoteAddress ?? ''} ${remotePort ?? 0}`;
}

/** Counts the connections of a server by `connections`; who finds no room is disconnected. */
export function countConnections(
  server: HttpServer | HttpsServer,
  connections: Connections<ConnectionKey>,
): void {
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    // Released before another one can have the same port.
    socket.once('close', () => connections.release(key));
    connections.admit(key, plainAddress(socket.remoteAddress ?? ''), () => socket.destroy());
  });
}

/** An IPv4 address that came over an IPv6 socket is an IPv4 address. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
