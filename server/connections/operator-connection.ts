/** Operators' connections by WebSocket: over the unix socket with all rights, over the network after a login. */

import type { WebSocket } from 'ws';
import type { Log } from '../../lib/log.ts';
import type { MessageLimits } from '../../lib/protocol/message-limits.ts';
import { OPERATOR_NOTIFICATIONS } from '../../lib/protocol/operator-api/status.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import type { OperatorApi } from '../api/operator-api.ts';
import type { Origin } from '../login/identity.ts';
import type { Refusals } from '../net/refusals.ts';

/** A watcher that reads too slowly is skipped while MAX_BACKLOG_BYTES wait for it. */
const MAX_BACKLOG_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 10_000;

export type OperatorConnectionOptions = {
  readonly api: OperatorApi;
  readonly origin: Origin;
  /** Called when it is known who speaks. */
  readonly onKnown: () => void;
  /** Tells the door what the other side may send. */
  readonly limit: (limits: () => MessageLimits) => void;
  readonly refusals: Refusals;
  readonly log: Log;
};

/** Serves one operator's program until its connection ends. */
export function serveOperator(socket: WebSocket, options: OperatorConnectionOptions): void {
  const { api, origin, onKnown, refusals, log } = options;
  const connection = api.connect({
    origin,
    onKnown,
    push: {
      notify: (name, params) => peer.notify(name, params),
      isBehind: () => peer.backlogBytes >= MAX_BACKLOG_BYTES,
    },
    close: () => peer.close('end.login-over'),
  });
  const { answers, limits } = connection;
  options.limit(limits);
  const address = origin.type === 'socket' ? 'socket' : origin.address;
  const peer = new Peer(socket, {
    answers,
    limits,
    calls: {},
    sends: OPERATOR_NOTIFICATIONS,
    hears: { notifications: {}, listeners: {} },
    heartbeatMs: HEARTBEAT_MS,
    onFault: (what, error) => {
      if (connection.isKnown()) log.error({ event: 'fault', origin, error }, what);
      else refusals.note('message-refused', address, { what, error });
    },
  });
  peer.closed
    .then(() => connection.end())
    .catch((error: unknown) => log.error({ event: 'fault', error }, 'operator gone'));
}
