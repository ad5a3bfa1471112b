/** The part of the package "tftp" that is used here; it has no types of its own. */

declare module 'tftp' {
  import type { Readable } from 'node:stream';

  /** `timeout` in milliseconds, for each of `retries` tries. */
  export function createClient(options: {
    readonly host: string;
    readonly port: number;
    readonly retries: number;
    readonly timeout: number;
  }): {
    /** Emits 'abort' after abort(), and 'error' when the server refuses or is silent. */
    readonly createGetStream: (remote: string) => Readable & { readonly abort: () => void };
  };
}
