/** The connections of hosts' workers: WebSocket over TLS, the five calls, and what the server pushes. */

import type { WebSocket } from 'ws';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { answering } from '../../lib/protocol/answering.ts';
import { ENGINE_METHODS, ENGINE_NOTIFICATIONS } from '../../lib/protocol/engine-api.ts';
import {
  ENGINE_LIMITS,
  STRANGER_LIMITS,
  type MessageLimits,
} from '../../lib/protocol/message-limits.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import {
  ENGINE_PROTOCOL_VERSION,
  LONG_DESCRIPTIONS_SINCE_VERSION,
  SERVED_ENGINE_VERSIONS,
} from '../../lib/protocol/version.ts';
import type { Refusals } from '../net/refusals.ts';
import type { RunLogs } from '../tasks/run-logs.ts';
import { workerHandlers } from './worker-handlers.ts';
import { WorkerIdentity, type WorkerIdentityOptions } from './worker-identity.ts';

export type WorkerGatewayOptions = WorkerIdentityOptions & {
  readonly runLogs: RunLogs;
  readonly refusals: Refusals;
};

/** What the connection is to the door that it came through. */
export type WorkerDoor = {
  /** Where it connects from. */
  readonly address: string;
  /** Tells the door what the other side may send; `onTooLong` is called when it has sent more at once. */
  readonly limit: (limits: () => MessageLimits, onTooLong: () => void) => void;
  /** Its host is one that operators took in. */
  readonly onKnown: () => void;
};

/** From the connection to the first call that is answered. */
const FIRST_CALL_MS = 10_000;

/** Serves one engine or agent until its connection ends. */
export function serveWorker(
  socket: WebSocket,
  { address, limit, onKnown }: WorkerDoor,
  options: WorkerGatewayOptions,
): void {
  const { work, refusals, heartbeatMs, log } = options;
  // Asked several times for each message.
  const limits = (): MessageLimits => (identity.isApproved ? ENGINE_LIMITS : STRANGER_LIMITS);
  const firstCall = setTimeout(() => {
    refusals.note('engine-refused', address, { reason: 'no call in time' });
    peer.close('end.no-call');
  }, FIRST_CALL_MS);
  firstCall.unref();
  const handlers = workerHandlers(options, () => identity, {
    onIdentified: () => clearTimeout(firstCall),
    // The answer goes out first.
    onLogoff: () => setImmediate(() => peer.close('end.logged-off')),
  });
  const peer = new Peer(socket, {
    answers: answering({
      caller: [],
      methods: ENGINE_METHODS,
      handlers,
      // Another version may fit no schema of ours, and must hear that it is another one.
      admit: (_, params) => checkVersion(params),
      onRefused: (call, { code, message }) => {
        const host = identity.link?.hostId;
        refusals.note('call-refused', address, { call, code, reason: message, host });
      },
    }),
    calls: {},
    sends: ENGINE_NOTIFICATIONS,
    hears: { notifications: {}, listeners: {} },
    limits,
    heartbeatMs,
    onFault: (what, error) => refusals.note('message-refused', address, { what, error }),
  });
  const identity = new WorkerIdentity(
    {
      address,
      onKnown,
      closed: peer.closed,
      isAnswering: () => peer.isAnswering(heartbeatMs),
      notifyWork: () => peer.notify('workAvailable', {}),
      notifyCancel: (runId, outcome, reason) =>
        peer.notify('cancel', { runId, outcome, reason: reason.slice(0, 400) }),
      pushStanding: (standing) => peer.notify('hostChanged', standing),
      close: (end) => peer.close(end),
    },
    options,
  );
  limit(limits, () => {
    const { link, protocolVersion, isApproved } = identity;
    const isShort = protocolVersion < LONG_DESCRIPTIONS_SINCE_VERSION;
    if (link === undefined || !isShort || !isApproved) return;
    work
      .failCapture(link.hostId, longDescription())
      .catch((error: unknown) =>
        log.error({ event: 'fault', address, error }, 'failing a capture'),
      );
  });
  peer.closed
    .then((end) => {
      clearTimeout(firstCall);
      identity.end(end);
    })
    .catch((error: unknown) => log.error({ event: 'fault', address, error }, 'engine gone'));
}

const Versioned = z.object({ protocolVersion: z.number() });

/** Throws `protocol-mismatch` when the parameters of a call say another version than ours. */
function checkVersion(params: unknown): void {
  const said = Versioned.safeParse(params);
  if (!said.success || SERVED_ENGINE_VERSIONS.includes(said.data.protocolVersion)) return;
  throw new OperatorError({
    code: 'protocol-mismatch',
    message: `the engine speaks protocol ${said.data.protocolVersion}, the server ${ENGINE_PROTOCOL_VERSION}`,
    hint: 'Build the root file system of the hosts again, so that they get the engine of this server.',
  });
}

/** An engine of version 0.2 says it in one message, which must not be longer than any other. */
function longDescription(): OperatorError {
  return new OperatorError({
    code: 'protocol-mismatch',
    message: `storing the image: its description is longer than a message of an engine of this version may be (protocol ${LONG_DESCRIPTIONS_SINCE_VERSION} has another way)`,
    hint: 'Restart the host, so that it gets the engine of this server (build the root file system again if need be), then capture again.',
  });
}
