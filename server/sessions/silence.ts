/** Silence: which receivers do not answer, and how long the sender still waits: read from udp-sender's output. */

import type { SenderEvent } from '../tools/udp-sender.ts';

/** A host whose disk is busy for a moment is not silent. */
const SILENT_AFTER_MS = 1000;
/** udp-sender (senddata.c, netSenderMain) tells of the seventh round without an answer, and then of every sixth. */
const FIRST_TOLD_ROUND = 7;
const ROUNDS_BETWEEN = 6;
/** From this round on it waits a second longer each time. */
const FIRST_SLOW_ROUND = 12;
const SLOW_MS = 1000;

export type Silent = {
  /** Of those that do not answer. */
  readonly addresses: readonly string[];
  /** Until the sender drops them. */
  readonly leftMs: number;
};

export class Silence {
  readonly #retriesUntilDrop: number;
  /** Of the receivers, by the number that the sender gave each. */
  readonly #addresses = new Map<number, string>();
  #clients: readonly number[] = [];
  #since = 0;
  /** How often the sender has told of this silence. */
  #timesTold = 0;
  #dropsAt = 0;
  #sentBytes = 0;

  constructor(retriesUntilDrop: number) {
    this.#retriesUntilDrop = retriesUntilDrop;
  }

  /** Whether the sender waits for somebody, be it for a moment. */
  get isBegun(): boolean {
    return this.#clients.length > 0;
  }

  /** `now` is in milliseconds, on a clock that nobody sets. */
  hear(event: SenderEvent, now: number): void {
    switch (event.type) {
      case 'connected':
        this.#addresses.set(event.client, event.address);
        return;
      case 'silent': {
        if (!this.isBegun) this.#since = now;
        this.#clients = event.clients;
        const round = FIRST_TOLD_ROUND + ROUNDS_BETWEEN * this.#timesTold;
        this.#timesTold += 1;
        this.#dropsAt = now + this.#msAfter(round, event.averageMs);
        return;
      }
      case 'sent':
        // It goes on only when all have answered.
        if (event.sentBytes > this.#sentBytes) this.#end();
        this.#sentBytes = event.sentBytes;
        return;
      case 'dropped':
      case 'ended':
        this.#end();
        return;
      case 'started':
      case 'nobody':
      case 'left':
        return;
    }
  }

  /** Null: everybody answers, or has not been silent for long. */
  at(now: number): Silent | null {
    if (!this.isBegun || now - this.#since < SILENT_AFTER_MS) return null;
    const addresses = this.#clients.flatMap((client) => this.#addresses.get(client) ?? []);
    return { addresses, leftMs: Math.max(0, this.#dropsAt - now) };
  }

  #end(): void {
    this.#clients = [];
    this.#timesTold = 0;
  }

  /** It drops in the round after all its retries, the first having been no retry: what those after `round` take. */
  #msAfter(round: number, averageMs: number): number {
    const last = this.#retriesUntilDrop + 2;
    const slow = last - Math.max(round, FIRST_SLOW_ROUND - 1);
    return Math.max(0, last - round) * 1.1 * averageMs + Math.max(0, slow) * SLOW_MS;
  }
}
