/** TCP ports at several addresses of this machine, of which one or the other may come late. */

import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

export type Door = {
  /** Nobody new comes in; `server` itself is the caller's to close. */
  readonly close: () => void;
};

/** How soon an address that was given to the machine is listened on. */
const RETRY_MS = 2000;

/**
 * Lets `server` listen on `port` of each address. One that this machine does not have is listened on as soon as it has:
 * a cable that is not plugged in at the start is no reason not to start. With `isFixed` it is an error. Throws
 * `bad-argument` when it cannot be listened there for another reason.
 */
export async function listenOnTcp(
  server: HttpServer | HttpsServer,
  options: {
    readonly addresses: readonly string[];
    readonly isFixed: boolean;
    readonly port: number;
    readonly whom: string;
    readonly log: Log;
  },
): Promise<Door> {
  const { addresses, isFixed, whom, log } = options;
  let { port } = options;
  const fronts: Server[] = [];
  const late = new Set<string>();
  const attempt = async (address: string): Promise<NodeJS.ErrnoException | null> => {
    // What watches over slow connections begins only when an HTTP server listens itself.
    const front = server.listening ? frontOf(server) : server;
    const failure = await bind(front, address, port);
    if (failure !== null) return failure;
    if (front !== server) fronts.push(front);
    const bound = server.address();
    if (port === 0 && bound !== null && typeof bound !== 'string') ({ port } = bound);
    return null;
  };
  const timer = setInterval(() => {
    for (const address of late) {
      void attempt(address).then((failure) => {
        if (failure !== null) return;
        late.delete(address);
        log.info({ event: 'address-came', address, port }, `listening for ${whom} there now`);
      });
    }
  }, RETRY_MS);
  timer.unref();
  const close = (): void => {
    clearInterval(timer);
    for (const front of fronts) front.close();
  };
  for (const address of addresses) {
    const failure = await attempt(address);
    if (failure === null) continue;
    if (failure.code !== 'EADDRNOTAVAIL' || isFixed) {
      close();
      throw cannotListen(whom, address, port, failure);
    }
    late.add(address);
    log.warn(
      { event: 'address-missing', address, port },
      `this machine does not have the address yet: listening for ${whom} there as soon as it has`,
    );
  }
  return { close };
}

/** Hands its connections to `server`, as if they had come to it. */
function frontOf(server: HttpServer | HttpsServer): Server {
  // Half-open as in an HTTP server of its own: a client that has asked may close its side and still gets the answer.
  const options = { allowHalfOpen: !('setSecureContext' in server), noDelay: true };
  return createServer(options, (socket: Socket) => {
    server.emit('connection', socket);
  });
}

/** What went wrong; null when it listens. */
async function bind(
  server: Server,
  address: string,
  port: number,
): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve(error);
    server.once('error', fail);
    server.listen(port, address, () => {
      server.off('error', fail);
      resolve(null);
    });
  });
}

function cannotListen(whom: string, address: string, port: number, cause: Error): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: `listening for ${whom} at ${address}, port ${port}`,
    hint: 'See what listens there already (ss -ltnp), or give the server another --listen or --port.',
    cause,
  });
}
