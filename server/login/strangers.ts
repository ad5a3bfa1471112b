/** Connections from the network that nobody has logged in on: few, and not for long. */

import type { WebSocket } from 'ws';

const MOST_PER_ADDRESS = 8;
const MOST = 64;
const PATIENCE_MS = 5 * 60_000;

/** 1013: try again later (RFC 6455 registry of close codes). */
const TRY_AGAIN_LATER = 1013;

export class Strangers {
  readonly #waiting = new Map<WebSocket, string>();

  /** Takes the connection in and answers what to call when it is no stranger's any more; null: it is refused. */
  take(address: string, socket: WebSocket): (() => void) | null {
    const fromThere = [...this.#waiting.values()].filter((each) => each === address).length;
    if (fromThere >= MOST_PER_ADDRESS || this.#waiting.size >= MOST) {
      // Who is refused may go on sending.
      socket.on('error', () => undefined);
      socket.close(TRY_AGAIN_LATER, 'too many connections wait for a login');
      setTimeout(() => socket.terminate(), 1000).unref();
      return null;
    }
    const timer = setTimeout(() => socket.terminate(), PATIENCE_MS);
    timer.unref();
    this.#waiting.set(socket, address);
    const known = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    };
    socket.once('close', known);
    return known;
  }
}
