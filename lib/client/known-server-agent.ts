/** TLS to a server that this user has met before: known by the fingerprint of its certificate. */

import { Agent } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { connectionError, TroubleCause } from './trouble.ts';

/** SHA-256 of the certificate (DER) as openssl x509 -fingerprint prints it: "AB:CD:…", 32 bytes. */
export type Fingerprint = string;

export type NetworkServer = {
  readonly host: string;
  readonly port: number;
};

/** How long a server may take to answer a connection. */
const CONNECT_MS = 10_000;

/** What certificate is shown at that address now. Nothing else is sent. Throws ConnectionError. */
export async function shownFingerprint(
  server: NetworkServer,
  patienceMs = CONNECT_MS,
): Promise<Fingerprint> {
  const socket = openTls(server, patienceMs);
  try {
    return await new Promise<Fingerprint>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('timeout', () => reject(noAnswer(socket)));
      socket.once('close', () => reject(closedAtOnce()));
      socket.once('secureConnect', () => resolve(fingerprintOf(socket)));
    });
  } catch (cause) {
    throw connectionError(cause, { place: `${server.host}:${server.port}`, account: '' });
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

/**
 * Gives out a connection only when the other side has proved, in the handshake, that it has the key of the known
 * certificate (RFC 8446, 4.4.3). Nothing is sent before: no password can reach another machine. Its name and its dates
 * do not matter.
 */
export class KnownServerAgent extends Agent {
  readonly #server: NetworkServer;
  readonly #fingerprint: Fingerprint;

  readonly #patienceMs: number;

  constructor(server: NetworkServer, fingerprint: Fingerprint, patienceMs = CONNECT_MS) {
    // A resumed session would not show the certificate again.
    super({ keepAlive: false, maxCachedSessions: 0 });
    this.#server = server;
    this.#fingerprint = fingerprint;
    this.#patienceMs = patienceMs;
  }

  override createConnection(
    _: RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const socket = openTls(this.#server, this.#patienceMs);
    let isOver = false;
    const end = (error: Error | null): void => {
      if (isOver) return;
      isOver = true;
      socket.off('error', end);
      socket.setTimeout(0);
      if (error !== null) {
        socket.on('error', () => undefined);
        socket.destroy();
      }
      callback(error, socket);
    };
    socket.once('error', end);
    socket.once('close', () => end(closedAtOnce()));
    socket.once('timeout', () => end(noAnswer(socket)));
    socket.once('secureConnect', () => {
      const shown = fingerprintOf(socket);
      end(shown === this.#fingerprint ? null : new TroubleCause('other-certificate', shown));
    });
    return undefined;
  }
}

function noAnswer(socket: TLSSocket): TroubleCause {
  // Who has taken the connection is there, whatever it is.
  return new TroubleCause(socket.connecting ? 'no-answer' : 'silent', 'no answer in time');
}

function closedAtOnce(): TroubleCause {
  return new TroubleCause('closed-at-once', 'the connection was closed at once');
}

function openTls({ host, port }: NetworkServer, patienceMs: number): TLSSocket {
  return connect({
    host,
    port,
    servername: 'openclone',
    minVersion: 'TLSv1.3',
    // The certificate is the server's own: what counts is which one it is.
    rejectUnauthorized: false,
    timeout: patienceMs,
  });
}

function fingerprintOf(socket: TLSSocket): Fingerprint {
  return socket.getPeerX509Certificate()?.fingerprint256 ?? 'none';
}
