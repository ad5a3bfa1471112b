/** Engines' connections: WebSocket over TLS, the five calls, and what the server pushes. */

import type { WebSocket } from 'ws';
import { OperatorError } from '../lib/errors.ts';
import { whyNot } from '../lib/model/capability.ts';
import type { HostId } from '../lib/model/ids.ts';
import type { Host } from '../lib/model/host.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { SystemInfo } from '../lib/model/system-info.ts';
import type { Handlers } from '../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
  type HostStanding,
} from '../lib/protocol/engine-api.ts';
import { Peer } from '../lib/protocol/peer.ts';
import { PROTOCOL_VERSION } from '../lib/protocol/version.ts';
import { proofOf, type Admission } from './admission.ts';
import type { ChangeSignal } from './change-signal.ts';
import { standingOf } from './host-standing.ts';
import type { EngineLink } from './live.ts';
import type { Log } from '../lib/log.ts';
import { refuseUnless } from './lookup.ts';
import { newHost } from './new-host.ts';
import type { OtherMachines } from './other-machines.ts';
import type { RunLogs } from './run-logs.ts';
import type { Store } from './store/store.ts';
import type { Dispatcher } from './tasks/dispatcher.ts';

export type EngineGatewayOptions = {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly changes: ChangeSignal;
  readonly runLogs: RunLogs;
  readonly otherMachines: OtherMachines;
  readonly admission: Admission;
  readonly heartbeatMs: number;
  readonly log: Log;
};

/** Serves one engine until its connection ends. `address` is where it connects from. */
export function serveEngine(
  socket: WebSocket,
  address: string,
  options: EngineGatewayOptions,
): void {
  const { store, dispatcher, changes, runLogs, otherMachines, admission, heartbeatMs, log } =
    options;
  const refuseOther: MachineCheck = (host, systemInfo) =>
    otherMachines.refuse(host, systemInfo, address);
  let link: EngineLink | undefined;
  let isOver = false;
  let stopTelling: (() => void) | undefined;
  const loggedOn = (): EngineLink => {
    if (link !== undefined) return link;
    throw new OperatorError({
      code: 'unauthorized',
      message: 'asking for work before logging on',
      hint: 'Restart the engine; if it happens again, its version does not fit the server.',
    });
  };
  const handlers: Handlers<EngineMethods> = {
    register: async ({ protocolVersion, macAddresses, systemInfo }) => {
      checkVersion(protocolVersion);
      const host = await register(store, macAddresses, systemInfo, refuseOther);
      log.info({ event: 'register', host: host.id, name: host.name, address }, 'host registered');
      return { hostId: host.id, standing: standingOf(host, store.read()) };
    },
    logon: async ({
      protocolVersion,
      hostId,
      macAddresses,
      instanceId,
      secret,
      systemInfo,
      activeRunId,
    }) => {
      checkVersion(protocolVersion);
      if (link !== undefined && link.hostId !== hostId) throw oneHost();
      const proof = proofOf(secret);
      const { closed } = peer;
      try {
        const host = knownHost(store.read(), hostId, macAddresses);
        refuseOther(host, systemInfo);
        const newcomer = { host, instanceId, proof, address, closed };
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
      link = {
        hostId,
        instanceId,
        address,
        proof,
        isAnswering: () => peer.isAnswering(heartbeatMs),
        notifyWork: () => peer.notify('workAvailable', {}),
        notifyCancel: (runId, outcome, reason) =>
          peer.notify('cancel', { runId, outcome, reason: reason.slice(0, 400) }),
        close: (reason) => peer.close(reason),
      };
      const continueRun = await dispatcher.engineOnline(link, activeRunId);
      // The connection may have ended meanwhile, when nobody knew yet whose it was.
      if (isOver) dispatcher.engineOffline(link, 'the connection broke off');
      log.info({ event: 'logon', host: hostId, address, activeRunId }, 'engine logged on');
      if (!isOver) {
        stopTelling?.();
        const tell = (changed: HostStanding): void => peer.notify('hostChanged', changed);
        stopTelling = tellStanding({ store, changes }, hostId, standing, tell);
      }
      return { continueRun, ...answer };
    },
    nextOperation: async () => dispatcher.nextOperation(loggedOn()),
    statusUpdate: async ({ runId, firstSequence, events, progress, log: lines }) => {
      const engine = loggedOn();
      const acknowledgedSequence = await dispatcher.report(
        engine,
        runId,
        firstSequence,
        events,
        progress,
      );
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
    answers: { methods: ENGINE_METHODS, handlers },
    calls: {},
    sends: ENGINE_NOTIFICATIONS,
    hears: { notifications: {}, listeners: {} },
    heartbeatMs,
    onFault: (what, error) => log.error({ event: 'fault', address, error }, what),
  });
  peer.closed
    .then((reason) => {
      isOver = true;
      stopTelling?.();
      log.info({ event: 'engine-gone', host: link?.hostId, address, reason }, 'engine gone');
      if (link !== undefined) dispatcher.engineOffline(link, reason);
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

function checkVersion(protocolVersion: number): void {
  if (protocolVersion === PROTOCOL_VERSION) return;
  throw new OperatorError({
    code: 'protocol-mismatch',
    message: `the engine speaks protocol ${protocolVersion}, the server ${PROTOCOL_VERSION}`,
    hint: 'Build the root file system of the hosts anew, so that they get the engine of this server.',
  });
}

/** Throws when the machine is not the one that the host has been. */
type MachineCheck = (host: Host, systemInfo: SystemInfo) => void;

/** The host with one of these MAC addresses, made if there is none: called after the first address. */
async function register(
  store: Store,
  macAddresses: readonly MacAddress[],
  systemInfo: SystemInfo,
  refuseOther: MachineCheck,
): Promise<Host> {
  const known = findByMac(store.read().hosts, macAddresses);
  if (known !== undefined) {
    refuseOther(known, systemInfo);
    return known.debugShell ? await endDebugShell(store, known.id) : known;
  }
  return store.change((data) => {
    const raced = findByMac(data.hosts, macAddresses);
    if (raced !== undefined) {
      refuseOther(raced, systemInfo);
      return raced;
    }
    const [mac] = macAddresses;
    if (mac === undefined) throw new TypeError('a host without a MAC address');
    const approval = data.settings.automaticRegistration ? 'approved' : 'pending';
    if (approval === 'pending') {
      const pendingHosts = data.hosts.filter((host) => host.approval === 'pending').length;
      refuseUnless(whyNot('host.register', { pendingHosts }), `registering the host ${mac}`);
    }
    const host = newHost({ mac, approval, systemInfo, lastSeenAt: new Date().toISOString() });
    data.hosts.push(host);
    return host;
  });
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
    refuseOther(host, systemInfo);
    host.lastSeenAt = new Date().toISOString();
    host.systemInfo = systemInfo;
  });
}
