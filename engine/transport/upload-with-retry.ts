/** Sends something to the server, again when the connection is lost under it. */

import { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { raceAbort } from '../abort.ts';
import type { ServerLink } from '../server-link.ts';
/** How often a stream is sent again when the connection to the server fails under it. */
const UPLOAD_ATTEMPTS = 4;
const RECONNECT_MS = 60_000;

export type UploadContext = { readonly link: ServerLink; readonly log: Log };

/**
 * What `upload` returns, which is called with the number of the attempt: once more when only the connection to the server was
 * lost, and the server is there again in time. Throws what it threw last.
 */
export async function uploadWithRetry<T>(
  { link, log }: UploadContext,
  name: string,
  signal: AbortSignal,
  upload: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await upload(attempt);
    } catch (error) {
      const isBroken = error instanceof OperatorError && error.code === 'stream-broken';
      if (attempt >= UPLOAD_ATTEMPTS || !isBroken || signal.aborted) throw error;
      log.warn({ event: 'retry', stream: name, attempt }, 'sending the stream again');
      await raceAbort(signal, 'sending the stream again', link.waitOnline(RECONNECT_MS));
    }
  }
}
