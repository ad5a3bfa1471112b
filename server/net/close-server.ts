/** Ends an HTTP server with every connection that it has. */

import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { WebSocketServer } from 'ws';

/** Resolves when none is left; a server that does not listen is ended too. */
export async function closeServer(
  server: HttpServer | HttpsServer,
  ...sockets: readonly WebSocketServer[]
): Promise<void> {
  for (const each of sockets) {
    for (const socket of each.clients) socket.terminate();
    each.close();
  }
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
