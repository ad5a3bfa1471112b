/**
 * What connections hold of messages that are not complete: a message can be begun and never ended, and the library
 * keeps what came of it. Counted at the socket below, since its own limit is the same for a connection's whole life.
 */

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { systemCodeOf } from '../store/durable-write.ts';
import { closingFrame, type ToldEnd } from '../../lib/protocol/connection-end.ts';
import type { MessageLimits } from '../../lib/protocol/message-limits.ts';

/** Of all connections together: 1000 strangers at their limit. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
const SWEEP_MS = 1000;
/** A control frame from a client: two bytes and the mask before its payload (RFC 6455, 5.2). */
const CONTROL_FRAME_BYTES = 6;

type Held = {
  bytes: number;
  since: number;
  readonly limits: () => MessageLimits;
  readonly onTooLong: () => void;
};

export type MessageGateOptions = {
  readonly maxHeldBytes?: number;
  /** Milliseconds, never set back. */
  readonly clock?: () => number;
  /** Told why a connection is ended. */
  readonly onRefused: (socket: WebSocket, end: ToldEnd) => void;
};

export class MessageGate {
  readonly #held = new Map<WebSocket, Held>();
  readonly #maxHeldBytes: number;
  readonly #clock: () => number;
  readonly #onRefused: MessageGateOptions['onRefused'];
  readonly #sweeping: NodeJS.Timeout;
  #totalBytes = 0;

  constructor({ maxHeldBytes, clock, onRefused }: MessageGateOptions) {
    this.#maxHeldBytes = maxHeldBytes ?? MAX_HELD_BYTES;
    this.#clock = clock ?? ((): number => performance.now());
    this.#onRefused = onRefused;
    this.#sweeping = setInterval(() => this.sweep(), SWEEP_MS);
    this.#sweeping.unref();
  }

  /**
   * Watches what comes over `stream`, which carries `socket`; `limits` returns what its other side may send now, and
   * `onTooLong` is called before the connection is ended for a message that is longer.
   */
  watch(
    socket: WebSocket,
    stream: Duplex,
    limits: () => MessageLimits,
    onTooLong: () => void = () => undefined,
  ): void {
    const held: Held = { bytes: 0, since: 0, limits, onTooLong };
    this.#held.set(socket, held);
    const count = (change: number): void => {
      const bytes = Math.max(0, held.bytes + change);
      if (held.bytes === 0) held.since = this.#clock();
      this.#totalBytes += bytes - held.bytes;
      held.bytes = bytes;
    };
    // Before the library's own listener, which tells of the messages that it completes.
    stream.prependListener('data', (chunk: Buffer) => {
      count(chunk.length);
    });
    // And after it, when they have been reported.
    stream.on('data', () => this.#check(socket, held));
    socket.on('message', () => count(-held.bytes));
    socket.on('ping', (payload: Buffer) => count(-(payload.length + CONTROL_FRAME_BYTES)));
    socket.on('pong', (payload: Buffer) => count(-(payload.length + CONTROL_FRAME_BYTES)));
    socket.on('error', (error) => {
      // The library itself, of a frame that says how long it will be.
      if (systemCodeOf(error) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') onTooLong();
    });
    socket.once('close', () => {
      count(-held.bytes);
      this.#held.delete(socket);
    });
  }

  /** Ends what has taken too long; called once a second. */
  sweep(): void {
    const now = this.#clock();
    for (const [socket, held] of this.#held) {
      if (held.bytes > 0 && now - held.since > held.limits().maxMs) {
        this.#refuse(socket, 'end.message-too-slow');
      }
    }
  }

  close(): void {
    clearInterval(this.#sweeping);
  }

  #check(socket: WebSocket, held: Held): void {
    if (held.bytes > 0 && held.bytes > held.limits().maxBytes) {
      held.onTooLong();
      this.#refuse(socket, 'end.message-too-large');
    }
    while (this.#totalBytes > this.#maxHeldBytes) {
      const victim = this.#victim();
      if (victim === undefined) return;
      this.#refuse(victim, 'end.too-much-unfinished');
    }
  }

  /** Of those that may send least, which are the strangers where there are any, the one that holds most. */
  #victim(): WebSocket | undefined {
    const holding = [...this.#held]
      .filter(([, { bytes }]) => bytes > 0)
      .map(([socket, { bytes, limits }]) => ({ socket, bytes, may: limits().maxBytes }));
    holding.sort((one, other) => one.may - other.may || other.bytes - one.bytes);
    return holding[0]?.socket;
  }

  #refuse(socket: WebSocket, end: ToldEnd): void {
    const held = this.#held.get(socket);
    if (held === undefined) return;
    this.#totalBytes -= held.bytes;
    held.bytes = 0;
    this.#held.delete(socket);
    this.#onRefused(socket, end);
    const { code, text } = closingFrame(end);
    socket.close(code, text);
    // The other side may go on sending, and what it sends would be kept.
    socket.terminate();
  }
}
