/** ConnectionWishes: what an operator does that the connection goes by: logging in, and not waiting for the next attempt. */

export class ConnectionWishes {
  /** The login that goes on from connection to connection; in memory alone: who finds this machine later must log in. */
  loginToken: string | null = null;
  #loggedIn: (() => void) | null = null;
  #attempt = new AbortController();

  /** Somebody has logged in: the connection goes on with this token. */
  logIn(token: string): void {
    this.loginToken = token;
    this.#loggedIn?.();
  }

  /** Resolves with the next login. */
  nextLogin(): Promise<null> {
    return new Promise((resolve) => {
      this.#loggedIn = () => resolve(null);
    });
  }

  /** Somebody does not want to wait: the attempt under way ends, or the pause after it. */
  tryNow(): void {
    this.#attempt.abort();
  }

  /** Of a new attempt to connect, with the pause after it: aborted when somebody does not want to wait for it. */
  newAttempt(): AbortSignal {
    this.#attempt = new AbortController();
    return this.#attempt.signal;
  }
}
