/** watchStatus: watches the server's status, across lost connections. */

import { setTimeout as delay } from 'node:timers/promises';
import type { OperatorClient } from '../lib/client/operator-client.ts';
import { OperatorError } from '../lib/errors.ts';
import type { Status } from '../lib/model/status.ts';
import { BROKEN_OFF, ConnectionEnded, type ConnectionEnd } from '../lib/protocol/connection-end.ts';
import { LatestValue } from './latest-value.ts';

/** How often the server tells what has changed. */
const STATUS_INTERVAL_MS = 500;

export type Reconnection = { readonly attempts: number; readonly intervalMs: number };
/** Sixty seconds: a server that restarts is back long before. */
export const RECONNECTION: Reconnection = { attempts: 60, intervalMs: 1000 };

export type Watcher = {
  readonly connect: (onStatus: (status: Status) => void) => Promise<OperatorClient>;
  /** Returns true when enough has been seen. */
  readonly onStatus: (status: Status, client: OperatorClient) => Promise<boolean>;
  /** The connection is over; it is taken up again. */
  readonly onLost: (end: ConnectionEnd) => void;
  readonly onBack: () => void;
  /** Ends the watching early. */
  readonly signal: AbortSignal;
  readonly reconnection: Reconnection;
};

/**
 * Watches until `onStatus` has seen enough. Throws OperatorError `connection-lost` when a lost connection cannot be
 * taken up again, and whatever else the server answers.
 */
export async function watchStatus(watcher: Watcher): Promise<'seen' | 'interrupted'> {
  let news = new LatestValue<Status>();
  let client = await watcher.connect((status) => news.put(status));
  for (;;) {
    const end = await watchConnection(watcher, client, news);
    if (end.type !== 'lost') return end.type;
    watcher.onLost(end.end);
    news = new LatestValue<Status>();
    const next = await reconnect(watcher, news, end.end);
    if (next === undefined) return 'interrupted';
    client = next;
    watcher.onBack();
  }
}

type WatchEnd = { type: 'seen' } | { type: 'interrupted' } | { type: 'lost'; end: ConnectionEnd };

async function watchConnection(
  { onStatus, signal }: Watcher,
  client: OperatorClient,
  news: LatestValue<Status>,
): Promise<WatchEnd> {
  let lost: ConnectionEnd = BROKEN_OFF;
  const stop = (): void => news.close();
  signal.addEventListener('abort', stop, { once: true });
  const closed = client.closed.then((end) => {
    lost = end;
    news.close();
  });
  try {
    let status: Status | undefined = await client.call('status.watch', {
      intervalMs: STATUS_INTERVAL_MS,
    });
    while (status !== undefined && !signal.aborted) {
      if (await onStatus(status, client)) return { type: 'seen' };
      status = await news.take();
    }
    return signal.aborted ? { type: 'interrupted' } : { type: 'lost', end: lost };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'connection-lost') throw error;
    await closed;
    return { type: 'lost', end: lost };
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

/** Undefined when it was interrupted. */
async function reconnect(
  { connect, signal, reconnection }: Watcher,
  news: LatestValue<Status>,
  end: ConnectionEnd,
): Promise<OperatorClient | undefined> {
  let cause: unknown = new ConnectionEnded(end);
  for (let attempt = 0; attempt < reconnection.attempts; attempt += 1) {
    // Rejects only because of the signal.
    await delay(reconnection.intervalMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      return await connect((status) => news.put(status));
    } catch (error) {
      if (!isPassing(error)) throw error;
      cause = error;
    }
  }
  const seconds = (reconnection.attempts * reconnection.intervalMs) / 1000;
  throw new OperatorError({
    code: 'connection-lost',
    message: `watching the server: it was lost, and could not be reached again for ${seconds} s`,
    hint: 'What the hosts do goes on. Start the server; `openclone task list` then shows what came of it.',
    cause,
  });
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof OperatorError &&
    (error.code === 'connection-failed' || error.code === 'connection-lost')
  );
}
