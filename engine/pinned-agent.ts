/** TLS to exactly one server: the one whose certificate this engine was given, whatever the host's clock says. */

import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { OperatorError } from '../lib/errors.ts';

/**
 * Gives out a connection only when the other side has proved, in the handshake, that it has the key of the pinned
 * certificate (RFC 8446, 4.4.3), and the certificate is that one to the byte. Nothing is sent before. Neither its name
 * nor its dates matter: a host with an empty battery believes that it is 1970 or 2000.
 */
export class PinnedAgent extends Agent {
  readonly #certificate: X509Certificate;

  /** `certificate` is PEM. Throws `bad-argument` when it is none. */
  constructor(certificate: string) {
    // A resumed session would not show the certificate again.
    super({ keepAlive: false, maxCachedSessions: 0 });
    this.#certificate = parseCertificate(certificate);
  }

  override createConnection(
    { host, port, timeout }: RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const socket = connect({
      host: host ?? 'localhost',
      port: Number(port),
      servername: 'openclone',
      minVersion: 'TLSv1.3',
      // Dates and chain would be judged by the clock; what counts is compared below.
      rejectUnauthorized: false,
      ...(timeout === undefined ? {} : { timeout }),
    });
    let isOver = false;
    const end = (error: Error | null): void => {
      if (isOver) return;
      isOver = true;
      socket.off('error', end);
      if (error !== null) {
        socket.on('error', () => undefined);
        socket.destroy();
      }
      callback(error, socket);
    };
    socket.once('error', end);
    socket.once('close', () => end(new Error('the connection was closed at once')));
    socket.once('timeout', () => end(noAnswer()));
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      const isPinned = shown?.raw.equals(this.#certificate.raw) === true;
      end(isPinned ? null : otherServer(shown, this.#certificate));
    });
    return undefined;
  }
}

/** As the system says it when it has waited itself. */
function noAnswer(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

function parseCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: "reading the server's certificate: it is no certificate",
      hint: 'Give the engine the server.crt of its server (PEM).',
      cause,
    });
  }
}

function otherServer(shown: X509Certificate | undefined, pinned: X509Certificate): OperatorError {
  return new OperatorError({
    code: 'unauthorized',
    message:
      'connecting to the server: it has another certificate than the one this engine was given',
    hint: 'If the server was set up again, build the root file system of the hosts again too. If not, another machine uses its address.',
    cause: new Error(`shown ${shown?.fingerprint256 ?? 'none'}, expected ${pinned.fingerprint256}`),
  });
}
