/** Operators' connections: over the unix socket who may open it may do everything, over the network who has logged in. */

import type { WebSocket } from 'ws';
import { OperatorError } from '../../lib/errors.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import { OPERATOR_NOTIFICATIONS } from '../../lib/protocol/operator-api/status.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import {
  OPERATOR_LIMITS,
  STRANGER_LIMITS,
  type MessageLimits,
} from '../../lib/protocol/message-limits.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import { OPERATOR_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import type { ApiContext } from '../api/context.ts';
import { bootHandlers } from '../api/boot.ts';
import { groupHandlers } from '../api/groups.ts';
import { hostChangeHandlers } from '../api/host-changes.ts';
import { hostHandlers } from '../api/hosts.ts';
import { machineHandlers } from '../api/machines.ts';
import { imageHandlers } from '../api/images.ts';
import { operatorHandlers } from '../api/operators.ts';
import { runLogHandlers } from '../api/run-log.ts';
import { settingsHandlers } from '../api/settings.ts';
import { currentStatus, greeting, StatusWatch } from '../api/status.ts';
import { taskHandlers } from '../api/tasks.ts';
import { wakeHandlers } from '../api/wake.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import type { EventLog } from '../events/event-log.ts';
import { watchLog } from '../watches/log-watch.ts';
import { Identity, type Logins, type Origin } from '../login/identity.ts';
import type { Refusals } from '../net/refusals.ts';
import { InventoryWatch } from '../watches/inventory-watch.ts';
import type { RunLogs } from '../tasks/run-logs.ts';
import { OperatorStore } from '../store/operator-store.ts';
import type { Store } from '../store/store.ts';
import type { Log } from '../../lib/log.ts';

/** A watcher that reads too slowly is skipped while so much waits for it. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export type OperatorGatewayOptions = Omit<ApiContext, 'operator' | 'store'> & {
  readonly store: Store;
  readonly changes: ChangeSignal;
  readonly runLogs: RunLogs;
  readonly origin: Origin;
  readonly logins: Logins;
  /** Called when it is known who speaks. */
  readonly onLogin: () => void;
  /** Tells the door what the other side may send. */
  readonly limit: (limits: () => MessageLimits) => void;
  readonly refusals: Refusals;
  readonly log: Log;
  /** What operators shall know of afterwards. */
  readonly events: EventLog;
};

/** Serves one operator's program until its connection ends. */
export function serveOperator(socket: WebSocket, options: OperatorGatewayOptions): void {
  const { changes, log, logins, events, origin, refusals } = options;
  const close = (reason: string): void => peer.close(reason);
  const identity = new Identity({
    ...options,
    close: (reason) => {
      peer.notify('loggedOut', { reason });
      close(reason);
    },
  });
  const limits = (): MessageLimits =>
    origin.type === 'socket' || identity.session !== null ? OPERATOR_LIMITS : STRANGER_LIMITS;
  options.limit(limits);
  const address = origin.type === 'socket' ? 'socket' : origin.address;
  let stopWatching: (() => void) | undefined;
  let stopInventoryWatch: (() => void) | undefined;
  let stopLogWatch: (() => void) | undefined;
  const context: ApiContext = {
    ...options,
    store: new OperatorStore(options.store, () => identity.name),
    operator: () => identity.name,
  };
  const handlers: Handlers<OperatorMethods> = {
    'server.hello': async (params) => {
      if (params.protocolVersion !== OPERATOR_PROTOCOL_VERSION) {
        throw new OperatorError({
          code: 'protocol-mismatch',
          message: `the program speaks protocol ${params.protocolVersion}, the server ${OPERATOR_PROTOCOL_VERSION}`,
          hint: 'Use the openclone command of the version that the server has.',
        });
      }
      identity.hello(params);
      if (!identity.isLoginNeeded) options.onLogin();
      return Promise.resolve({ ...greeting(), isLoginNeeded: identity.isLoginNeeded });
    },
    'operator.login': async (params) => {
      const answer = await identity.login(params);
      options.onLogin();
      return answer;
    },
    'operator.logout': async () => {
      const { session } = identity;
      // The answer goes out first.
      setImmediate(() => (session === null ? close('logged out') : session.end('logged out')));
      return Promise.resolve({});
    },
    'operator.present': async () => Promise.resolve({}),
    'status.get': async () => currentStatus(context),
    'status.watch': async ({ intervalMs }) => {
      stopWatching?.();
      const watch = new StatusWatch(context);
      stopWatching = changes.listen(intervalMs, async () => {
        if (peer.backlogBytes < MAX_BACKLOG_BYTES) peer.notify('status', await watch.next());
      });
      return currentStatus(context);
    },
    'inventory.watch': async ({ intervalMs }) => {
      stopInventoryWatch?.();
      const watch = new InventoryWatch(context);
      const all = watch.next();
      stopInventoryWatch = changes.listen(intervalMs, () => {
        // A slow reader gets later, together, what it would not read now.
        if (peer.backlogBytes >= MAX_BACKLOG_BYTES) {
          setTimeout(() => changes.emit(), intervalMs).unref();
          return Promise.resolve();
        }
        const change = watch.next();
        if (change !== null) peer.notify('inventory', change);
        return Promise.resolve();
      });
      return Promise.resolve(
        all ?? {
          hosts: [],
          gone: [],
          areGroupsChanged: true,
          areImagesChanged: true,
          areSettingsChanged: true,
        },
      );
    },
    'log.watch': async () => {
      stopLogWatch?.();
      stopLogWatch = watchLog({
        events,
        isBehind: () => peer.backlogBytes >= MAX_BACKLOG_BYTES,
        send: (entries) => peer.notify('log', { entries: [...entries] }),
      });
      return Promise.resolve([...events.entries]);
    },
    ...hostHandlers(context),
    ...hostChangeHandlers(context),
    ...machineHandlers(context, log),
    ...groupHandlers(context),
    ...imageHandlers(context),
    ...taskHandlers(context),
    ...runLogHandlers(context, options.runLogs),
    ...operatorHandlers(context, { log, identity, sessions: logins.sessions }),
    ...settingsHandlers(context, log),
    ...bootHandlers(context),
    ...wakeHandlers(context),
  };
  const peer = new Peer(socket, {
    answers: { methods: OPERATOR_METHODS, handlers, admit: (name) => identity.admit(name) },
    calls: {},
    sends: OPERATOR_NOTIFICATIONS,
    hears: { notifications: {}, listeners: {} },
    limits,
    heartbeatMs: 10_000,
    onFault: (what, error) => {
      if (identity.isKnown) log.error({ event: 'fault', origin, error }, what);
      else refusals.note('message-refused', address, { what, error });
    },
  });
  peer.closed
    .then(() => {
      stopWatching?.();
      stopInventoryWatch?.();
      stopLogWatch?.();
      identity.gone();
    })
    .catch((error: unknown) => log.error({ event: 'fault', error }, 'operator gone'));
}
