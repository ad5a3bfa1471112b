/** Engines' connections: WebSocket over TLS, the five calls, and what the server pushes. */

import type { WebSocket } from 'ws';
import { OperatorError } from '../lib/errors.ts';
import type { HostId } from '../lib/model/ids.ts';
import type { Host } from '../lib/model/host.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { SystemInfo } from '../lib/model/system-info.ts';
import type { Handlers } from '../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
} from '../lib/protocol/engine-api.ts';
import { Peer } from '../lib/protocol/peer.ts';
import { PROTOCOL_VERSION } from '../lib/protocol/version.ts';
import { newHostId } from './ids.ts';
import type { EngineLink } from './live.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from './store/store.ts';
import type { Dispatcher } from './tasks/dispatcher.ts';

export type EngineGatewayOptions = {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly heartbeatMs: number;
  readonly log: Log;
};

/** Serves one engine until its connection ends. `address` is where it connects from. */
export function serveEngine(
  socket: WebSocket,
  address: string,
  options: EngineGatewayOptions,
): void {
  const { store, dispatcher, heartbeatMs, log } = options;
  let link: EngineLink | undefined;
  let isOver = false;
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
      const host = await register(store, macAddresses, systemInfo);
      log.info({ event: 'register', host: host.id, name: host.name, address }, 'host registered');
      return { hostId: host.id, hostName: host.name };
    },
    logon: async ({
      protocolVersion,
      hostId,
      macAddresses,
      instanceId,
      systemInfo,
      activeRunId,
    }) => {
      checkVersion(protocolVersion);
      await noteLogon(store, hostId, macAddresses, systemInfo);
      // An engine that is logged on does so again to say what its work has changed on the host.
      if (link?.hostId === hostId) return { continueRun: true, heartbeatMs };
      link = {
        hostId,
        instanceId,
        address,
        notifyWork: () => peer.notify('workAvailable', {}),
        notifyCancel: (runId, outcome, reason) =>
          peer.notify('cancel', { runId, outcome, reason: reason.slice(0, 400) }),
        close: (reason) => peer.close(reason),
      };
      const continueRun = await dispatcher.engineOnline(link, activeRunId);
      // The connection may have ended meanwhile, when nobody knew yet whose it was.
      if (isOver) dispatcher.engineOffline(link, 'connection closed');
      log.info({ event: 'logon', host: hostId, address, activeRunId }, 'engine logged on');
      return { continueRun, heartbeatMs };
    },
    nextOperation: async () => dispatcher.nextOperation(loggedOn().hostId),
    statusUpdate: async ({ runId, firstSequence, events, progress }) => ({
      acknowledgedSequence: await dispatcher.report(
        loggedOn().hostId,
        runId,
        firstSequence,
        events,
        progress,
      ),
    }),
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
      log.info({ event: 'engine-gone', host: link?.hostId, address, reason }, 'engine gone');
      if (link !== undefined) dispatcher.engineOffline(link, reason);
    })
    .catch((error: unknown) => log.error({ event: 'fault', address, error }, 'engine gone'));
}

function checkVersion(protocolVersion: number): void {
  if (protocolVersion === PROTOCOL_VERSION) return;
  throw new OperatorError({
    code: 'protocol-mismatch',
    message: `the engine speaks protocol ${protocolVersion}, the server ${PROTOCOL_VERSION}`,
    hint: 'Build the root file system of the hosts anew, so that they get the engine of this server.',
  });
}

/** The host with one of these MAC addresses, made if there is none: called after the first address. */
async function register(
  store: Store,
  macAddresses: readonly MacAddress[],
  systemInfo: SystemInfo,
): Promise<Host> {
  const known = findByMac(store.read().hosts, macAddresses);
  if (known !== undefined) {
    refuseOtherMachine(known, systemInfo);
    return known;
  }
  return store.change((data) => {
    const raced = findByMac(data.hosts, macAddresses);
    if (raced !== undefined) return raced;
    const [mac] = macAddresses;
    if (mac === undefined) throw new TypeError('a host without a MAC address');
    const now = new Date().toISOString();
    const host: Host = {
      id: newHostId(),
      name: `host-${mac.replaceAll(':', '')}`,
      mac,
      groupId: null,
      serialNumber: null,
      ipAddress: null,
      registeredAt: now,
      lastSeenAt: now,
      systemInfo,
      approval: data.settings.automaticRegistration ? 'approved' : 'pending',
      halfWritten: null,
      debugShell: false,
    };
    data.hosts.push(host);
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

/** A network adapter that is carried from machine to machine must not carry a host's work to another machine. */
function refuseOtherMachine(host: Host, systemInfo: SystemInfo): void {
  const before = host.systemInfo?.systemSerial ?? null;
  const now = systemInfo.systemSerial;
  if (before === null || now === null || before === now) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `taking a machine with serial number ${now} for ${host.name}, which has serial number ${before}`,
    hint: `If ${host.name} got a new main board, delete the host (openclone host delete) and let it register anew. If a network adapter was moved, give the host its own MAC address.`,
  });
}

async function noteLogon(
  store: Store,
  hostId: HostId,
  macAddresses: readonly MacAddress[],
  systemInfo: SystemInfo,
): Promise<void> {
  await store.change((data) => {
    const host = data.hosts.find((candidate) => candidate.id === hostId);
    if (host === undefined || !macAddresses.includes(host.mac)) {
      throw new OperatorError({
        code: 'not-found',
        message: `logging on as host ${hostId}: it is not known with this MAC address`,
        hint: 'The host was deleted or its MAC address changed; the engine registers anew.',
      });
    }
    refuseOtherMachine(host, systemInfo);
    host.lastSeenAt = new Date().toISOString();
    host.systemInfo = systemInfo;
  });
}
