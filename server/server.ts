/** The daemon: everything it has, started in order and stopped in reverse. */

import { mkdir, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { join } from 'node:path';
import type { WebSocket, WebSocketServer } from 'ws';
import { run } from '../lib/exec/run.ts';
import type { Host } from '../lib/model/host.ts';
import type { HostId } from '../lib/model/ids.ts';
import type { LogEvent } from '../lib/model/log-entry.ts';
import type { Site } from '../lib/model/site.ts';
import {
  ENGINE_LIMITS,
  OPERATOR_LIMITS,
  type MessageLimits,
} from '../lib/protocol/message-limits.ts';
import { ENGINE_PATH, OPERATOR_PATH, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { Admission } from './connections/admission.ts';
import { OperatorApi } from './api/operator-api.ts';
import { BootFiles } from './boot/boot-files.ts';
import { httpFileServer } from './boot/http-files.ts';
import { loadCertificate } from './net/certificate.ts';
import { ChangeSignal } from './events/change-signal.ts';
import { Connections } from './net/connections.ts';
import { answerData } from './connections/data-channel.ts';
import { serveWorker } from './connections/worker-gateway.ts';
import { EventLog } from './events/event-log.ts';
import { ImageStore } from './image-store/image-store.ts';
import { listenOnSocket } from './net/unix-socket.ts';
import { listenOnTcp, type Door } from './net/listen-tcp.ts';
import { Live } from './workers/live.ts';
import type { Logins } from './login/identity.ts';
import { LoginRegistry } from './login/login-registry.ts';
import { OneAtATime } from './login/one-at-a-time.ts';
import { LOGIN_LIMITS, PATIENCE_MS, TRY_AGAIN_LATER } from './login/unauthenticated-connections.ts';
import { LoginThrottle } from './login/throttle.ts';
import type { Log } from '../lib/log.ts';
import { MessageGate } from './net/message-gate.ts';
import { neighbourOf } from './hosts/neighbours.ts';
import { OtherMachines } from './hosts/other-machines.ts';
import { serveOperator } from './connections/operator-connection.ts';
import { Refusals } from './net/refusals.ts';
import { endRegistration, Registrations } from './hosts/registrations.ts';
import { RunLogs } from './tasks/run-logs.ts';
import { RunTokens } from './tasks/run-tokens.ts';
import type { SenderSettings } from './sessions/multicast-session.ts';
import { SessionBoard } from './sessions/session-board.ts';
import { StoreNotes } from './events/store-notes.ts';
import type { StoreData } from './store/schema.ts';
import { Store } from './store/store.ts';
import { runsWithStaging } from './tasks/captures.ts';
import { Work } from './tasks/work.ts';
import { localSubnets } from './wake/destinations.ts';
import { prospectOf } from './wake/prospect.ts';
import { hostsToWakeAgain } from './wake/wake-again.ts';
import { sendPacket } from './wake/send-packet.ts';
import { WAKE_PACE, Waker, type WakePace } from './wake/waker.ts';
import {
  countConnections,
  ENGINE_PORT_LIMITS,
  keyOf,
  newWebSockets,
  plainAddress,
  routeUpgrades,
  type ConnectionKey,
} from './net/web-sockets.ts';

export type ServerOptions = {
  readonly dataDirectory: string;
  readonly imageDirectory: string;
  readonly socketPath: string;
  /** The group that may open the socket. */
  readonly socketGroup: string;
  /** null: towards the site's subnets, and the loopback. */
  readonly listenAddress: string | null;
  readonly port: number;
  readonly sessionPort: number;
  readonly sender: SenderSettings;
  readonly heartbeatMs: number;
  readonly graceMs: number;
  readonly keepVersions: number;
  /** How hosts are booted; null: they are not, as in the lab. */
  readonly site: Site | null;
  /** How magic packets follow each other; as WAKE_PACE when absent. */
  readonly wakePace?: WakePace;
  /** What logins grow old by, milliseconds that never go back; performance.now when absent. */
  readonly loginClock?: () => number;
  readonly log: Log;
};

/** How soon after an engine has come the waker forgets its host. */
const ARRIVALS_MS = 200;
/** How often it is looked whether the time of automatic registration is over: nobody is taken in after it either way. */
const CLOSING_MS = 1000;
/** How often it is looked whether hosts have fallen silent. */
const SILENCE_MS = 1000;

/** What comes together of a kind within this time is one entry of the log for operators. */
const NOTING_MS = 500;

export type Server = { readonly close: () => Promise<void> };

/** Starts the server; resolves when engines and operators can connect. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dataDirectory, log } = options;
  await mkdir(dataDirectory, { recursive: true, mode: 0o750 });
  const store = await Store.open(dataDirectory);
  try {
    return await startWithStore(options, store);
  } catch (error) {
    await store.close();
    log.error({ event: 'start-failed' }, 'the server did not start');
    throw error;
  }
}

async function startWithStore(options: ServerOptions, store: Store): Promise<Server> {
  const images = await ImageStore.open(options.imageDirectory);
  try {
    return await startWithImages(options, store, images);
  } catch (error) {
    images.close();
    throw error;
  }
}

async function startWithImages(
  options: ServerOptions,
  store: Store,
  images: ImageStore,
): Promise<Server> {
  const { dataDirectory, log } = options;
  const certificate = await loadCertificate(run, dataDirectory);
  await images.discardAllStaging(runsWithStaging(store.read().tasks, Date.now()));
  const sessionDirectory = join(dataDirectory, 'sessions');
  await rm(sessionDirectory, { recursive: true, force: true });
  const changes = new ChangeSignal((error) => log.error({ event: 'fault', error }, 'status'));
  const onChanged = (): void => changes.emit();
  const bootFiles = await keepBootFiles(options, store, onChanged);
  store.onDurable = async () => {
    // Who hears that work was given may power the host on at once.
    await bootFiles?.settle();
    onChanged();
  };
  const events = await EventLog.open({ dataDirectory, log });
  events.add({ type: 'server-started', version: PROGRAM_VERSION });
  const notes = new StoreNotes();
  store.onMade = (change) => notes.add(change);
  const noteChanges = (): void => {
    for (const event of notes.take()) events.add(event);
  };
  changes.listen(NOTING_MS, () => Promise.resolve().then(noteChanges));
  const live = new Live();
  const tell = (event: LogEvent): void => events.add(event);
  const otherMachines = new OtherMachines({ log, tell, onChanged });
  const sessions = new SessionBoard({
    run,
    log,
    firstPort: options.sessionPort,
    directory: sessionDirectory,
    sender: options.sender,
    pathOf: (manifest, stream) =>
      images.streamPath(manifest.imageId, manifest.versionId, stream.name),
    onChanged,
  });
  const hostOf = (hostId: HostId): Host | undefined =>
    store.read().hosts.find(({ id }) => id === hostId);
  const waker = new Waker({
    log,
    hostOf,
    prospectOf: (hostId) => {
      const hasBuild = bootFiles === null || bootFiles.build !== null;
      return prospectOf({ store, live, hasBuild }, hostId);
    },
    subnets: () => options.site?.subnets ?? localSubnets(),
    send: sendPacket,
    onChanged,
    pace: options.wakePace ?? WAKE_PACE,
  });
  const work = new Work({
    store,
    images,
    live,
    tokens: await RunTokens.open(dataDirectory),
    sessions,
    log,
    graceMs: options.graceMs,
    keepVersions: options.keepVersions,
    onAbsent: (hostId) => {
      const host = hostOf(hostId);
      if (host !== undefined) waker.wake([host]);
    },
    tell,
    onChanged,
  });
  await work.resumeAfterRestart();
  const admission = new Admission({
    ...{ store, live, presence: work.presence },
    ...{ otherMachines, changes },
  });
  const runLogs = await RunLogs.open({
    dataDirectory,
    knownRuns: () => new Set(store.read().tasks.flatMap(({ runs }) => runs.map(({ id }) => id))),
  });
  let silent = 0;
  const listening = setInterval(() => {
    const before = silent;
    silent = live.silentCount;
    if (silent !== before) onChanged();
  }, SILENCE_MS);
  listening.unref();
  let couldNotEnd = false;
  const closingTime = setInterval(() => {
    endRegistration(store, Date.now()).then(
      (hasEnded) => {
        couldNotEnd = false;
        if (hasEnded) log.info({ event: 'registration-ended' }, 'automatic registration is over');
      },
      (error: unknown) => {
        if (!couldNotEnd) log.error({ event: 'fault', error }, 'ending automatic registration');
        couldNotEnd = true;
      },
    );
  }, CLOSING_MS);
  closingTime.unref();
  changes.listen(ARRIVALS_MS, () => {
    waker.forgetArrived();
    return Promise.resolve();
  });
  const startedAt = new Date().toISOString();

  const refusals = new Refusals(log);
  const connections = new Connections<ConnectionKey>(ENGINE_PORT_LIMITS, (address, reason) =>
    refusals.note('connection-refused', address, { reason }),
  );
  const engines = createHttpsServer(
    {
      cert: certificate.certificate,
      key: certificate.key,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_MS,
      connectionsCheckingInterval: HANDSHAKE_MS,
    },
    (request, response) => {
      const onKnown = (): void => connections.settle(keyOf(request.socket));
      answerData(request, response, {
        ...{ store, images, dataAccess: work.dataAccess },
        ...{ refusals, log, onKnown },
      }).catch((error: unknown) => log.error({ event: 'fault', error }, 'data channel'));
    },
  );
  // Uploads and downloads of images take as long as they take.
  engines.requestTimeout = 0;
  engines.headersTimeout = HANDSHAKE_MS;
  countConnections(engines, connections);
  const gate = new MessageGate({
    onRefused: (socket, reason) =>
      refusals.note('message-refused', addresses.get(socket) ?? 'socket', { reason }),
  });
  const addresses = new WeakMap<WebSocket, string>();
  const engineSockets = newWebSockets(ENGINE_LIMITS);
  const remoteSockets = newWebSockets(OPERATOR_LIMITS);
  routeUpgrades(engines, { [ENGINE_PATH]: engineSockets, [OPERATOR_PATH]: remoteSockets });
  const registrations = new Registrations();
  engineSockets.on('connection', (socket, request) => {
    const address = plainAddress(request.socket.remoteAddress ?? '');
    const key = keyOf(request.socket);
    addresses.set(socket, address);
    const connection = {
      address,
      limit: (limits: () => MessageLimits, onTooLong: () => void) =>
        gate.watch(socket, request.socket, limits, onTooLong),
      onKnown: () => connections.settle(key),
    };
    serveWorker(socket, connection, {
      ...{
        store,
        work,
        changes,
        runLogs,
        otherMachines,
        admission,
        neighbourOf,
        registrations,
      },
      ...{ refusals, log },
      heartbeatMs: options.heartbeatMs,
    });
  });

  const operators = createHttpServer();
  const operatorSockets = newWebSockets(OPERATOR_LIMITS);
  routeUpgrades(operators, { [OPERATOR_PATH]: operatorSockets });
  const clock = options.loginClock ?? ((): number => performance.now());
  const idleMs = (): number => store.read().settings.idleMinutes * 60_000;
  const loginRegistry = new LoginRegistry({ clock, idleMs });
  const logins: Logins = {
    registry: loginRegistry,
    throttle: new LoginThrottle(clock),
    checks: new OneAtATime(),
  };
  const expiring = setInterval(() => loginRegistry.expire(), EXPIRE_MS);
  expiring.unref();
  const api = new OperatorApi({
    ...{ store, images, live, otherMachines, work, sessions, waker, bootFiles, startedAt },
    ...{ changes, runLogs, log, events, logins },
  });
  operatorSockets.on('connection', (socket, request) => {
    serveOperator(socket, {
      ...{ api, refusals, log },
      origin: { type: 'socket' },
      onKnown: () => undefined,
      limit: (limits) => gate.watch(socket, request.socket, limits),
    });
  });
  const strangers = new Connections<WebSocket>(LOGIN_LIMITS, (address, reason) =>
    refusals.note('connection-refused', address, { reason }),
  );
  remoteSockets.on('connection', (socket, request) => {
    const address = plainAddress(request.socket.remoteAddress ?? '');
    const key = keyOf(request.socket);
    addresses.set(socket, address);
    const isRoom = strangers.admit(socket, address, (reason) => {
      // Who is refused may go on sending.
      socket.on('error', () => undefined);
      socket.close(TRY_AGAIN_LATER, `${reason} wait for a login`);
      setTimeout(() => socket.terminate(), 1000).unref();
    });
    socket.once('close', () => strangers.release(socket));
    if (!isRoom) return;
    const patience = setTimeout(() => socket.terminate(), PATIENCE_MS);
    patience.unref();
    serveOperator(socket, {
      ...{ api, refusals, log },
      origin: { type: 'network', address },
      limit: (limits) => gate.watch(socket, request.socket, limits),
      onKnown: () => {
        clearTimeout(patience);
        strangers.release(socket);
        connections.settle(key);
      },
    });
  });

  const httpFiles = options.site === null ? null : httpFileServer(options.site, log, refusals);
  const where = {
    addresses: listenAddresses(options),
    isFixed: options.listenAddress !== null,
    log,
  };
  const doors: Door[] = [];
  const stop = async (): Promise<void> => {
    for (const door of doors) door.close();
    waker.close();
    await bootFiles?.close();
    work.close();
    sessions.close('the server was stopped');
    for (const engine of live.workers) engine.close('the server stops');
    clearInterval(expiring);
    clearInterval(listening);
    clearInterval(closingTime);
    gate.close();
    refusals.close();
    await closeAll(engines, engineSockets, remoteSockets);
    await closeAll(operators, operatorSockets);
    if (httpFiles !== null) await closeAll(httpFiles);
  };
  try {
    doors.push(await listenOnTcp(engines, { ...where, port: options.port, whom: 'engines' }));
    if (options.site !== null && httpFiles !== null) {
      const port = options.site.httpPort;
      doors.push(await listenOnTcp(httpFiles, { ...where, port, whom: 'boot loaders' }));
    }
    await listenOnSocket(operators, options.socketPath, options.socketGroup, log);
  } catch (error) {
    await stop();
    throw error;
  }
  log.info(
    {
      event: 'ready',
      address: where.addresses.join(', '),
      port: options.port,
      socket: options.socketPath,
    },
    'ready',
  );
  waker.wake(hostsToWakeAgain(store.read(), Date.now()));
  return {
    close: async () => {
      await stop();
      noteChanges();
      await events.close();
      images.close();
      await store.close();
      log.info({ event: 'stopped' }, 'stopped');
    },
  };
}

/** From a connection to what TLS, and then HTTP, begin with. */
const HANDSHAKE_MS = 10_000;

/** How often idle logins are looked for. */
const EXPIRE_MS = 5000;

/** Towards cards that no subnet names nobody of ours is. */
function listenAddresses({ listenAddress, site }: ServerOptions): string[] {
  if (listenAddress !== null) return [listenAddress];
  if (site === null) return ['0.0.0.0'];
  return [...new Set(['127.0.0.1', ...site.subnets.map(({ serverAddress }) => serverAddress)])];
}

/** How often a new build of the root file system is looked for. */
const BUILD_POLL_MS = 5000;

/** Boot files that follow the store; null without a site. */
async function keepBootFiles(
  { site, log }: ServerOptions,
  store: Store,
  onChanged: () => void,
): Promise<BootFiles | null> {
  if (site === null) return null;
  const read = (): StoreData => store.read();
  const bootFiles = new BootFiles({ site, read, pollMs: BUILD_POLL_MS, log, onChanged });
  await bootFiles.start();
  return bootFiles;
}

async function closeAll(
  server: HttpServer | HttpsServer,
  ...sockets: readonly WebSocketServer[]
): Promise<void> {
  for (const each of sockets) {
    for (const socket of each.clients) socket.terminate();
    each.close();
  }
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
