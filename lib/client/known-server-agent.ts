/** TLS to a server that this user has met before: known by the fingerprint of its certificate. */

import { Agent } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { OperatorError } from '../errors.ts';

/** SHA-256 of the certificate (DER) as openssl x509 -fingerprint prints it: "AB:CD:…", 32 bytes. */
export type Fingerprint = string;

export type NetworkServer = {
  readonly host: string;
  readonly port: number;
};

/** How long a server may take to answer a connection. */
const CONNECT_MS = 10_000;

/** What certificate is shown at that address now. Nothing else is sent. Throws `connection-failed`. */
export async function shownFingerprint(server: NetworkServer): Promise<Fingerprint> {
  const socket = openTls(server);
  try {
    return await new Promise<Fingerprint>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error('no answer in time')));
      socket.once('close', () => reject(new Error('the connection was closed at once')));
      socket.once('secureConnect', () => resolve(fingerprintOf(socket)));
    });
  } catch (cause) {
    throw noConnection(server, cause);
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

  constructor(server: NetworkServer, fingerprint: Fingerprint) {
    // A resumed session would not show the certificate again.
    super({ keepAlive: false, maxCachedSessions: 0 });
    this.#server = server;
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    _: RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const socket = openTls(this.#server);
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
    socket.once('close', () => end(new Error('the connection was closed at once')));
    socket.once('timeout', () => end(new Error('no answer in time')));
    socket.once('secureConnect', () => {
      const shown = fingerprintOf(socket);
      end(shown === this.#fingerprint ? null : otherCertificate(this.#server, shown));
    });
    return undefined;
  }
}

export function noConnection({ host, port }: NetworkServer, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'connection-failed',
    message: `connecting to the server at ${host}, port ${port}`,
    hint: 'See whether the server runs there and whether the port is open for this machine.',
    cause,
  });
}

function openTls({ host, port }: NetworkServer): TLSSocket {
  return connect({
    host,
    port,
    servername: 'openclone',
    minVersion: 'TLSv1.3',
    // The certificate is the server's own: what counts is which one it is.
    rejectUnauthorized: false,
    timeout: CONNECT_MS,
  });
}

function fingerprintOf(socket: TLSSocket): Fingerprint {
  return socket.getPeerX509Certificate()?.fingerprint256 ?? 'none';
}

function otherCertificate({ host, port }: NetworkServer, shown: Fingerprint): OperatorError {
  return new OperatorError({
    code: 'unauthorized',
    message: `connecting to the server at ${host}, port ${port}: it shows another certificate than before (${shown})`,
    hint: 'Either the server was set up anew, or another machine answers in its place: ask whoever runs it. If it is right, remove its line from known-servers.json.',
  });
}
