/** Who is logged in: operators with a token, until they leave or have done nothing for too long. */

import { createHash, randomBytes } from 'node:crypto';
import { message } from '../../lib/model/messages/table.ts';
import type { LoginEnd } from '../../lib/protocol/connection-end.ts';

/** One operator's login; a connection that breaks is followed by another one. */
export type Login = {
  readonly operator: string;
  readonly token: string;
  /** Ends it on every connection that it has. */
  readonly end: (end: LoginEnd) => void;
  /** The operator did something. */
  readonly touch: () => void;
};

type Kept = {
  operator: string;
  lastAt: number;
  /** How the connections end that the login has now. */
  readonly closers: Set<(end: LoginEnd) => void>;
};

export type LoginRegistryOptions = {
  /** Milliseconds that never go back. */
  readonly clock: () => number;
  /** Read each time: operators set it. */
  readonly idleMs: () => number;
};

export class LoginRegistry {
  readonly #options: LoginRegistryOptions;
  /** By the hash of the token: what lies in memory opens nothing. */
  readonly #kept = new Map<string, Kept>();

  constructor(options: LoginRegistryOptions) {
    this.#options = options;
  }

  /** A login that has just been proved. `close` ends its connection. */
  open(operator: string, close: (end: LoginEnd) => void): Login {
    const token = randomBytes(32).toString('base64url');
    const kept: Kept = { operator, lastAt: this.#options.clock(), closers: new Set([close]) };
    this.#kept.set(hashOf(token), kept);
    return this.#loginOf(token, kept);
  }

  /** The login of an earlier connection, for this one; null when it is over. */
  resume(token: string, close: (end: LoginEnd) => void): Login | null {
    this.expire();
    const kept = this.#kept.get(hashOf(token));
    if (kept === undefined) return null;
    kept.closers.add(close);
    return this.#loginOf(token, kept);
  }

  /** The connection that `close` ends is over: the login waits for the next one. */
  disconnected(login: Login, close: (end: LoginEnd) => void): void {
    this.#kept.get(hashOf(login.token))?.closers.delete(close);
  }

  /** Ends all logins of an operator, but for `except`: the password or the account is another one. */
  endAllOf(operator: string, except: Login | null, end: LoginEnd): void {
    for (const [key, kept] of this.#kept) {
      const isExcepted = except !== null && key === hashOf(except.token);
      if (kept.operator === operator && !isExcepted) this.#end(key, end);
    }
  }

  /** The account has another name, its logins too. */
  renamed(operator: string, newName: string): void {
    for (const kept of this.#kept.values()) {
      if (kept.operator === operator) kept.operator = newName;
    }
  }

  /** Ends the logins that have been idle for too long. */
  expire(): void {
    const idleMs = this.#options.idleMs();
    const now = this.#options.clock();
    for (const [key, { lastAt }] of this.#kept) {
      if (now - lastAt >= idleMs) {
        this.#end(key, message('login.idle', { minutes: Math.round(idleMs / 60_000) }));
      }
    }
  }

  #loginOf(token: string, kept: Kept): Login {
    return {
      get operator() {
        return kept.operator;
      },
      token,
      end: (end) => this.#end(hashOf(token), end),
      touch: () => {
        kept.lastAt = this.#options.clock();
      },
    };
  }

  #end(key: string, end: LoginEnd): void {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    for (const close of kept?.closers ?? []) close(end);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
