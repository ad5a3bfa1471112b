/** Ports and multicast addresses for sessions: no two live sessions share either. */

import { randomInt } from 'node:crypto';
import { OperatorError } from '../../lib/errors.ts';

export type SessionAddress = { readonly portBase: number; readonly dataAddress: string };

/** Most sessions one server sends at the same time. */
const MAX_SESSIONS = 64;

/** Hands out addresses of sessions and takes them back. */
export class SessionAddresses {
  readonly #firstPort: number;
  readonly #taken = new Set<number>();
  /** In an order that nobody outside can guess. */
  #slots: number[] = [];
  /** Never the same again at once: a receiver that a killed server left, or a stranger, may still listen there. */
  #used: number[] = [];

  /** `firstPort` must be even: UDPcast uses a port and the next one. */
  constructor(firstPort: number) {
    if (firstPort % 2 !== 0)
      throw new RangeError(`the first port of UDPcast must be even: ${firstPort}`);
    this.#firstPort = firstPort;
  }

  /**
   * A pair of ports that no live session uses, and a random group out of 239.192.0.0/14, which RFC 2365 keeps for
   * use inside an organisation, so that other servers on the same wire most likely use another.
   */
  take(): SessionAddress {
    for (let looked = 0; looked < 2 * MAX_SESSIONS; looked += 1) {
      if (this.#slots.length === 0) this.#slots = newRound(this.#used);
      const slot = this.#slots.shift() ?? 0;
      const portBase = this.#firstPort + 2 * slot;
      if (this.#taken.has(portBase)) continue;
      this.#taken.add(portBase);
      this.#used = [...this.#used, slot].slice(-MAX_SESSIONS / 2);
      const dataAddress = `239.${192 + randomInt(4)}.${randomInt(256)}.${randomInt(1, 255)}`;
      return { portBase, dataAddress };
    }
    throw new OperatorError({
      code: 'session-failed',
      message: `opening a multicast session: ${MAX_SESSIONS} are under way already`,
      hint: 'Wait until one of them has ended.',
    });
  }

  /** Its ports are free again. */
  release(address: SessionAddress): void {
    this.#taken.delete(address.portBase);
  }
}

/** All slots, those used last at the end. */
function newRound(used: readonly number[]): number[] {
  const others = Array.from({ length: MAX_SESSIONS }, (_, slot) => slot).filter(
    (slot) => !used.includes(slot),
  );
  return [...shuffled(others), ...shuffled(used)];
}

function shuffled(slots: readonly number[]): number[] {
  const left = [...slots];
  return slots.flatMap(() => left.splice(randomInt(left.length), 1));
}
