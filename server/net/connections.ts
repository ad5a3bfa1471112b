/** Limits a port's connections, by address and in all: known clients keep theirs, strangers make room. */

export type ConnectionLimits = {
  /** Of one address, strangers' only, and all. */
  readonly strangersPerAddress: number;
  readonly perAddress: number;
  /** Of all addresses, strangers' only, and all. */
  readonly strangers: number;
  readonly inAll: number;
};

type Connection = {
  readonly address: string;
  readonly end: (reason: string) => void;
  isKnown: boolean;
};

export class Connections<Key> {
  readonly #limits: ConnectionLimits;
  readonly #onRefused: (address: string, reason: string) => void;
  /** The oldest first. */
  readonly #open = new Map<Key, Connection>();
  readonly #byAddress = new Map<string, Set<Key>>();
  #strangers = 0;

  constructor(
    limits: ConnectionLimits,
    onRefused: (address: string, reason: string) => void = () => undefined,
  ) {
    this.#limits = limits;
    this.#onRefused = onRefused;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Adds a stranger's connection, and returns whether there was room. Where there is none the oldest stranger of
   * the address makes room, or of the address that has most of them: `end` is called with the reason.
   */
  admit(key: Key, address: string, end: (reason: string) => void): boolean {
    const own = [...(this.#byAddress.get(address) ?? [])];
    const strangers = own.filter((each) => this.#open.get(each)?.isKnown === false);
    const { strangersPerAddress, perAddress, inAll } = this.#limits;
    if (strangers.length >= strangersPerAddress || own.length >= perAddress) {
      const [oldest] = strangers;
      if (oldest === undefined) return this.#refuse(address, end);
      this.#evict(oldest, `more than ${strangersPerAddress} connections from one address`);
    } else if (this.#strangers >= this.#limits.strangers || this.#open.size >= inAll) {
      const oldest = this.#oldestOfMost();
      if (oldest === undefined) return this.#refuse(address, end);
      this.#evict(oldest, 'too many connections of strangers');
    }
    this.#open.set(key, { address, end, isKnown: false });
    this.#strangers += 1;
    const keys = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, keys.add(key));
    return true;
  }

  /** It is known who speaks, or something is being done for them: no newcomer takes this place. */
  settle(key: Key): void {
    const connection = this.#open.get(key);
    if (connection === undefined || connection.isKnown) return;
    connection.isKnown = true;
    this.#strangers -= 1;
  }

  /** It is a stranger's again. */
  unsettle(key: Key): void {
    const connection = this.#open.get(key);
    if (connection?.isKnown !== true) return;
    connection.isKnown = false;
    this.#strangers += 1;
  }

  isKnown(key: Key): boolean {
    return this.#open.get(key)?.isKnown === true;
  }

  /** The connection is over. */
  release(key: Key): void {
    const connection = this.#open.get(key);
    if (connection === undefined) return;
    this.#open.delete(key);
    if (!connection.isKnown) this.#strangers -= 1;
    const keys = this.#byAddress.get(connection.address);
    keys?.delete(key);
    if (keys?.size === 0) this.#byAddress.delete(connection.address);
  }

  #refuse(address: string, end: (reason: string) => void): false {
    const reason = 'too many connections';
    this.#onRefused(address, reason);
    end(reason);
    return false;
  }

  #evict(key: Key, reason: string): void {
    const connection = this.#open.get(key);
    this.release(key);
    if (connection === undefined) return;
    this.#onRefused(connection.address, reason);
    connection.end(reason);
  }

  #oldestOfMost(): Key | undefined {
    const strangersOf = (keys: ReadonlySet<Key>): Key[] =>
      [...keys].filter((each) => this.#open.get(each)?.isKnown === false);
    let most: Key[] = [];
    for (const keys of this.#byAddress.values()) {
      if (keys.size <= most.length) continue;
      const strangers = strangersOf(keys);
      if (strangers.length > most.length) most = strangers;
    }
    return most[0];
  }
}
