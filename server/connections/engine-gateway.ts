/** Engines' connections: WebSocket over TLS, the five calls, and what the server pushes. */

import type { WebSocket } from 'ws';
import { z } from 'zod';
import { boundedSystemInfo } from '../../lib/hosts/bounded-system-info.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Host } from '../../lib/model/host.ts';
import { MAX_PENDING_INFO_BYTES, MAX_SYSTEM_INFO_BYTES } from '../../lib/model/limits.ts';
import type { MacAddress, Sha256 } from '../../lib/model/names.ts';
import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
  type HostStanding,
} from '../../lib/protocol/engine-api.ts';
import {
  ENGINE_LIMITS,
  STRANGER_LIMITS,
  type MessageLimits,
} from '../../lib/protocol/message-limits.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import {
  ENGINE_PROTOCOL_VERSION,
  SERVED_ENGINE_VERSIONS,
  LONG_DESCRIPTIONS_SINCE_VERSION,
  RESTARTS_SINCE_VERSION,
} from '../../lib/protocol/version.ts';
import { proofOf, type Admission } from '../hosts/admission.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import { standingOf } from '../hosts/host-standing.ts';
import type { Log } from '../../lib/log.ts';
import { HostLookUp } from '../lookup.ts';
import { newHost } from '../hosts/new-host.ts';
import { isBehindRouter } from '../hosts/neighbours.ts';
import { seenWith, type OtherMachines } from '../hosts/other-machines.ts';
import type { WorkerLink } from '../workers/live.ts';
import type { Refusals } from '../net/refusals.ts';
import type { Registrations } from '../hosts/registrations.ts';
import type { RunLogs } from '../tasks/run-logs.ts';
import type { Store } from '../store/store.ts';
import type { Work } from '../tasks/work.ts';

export type EngineGatewayOptions = {
  readonly store: Store;
  readonly work: Work;
  readonly changes: ChangeSignal;
  readonly runLogs: RunLogs;
  readonly otherMachines: OtherMachines;
  readonly admission: Admission;
  /** The MAC address of a sender in one of the server's own subnets; null: it cannot be told. */
  readonly neighbourOf: (address: string) => Promise<MacAddress | null>;
  readonly registrations: Registrations;
  readonly refusals: Refusals;
  readonly heartbeatMs: number;
  readonly log: Log;
};

/** What the connection is to the door that it came through. */
export type EngineConnection = {
  /** Where it connects from. */
  readonly address: string;
  /** Tells the door what the other side may send; `onTooLong` is called when it has sent more at once. */
  readonly limit: (limits: () => MessageLimits, onTooLong: () => void) => void;
  /** Its host is one that operators took in. */
  readonly onKnown: () => void;
};

/** From the connection to the first call that is answered. */
const FIRST_CALL_MS = 10_000;

/** Serves one engine until its connection ends. */
export function serveEngine(
  socket: WebSocket,
  { address, limit, onKnown }: EngineConnection,
  options: EngineGatewayOptions,
): void {
  const { store, work, changes, runLogs, otherMachines, admission, refusals, heartbeatMs, log } =
    options;
  /** The network adapter that this connection comes from; null: it cannot be told, or is not looked at. */
  let hardware: MacAddress | null = null;
  let isRouted = false;
  const lookAtAdapter = async (): Promise<void> => {
    const isChecked = store.read().settings.checkAddresses !== false;
    hardware = isChecked ? await options.neighbourOf(address) : null;
    isRouted = isChecked && hardware === null && isBehindRouter(address);
  };
  /** Of a boot that has said its secret, when it logs on. */
  const checkOf =
    (proof: Sha256 | null): MachineCheck =>
    (host, systemInfo) => {
      otherMachines.refuse(host, systemInfo, address);
      const sender = { address, hardware, isRouted, proof };
      const isOwn = otherMachines.refuseForeign(host, systemInfo, sender);
      return { isOwn, hardware };
    };
  const hosts = new HostLookUp(() => store.read().hosts);
  const isApproved = (): boolean =>
    link !== undefined && hosts.find(link.hostId)?.approval === 'approved';
  // Asked several times for each message.
  const limits = (): MessageLimits => (isApproved() ? ENGINE_LIMITS : STRANGER_LIMITS);
  limit(limits, () => {
    const isShort = engineVersion < LONG_DESCRIPTIONS_SINCE_VERSION;
    if (link === undefined || !isShort || !isApproved()) return;
    work
      .failCapture(link.hostId, longDescription())
      .catch((error: unknown) =>
        log.error({ event: 'fault', address, error }, 'failing a capture'),
      );
  });
  const firstCall = setTimeout(() => {
    refusals.note('engine-refused', address, { reason: 'no call in time' });
    peer.close('no call came in time');
  }, FIRST_CALL_MS);
  firstCall.unref();
  let link: WorkerLink | undefined;
  let engineVersion = ENGINE_PROTOCOL_VERSION;
  let isOver = false;
  let stopTelling: (() => void) | undefined;
  const gone = (engine: WorkerLink, reason: string): void => {
    log.info({ event: 'engine-gone', host: engine.hostId, address, reason }, 'engine gone');
    work.presence.workerDisconnected(engine, reason);
  };
  const loggedOn = (): WorkerLink => {
    if (link !== undefined) return link;
    throw new OperatorError({
      code: 'unauthorized',
      message: 'asking for work before logging on',
      hint: 'Restart the engine; if it happens again, its version does not fit the server.',
    });
  };
  /** The one host of this connection, as soon as it asks to be that: several logons can be under way. */
  const claimed: { hostId: HostId | null; times: number } = { hostId: null, times: 0 };
  const logOn: Handlers<EngineMethods>['logon'] = async ({
    protocolVersion,
    hostId,
    worker: kind,
    macAddresses,
    instanceId,
    secret,
    systemInfo,
    activeRunId,
  }) => {
    const proof = proofOf(secret);
    const refuseOther = checkOf(proof);
    const { closed } = peer;
    await lookAtAdapter();
    try {
      const host = knownHost(store.read(), hostId, macAddresses);
      refuseOther(host, systemInfo);
      const newcomer = { host, kind, instanceId, proof, address, closed };
      do {
        if (link === undefined) await admission.admit(newcomer);
        await noteLogon(store, hostId, macAddresses, systemInfo, refuseOther);
        // Meanwhile another one may have come.
      } while (link === undefined && !admission.isFree(newcomer));
    } catch (error) {
      // An engine that was logged on registers anew over its next connection: the answer goes out first.
      if (link !== undefined) setImmediate(() => peer.close('its host is not known any more'));
      throw error;
    }
    // An engine that is logged on does so again to say what its work has changed on the host.
    const standing = currentStanding(store, hostId);
    const answer = { heartbeatMs, standing, serverTime: new Date().toISOString() };
    if (link?.hostId === hostId) return { continueRun: true, ...answer };
    const made: WorkerLink = {
      ...{ hostId, kind, instanceId },
      canRestart: protocolVersion >= RESTARTS_SINCE_VERSION,
      address,
      proof,
      isAnswering: () => peer.isAnswering(heartbeatMs),
      notifyWork: () => peer.notify('workAvailable', {}),
      notifyCancel: (runId, outcome, reason) =>
        peer.notify('cancel', { runId, outcome, reason: reason.slice(0, 400) }),
      close: (reason) => peer.close(reason),
    };
    link = made;
    otherMachines.noteBoot(hostId, proof);
    const continueRun = await work.presence.workerConnected(made, activeRunId);
    // The connection may have ended meanwhile, when nobody knew yet whose it was.
    if (isOver) gone(made, 'the connection broke off');
    log.info({ event: 'logon', host: hostId, kind, address, activeRunId }, 'engine logged on');
    if (isApproved()) onKnown();
    if (!isOver) {
      stopTelling?.();
      const tell = (changed: HostStanding): void => {
        if (changed.approval === 'approved') onKnown();
        peer.notify('hostChanged', changed);
      };
      stopTelling = tellStanding({ store, changes }, hostId, standing, tell);
    }
    return { continueRun, ...answer };
  };
  const handlers: Handlers<EngineMethods> = {
    register: async ({ macAddresses, systemInfo }) => {
      clearTimeout(firstCall);
      await lookAtAdapter();
      const newcomer = { address, hardware, macAddresses, systemInfo };
      const host = await register(options, newcomer, checkOf(null));
      log.info({ event: 'register', host: host.id, name: host.name, address }, 'host registered');
      return { hostId: host.id, standing: standingOf(host, store.read()) };
    },
    logon: async (params) => {
      clearTimeout(firstCall);
      engineVersion = params.protocolVersion;
      const known = hosts.find(params.hostId);
      if (known !== undefined) options.registrations.checkLogon(known, address);
      if (claimed.hostId !== null && claimed.hostId !== params.hostId) throw oneHost();
      claimed.hostId = params.hostId;
      claimed.times += 1;
      try {
        return await logOn(params);
      } finally {
        claimed.times -= 1;
        if (claimed.times === 0 && link === undefined) claimed.hostId = null;
      }
    },
    nextOperation: async () => work.scheduler.nextOperation(loggedOn()),
    statusUpdate: async ({ runId, firstSequence, events, progress, log: lines }) => {
      const engine = loggedOn();
      const acknowledgedSequence = await work.reports.receive(engine, {
        ...{ runId, firstSequence, events, progress },
      });
      // Only now it is known that the run is this host's. A log that cannot be kept does not hold the run up.
      await runLogs.append(runId, engine.instanceId, lines).catch((error: unknown) => {
        log.warn({ event: 'run-log-failed', run: runId, error }, 'the log of a run has a gap');
      });
      return { acknowledgedSequence };
    },
    logoff: async ({ reason }) => {
      log.info({ event: 'logoff', host: loggedOn().hostId, reason }, 'engine logged off');
      // The answer goes out first.
      setImmediate(() => peer.close('logged off'));
      return Promise.resolve({});
    },
  };
  const peer = new Peer(socket, {
    answers: {
      methods: ENGINE_METHODS,
      handlers,
      // Another version may fit no schema of ours, and shall hear that it is another one.
      admit: (_, params) => checkVersion(params),
      onRefused: (call, { code, message }) =>
        refusals.note('call-refused', address, { call, code, reason: message, host: link?.hostId }),
    },
    calls: {},
    sends: ENGINE_NOTIFICATIONS,
    hears: { notifications: {}, listeners: {} },
    limits,
    heartbeatMs,
    onFault: (what, error) => refusals.note('message-refused', address, { what, error }),
  });
  peer.closed
    .then((reason) => {
      isOver = true;
      clearTimeout(firstCall);
      stopTelling?.();
      // Of strangers that come and go there is nothing to say.
      if (link !== undefined) gone(link, reason);
    })
    .catch((error: unknown) => log.error({ event: 'fault', address, error }, 'engine gone'));
}

/** How late an engine hears that something about its host is no longer as it was. */
const TELL_STANDING_MS = 500;

/** Tells an engine whatever changes about its host, until the returned function is called. */
function tellStanding(
  { store, changes }: Pick<EngineGatewayOptions, 'store' | 'changes'>,
  hostId: HostId,
  told: HostStanding,
  tell: (standing: HostStanding) => void,
): () => void {
  let hosts: readonly Host[] | null = null;
  let last = JSON.stringify(told);
  return changes.listen(TELL_STANDING_MS, () => {
    // Most changes are of tasks; unchanged lists are the same ones.
    if (store.read().hosts === hosts) return Promise.resolve();
    hosts = store.read().hosts;
    const host = hosts.find((candidate) => candidate.id === hostId);
    if (host === undefined) return Promise.resolve();
    const standing = standingOf(host, store.read());
    const text = JSON.stringify(standing);
    if (text !== last) tell(standing);
    last = text;
    return Promise.resolve();
  });
}

function currentStanding(store: Store, hostId: HostId): HostStanding {
  const data = store.read();
  const host = data.hosts.find((candidate) => candidate.id === hostId);
  if (host === undefined) throw unknownHost(hostId);
  return standingOf(host, data);
}

/** Throws `not-found`, so that the engine registers anew. */
function knownHost<H extends Host>(
  { hosts }: { readonly hosts: readonly H[] },
  hostId: HostId,
  macAddresses: readonly MacAddress[],
): H {
  const host = hosts.find((candidate) => candidate.id === hostId);
  if (host === undefined || !macAddresses.includes(host.mac)) throw unknownHost(hostId);
  return host;
}

/** The other hosts of such a connection would be taken for present, and nobody else for them. */
function oneHost(): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: 'logging on as another host over the same connection',
    hint: 'Each host has a connection of its own.',
  });
}

function unknownHost(hostId: HostId): OperatorError {
  return new OperatorError({
    code: 'not-found',
    message: `logging on as host ${hostId}: it is not known with this MAC address`,
    hint: 'The host was deleted or its MAC address changed; the engine registers anew.',
  });
}

/** From this protocol on the description of an image goes over the data channel. */
const DATA_CHANNEL_VERSION = 3;

const Versioned = z.object({ protocolVersion: z.number() });

/** Throws `protocol-mismatch` when the parameters of a call say another version than ours. */
function checkVersion(params: unknown): void {
  const said = Versioned.safeParse(params);
  if (!said.success || SERVED_ENGINE_VERSIONS.includes(said.data.protocolVersion)) return;
  throw new OperatorError({
    code: 'protocol-mismatch',
    message: `the engine speaks protocol ${said.data.protocolVersion}, the server ${ENGINE_PROTOCOL_VERSION}`,
    hint: 'Build the root file system of the hosts anew, so that they get the engine of this server.',
  });
}

/** An engine of version 0.2 says it in one message, which must not be longer than any other. */
function longDescription(): OperatorError {
  return new OperatorError({
    code: 'protocol-mismatch',
    message: `storing the image: its description is longer than a message of an engine of this version may be (protocol ${DATA_CHANNEL_VERSION} has another way)`,
    hint: 'Start the host anew, so that it gets the engine of this server (build the root file system anew if need be), then capture again.',
  });
}

/** Throws when the machine is not the one that the host has been; answers what it sends from, and whether that is its own. */
type MachineCheck = (
  host: Host,
  systemInfo: SystemInfo,
) => { readonly isOwn: boolean; readonly hardware: MacAddress | null };

/** The host with one of these MAC addresses, made if there is none: called after the first address. */
async function register(
  {
    store,
    registrations,
    otherMachines,
  }: Pick<EngineGatewayOptions, 'store' | 'registrations' | 'otherMachines'>,
  {
    address,
    hardware,
    macAddresses,
    systemInfo,
  }: {
    readonly address: string;
    readonly hardware: MacAddress | null;
    readonly macAddresses: readonly MacAddress[];
    readonly systemInfo: SystemInfo;
  },
  refuseOther: MachineCheck,
): Promise<Host> {
  const known = findByMac(store.read().hosts, macAddresses);
  if (known !== undefined) {
    refuseOther(known, systemInfo);
    return known.debugShell ? await endDebugShell(store, known.id) : known;
  }
  // What is new under an address that is not the sender's own waits for an operator.
  const isItself = hardware === null || hardware === macAddresses[0];
  const made = await store.change((data) => {
    const raced = findByMac(data.hosts, macAddresses);
    if (raced !== undefined) {
      refuseOther(raced, systemInfo);
      return raced;
    }
    const [mac] = macAddresses;
    if (mac === undefined) throw new TypeError('a host without a MAC address');
    const isOpen = isRegistrationOpen(data.settings, Date.now());
    const approval = isOpen && isItself ? 'approved' : 'pending';
    registrations.check(data.hosts, approval, address, `registering the host ${mac}`);
    const host = newHost({
      ...{ mac, approval, lastSeenAt: new Date().toISOString() },
      systemInfo: keptOf(systemInfo, approval),
    });
    data.hosts.push(host);
    registrations.note(host, address);
    return host;
  });
  if (!isItself) otherMachines.tellForeign(made, { address, hardware }, false);
  return made;
}

/** As much as the store keeps: of hosts that nobody has taken in, strangers can make many. */
function keptOf(systemInfo: SystemInfo, approval: Host['approval']): SystemInfo {
  const isPending = approval === 'pending';
  return boundedSystemInfo(systemInfo, isPending ? MAX_PENDING_INFO_BYTES : MAX_SYSTEM_INFO_BYTES);
}

/** The shell was for one start of the engine, which is this one: an engine that is running does not register again. */
async function endDebugShell(store: Store, hostId: HostId): Promise<Host> {
  return store.change((data) => {
    const host = data.hosts.find((candidate) => candidate.id === hostId);
    if (host === undefined) throw unknownHost(hostId);
    host.debugShell = false;
    return host;
  });
}

/** The host with the first of the addresses that is known: the engine names the one it boots from first. */
function findByMac(hosts: readonly Host[], macAddresses: readonly MacAddress[]): Host | undefined {
  for (const mac of macAddresses) {
    const host = hosts.find((candidate) => candidate.mac === mac);
    if (host !== undefined) return host;
  }
  return undefined;
}

async function noteLogon(
  store: Store,
  hostId: HostId,
  macAddresses: readonly MacAddress[],
  systemInfo: SystemInfo,
  refuseOther: MachineCheck,
): Promise<void> {
  await store.change((data) => {
    const host = knownHost(data, hostId, macAddresses);
    const { isOwn, hardware } = refuseOther(host, systemInfo);
    if (isOwn) host.hasOwnAddress = true;
    if (isOwn && hardware !== null) host.seenAddresses = seenWith(host, hardware);
    host.lastSeenAt = new Date().toISOString();
    host.systemInfo = keptOf(systemInfo, host.approval);
  });
}
