/** The connection to the server: taken up again for ever, with what it says put into the queue. */

import { setTimeout as delay } from 'node:timers/promises';
import {
  connectOperator,
  nameOf,
  type OperatorClient,
  type ServerPlace,
} from '../lib/client/operator-client.ts';
import { troubleOf, troubleOfEnd } from '../lib/client/trouble.ts';
import type { Trouble } from '../lib/model/trouble.ts';
import type { ConnectionEnd } from '../lib/protocol/connection-end.ts';
import type { App } from './app.ts';
import type { ConnectionWishes } from './connection-wishes.ts';
import type { UiEvent } from './events.ts';

const STATUS_INTERVAL_MS = 500;
const INVENTORY_INTERVAL_MS = 1000;
const PAUSE_MS = 1000;

export type ConnectionOptions = ServerPlace & {
  /** Who asks, where no login says so. */
  readonly operator: string;
  readonly app: App;
  /** The same that the app tells. */
  readonly wishes: ConnectionWishes;
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

/** Ends when `signal` says so. Never throws: what goes wrong is shown. */
export async function keepConnected(options: ConnectionOptions): Promise<void> {
  const { app, wishes, clock, signal } = options;
  app.put({ type: 'seeking', place: nameOf(options), now: clock() });
  while (!signal.aborted) {
    const until = AbortSignal.any([signal, wishes.newAttempt()]);
    const { trouble, isLoggedOut } = await connectOnce({ ...options, signal: until });
    app.client = null;
    // The login is asked for at once.
    if (isLoggedOut || until.aborted) continue;
    app.put({ type: 'lost', trouble, now: clock() });
    await delay(PAUSE_MS, undefined, { signal: until }).catch(() => undefined);
  }
}

/** Returns why there is no connection any more, and whether it was the server that wanted another login. */
async function connectOnce(
  options: ConnectionOptions,
): Promise<{ readonly trouble: Trouble; readonly isLoggedOut: boolean }> {
  const { app, wishes, clock, signal } = options;
  const seeker = { place: nameOf(options), account: options.operator };
  const over = { isLoggedOut: false };
  // What was still under way when the login ended is not for the next operator.
  const put = (event: UiEvent): void => {
    if (!over.isLoggedOut) app.put(event);
  };
  try {
    const client = await connectOperator({
      ...options,
      wantsLogin: true,
      loginToken: wishes.loginToken,
      onStatus: (status) => put({ type: 'status', status, now: clock() }),
      onInventory: (change) => put({ type: 'inventory', change, isWhole: false }),
      onLog: (entries) => put({ type: 'log', entries }),
      onLoggedOut: (why) => {
        wishes.loginToken = null;
        over.isLoggedOut = true;
        app.put({ type: 'logged-out', why });
      },
    });
    const close = (): void => client.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      app.client = client;
      return {
        trouble: troubleOfEnd(await serve(client, { put, clock }, wishes), seeker),
        ...over,
      };
    } finally {
      signal.removeEventListener('abort', close);
      client.close();
    }
  } catch (error) {
    return { trouble: troubleOf(error, seeker), ...over };
  }
}

async function serve(
  client: OperatorClient,
  { put, clock }: { readonly put: (event: UiEvent) => void; readonly clock: () => number },
  wishes: ConnectionWishes,
): Promise<ConnectionEnd> {
  const { server, closed } = client;
  if (server.isLoginNeeded) {
    wishes.loginToken = null;
    const loggedIn = wishes.nextLogin();
    put({ type: 'login-needed', server, now: clock() });
    const first = await Promise.race([closed, loggedIn]);
    if (first !== null) return first;
  }
  put({ type: 'connected', server, now: clock() });
  const change = await client.call('inventory.watch', { intervalMs: INVENTORY_INTERVAL_MS });
  put({ type: 'inventory', change, isWhole: true });
  const status = await client.call('status.watch', { intervalMs: STATUS_INTERVAL_MS });
  put({ type: 'status', status, now: clock() });
  return closed;
}
