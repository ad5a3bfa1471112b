/** Operators' connections over the unix socket: who may open it may do everything. */

import type { WebSocket } from 'ws';
import { OperatorError } from '../lib/errors.ts';
import type { Handlers } from '../lib/protocol/contract.ts';
import {
  OPERATOR_METHODS,
  OPERATOR_NOTIFICATIONS,
  type OperatorMethods,
} from '../lib/protocol/operator-api.ts';
import { Peer } from '../lib/protocol/peer.ts';
import { PROTOCOL_VERSION } from '../lib/protocol/version.ts';
import type { ApiContext } from './api/context.ts';
import { bootHandlers } from './api/boot.ts';
import { groupHandlers } from './api/groups.ts';
import { hostChangeHandlers } from './api/host-changes.ts';
import { hostHandlers } from './api/hosts.ts';
import { imageHandlers } from './api/images.ts';
import { operatorHandlers } from './api/operators.ts';
import { runLogHandlers } from './api/run-log.ts';
import { settingsHandlers } from './api/settings.ts';
import { currentStatus, serverInfo } from './api/status.ts';
import { taskHandlers } from './api/tasks.ts';
import { wakeHandlers } from './api/wake.ts';
import type { ChangeSignal } from './change-signal.ts';
import type { RunLogs } from './run-logs.ts';
import type { Log } from '../lib/log.ts';

/** A watcher that reads too slowly is skipped while so much waits for it. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export type OperatorGatewayOptions = Omit<ApiContext, 'operator'> & {
  readonly changes: ChangeSignal;
  readonly runLogs: RunLogs;
  readonly log: Log;
};

/** Serves one operator's program until its connection ends. */
export function serveOperator(socket: WebSocket, options: OperatorGatewayOptions): void {
  const { changes, log } = options;
  let operator: string | undefined;
  let stopWatching: (() => void) | undefined;
  const context: ApiContext = {
    ...options,
    operator: () => {
      if (operator !== undefined) return operator;
      throw new OperatorError({
        code: 'protocol-mismatch',
        message: 'calling the server before server.hello',
        hint: 'The program that connects has a fault or another version.',
      });
    },
  };
  const handlers: Handlers<OperatorMethods> = {
    'server.hello': async (params) => {
      if (params.protocolVersion !== PROTOCOL_VERSION) {
        throw new OperatorError({
          code: 'protocol-mismatch',
          message: `the program speaks protocol ${params.protocolVersion}, the server ${PROTOCOL_VERSION}`,
          hint: 'Use the openclone command of the version that the server has.',
        });
      }
      operator = params.operator;
      return serverInfo(context);
    },
    'status.get': async () => currentStatus(context),
    'status.watch': async ({ intervalMs }) => {
      stopWatching?.();
      stopWatching = changes.listen(intervalMs, async () => {
        if (peer.backlogBytes < MAX_BACKLOG_BYTES)
          peer.notify('status', await currentStatus(context));
      });
      return currentStatus(context);
    },
    ...hostHandlers(context),
    ...hostChangeHandlers(context),
    ...groupHandlers(context),
    ...imageHandlers(context),
    ...taskHandlers(context),
    ...runLogHandlers(context, options.runLogs),
    ...operatorHandlers(context, log),
    ...settingsHandlers(context, log),
    ...bootHandlers(context),
    ...wakeHandlers(context),
  };
  const peer = new Peer(socket, {
    answers: { methods: OPERATOR_METHODS, handlers },
    calls: {},
    sends: OPERATOR_NOTIFICATIONS,
    hears: { notifications: {}, listeners: {} },
    heartbeatMs: 10_000,
    onFault: (what, error) => log.error({ event: 'fault', operator, error }, what),
  });
  peer.closed
    .then(() => stopWatching?.())
    .catch((error: unknown) => log.error({ event: 'fault', operator, error }, 'operator gone'));
}
