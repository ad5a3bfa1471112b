/** The connection to the server: taken up again for ever, with what it says put into the queue. */

import { setTimeout as delay } from 'node:timers/promises';
import { connectOperator } from '../lib/client/operator-client.ts';
import { describeError, toReport } from '../lib/errors.ts';
import type { App } from './app.ts';

const STATUS_INTERVAL_MS = 500;
const PAUSE_MS = 1000;

export type ConnectionOptions = {
  readonly socketPath: string;
  readonly operator: string;
  readonly app: App;
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

/** Ends when `signal` says so. Never throws: what goes wrong is shown. */
export async function keepConnected(options: ConnectionOptions): Promise<void> {
  const { app, clock, signal } = options;
  while (!signal.aborted) {
    const reason = await connectOnce(options);
    app.client = null;
    app.put({ type: 'lost', reason, now: clock() });
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Answers why the connection is over. */
async function connectOnce({
  socketPath,
  operator,
  app,
  clock,
  signal,
}: ConnectionOptions): Promise<string> {
  try {
    const client = await connectOperator({
      socketPath,
      operator,
      onStatus: (status) => app.put({ type: 'status', status, now: clock() }),
    });
    const close = (): void => client.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      app.client = client;
      app.put({ type: 'connected', server: client.server, now: clock() });
      const status = await client.call('status.watch', { intervalMs: STATUS_INTERVAL_MS });
      app.put({ type: 'status', status, now: clock() });
      return await client.closed;
    } finally {
      signal.removeEventListener('abort', close);
      client.close();
    }
  } catch (error) {
    return describeError(toReport(error));
  }
}
