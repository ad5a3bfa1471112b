/** A server that answers an engine's calls as a test says, over the real protocol and real TLS. */

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TestContext } from 'node:test';
import { WebSocketServer } from 'ws';
import { ServerLink, type ServerLinkOptions } from '../../engine/server-link.ts';
import { run } from '../../lib/exec/run.ts';
import { openLog } from '../../lib/log.ts';
import { EngineInstanceId, EngineSecret, HostId } from '../../lib/model/ids.ts';
import { SystemInfo } from '../../lib/model/system-info.ts';
import { answering } from '../../lib/protocol/answering.ts';
import type { Handlers, Result } from '../../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
  type EngineNotifications,
  type HostStanding,
} from '../../lib/protocol/engine-api.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import { ENGINE_PATH } from '../../lib/protocol/version.ts';
import { loadCertificate, type Certificate } from '../../server/net/certificate.ts';
import { afterTest, scratchDirectory } from './scratch-disk.ts';

type NoMethods = Readonly<Record<string, never>>;
type EnginePeer = Peer<NoMethods, EngineNotifications, NoMethods>;

export type EngineServer = {
  readonly port: number;
  /** What was called, in order. */
  readonly calls: { readonly name: string; readonly params: unknown }[];
  /** Everybody who is connected now. */
  readonly peers: ReadonlySet<EnginePeer>;
  readonly sockets: WebSocketServer;
  /** Ends all connections at once, as when the network is cut. */
  readonly drop: () => void;
  /** Ends all connections and listens no more. */
  readonly close: () => Promise<void>;
};

export type EngineServerOptions = {
  readonly certificate: Certificate;
  readonly handlers?: Partial<Handlers<EngineMethods>>;
  /** The data channel; 404 when absent. */
  readonly onRequest?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Chosen by the kernel when absent. */
  readonly port?: number;
};

export const HOST_ID = HostId.parse('host-0000000001');

export const SYSTEM_INFO = SystemInfo.parse({
  hostname: 'room1-pc01',
  systemVendor: 'Example',
  systemModel: 'Desktop',
  systemSerial: null,
  firmware: 'bios',
  processors: [],
  memoryBytes: 4_000_000_000,
  interfaces: [
    { name: 'wlan0', mac: '52:54:00:77:00:02', addresses: [], linkUp: false, mbitPerSecond: null },
    { name: 'eth0', mac: '52:54:00:77:00:01', addresses: [], linkUp: true, mbitPerSecond: 1000 },
  ],
  disks: [],
  operatingSystems: [],
});

export const STANDING: HostStanding = {
  hostName: 'room1-pc01',
  approval: 'approved',
  halfWritten: null,
};

/** The reply to logon, but for `changes`. */
export function logonAnswer(
  changes: Partial<Result<EngineMethods, 'logon'>> = {},
): Result<EngineMethods, 'logon'> {
  const serverTime = new Date().toISOString();
  return { continueRun: true, heartbeatMs: 5000, standing: STANDING, serverTime, ...changes };
}

/** A new certificate and its key. */
export async function makeCertificate(t: TestContext): Promise<Certificate> {
  return loadCertificate(run, await scratchDirectory(t));
}

export async function startEngineServer(
  t: TestContext,
  { certificate, handlers, onRequest, port = 0 }: EngineServerOptions,
): Promise<EngineServer> {
  const calls: EngineServer['calls'] = [];
  const peers = new Set<EnginePeer>();
  const all: Handlers<EngineMethods> = {
    register: () => Promise.resolve({ hostId: HOST_ID, standing: STANDING }),
    logon: () => Promise.resolve(logonAnswer()),
    nextOperation: () => Promise.resolve({ type: 'idle' }),
    statusUpdate: ({ firstSequence, events }) =>
      Promise.resolve({ acknowledgedSequence: firstSequence + events.length - 1 }),
    logoff: () => Promise.resolve({}),
    ...handlers,
  };
  const https = createServer({
    cert: certificate.certificate,
    key: certificate.key,
    minVersion: 'TLSv1.3',
  });
  https.on('request', (request, response) => {
    if (onRequest !== undefined) onRequest(request, response);
    else response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ server: https, path: ENGINE_PATH });
  sockets.on('connection', (socket) => {
    const peer: EnginePeer = new Peer(socket, {
      answers: answering({
        methods: ENGINE_METHODS,
        caller: [],
        handlers: recording(all, calls),
      }),
      calls: {},
      sends: ENGINE_NOTIFICATIONS,
      hears: { notifications: {}, listeners: {} },
      heartbeatMs: 10_000,
      onFault: () => undefined,
    });
    peers.add(peer);
    void peer.closed.then(() => peers.delete(peer));
  });
  https.listen(port, '127.0.0.1');
  await once(https, 'listening');
  const drop = (): void => {
    for (const socket of sockets.clients) socket.terminate();
    https.closeAllConnections();
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => https.close(() => resolve()));
    drop();
    return closing;
  };
  afterTest(t, close);
  return { port: portOf(https), calls, peers, sockets, drop, close };
}

/** A link to `server`, connected and reconnected until the test ends. */
export function startLink(
  t: TestContext,
  options: { readonly port: number; readonly certificate: Certificate } & Partial<
    Omit<ServerLinkOptions, 'certificate'>
  >,
): ServerLink {
  const { certificate, ...others } = options;
  const link = new ServerLink({
    host: '127.0.0.1',
    instanceId: EngineInstanceId.parse('engine-0000000001'),
    secret: () => EngineSecret.parse('5'.repeat(64)),
    systemInfo: () => Promise.resolve(SYSTEM_INFO),
    activeRunId: () => null,
    bootInterface: null,
    log: SILENT_LOG,
    onOffline: () => undefined,
    onStanding: () => undefined,
    onServerTime: () => Promise.resolve(),
    onOnline: () => undefined,
    onWorkAvailable: () => undefined,
    onCancel: () => undefined,
    ...others,
    certificate: certificate.certificate,
  });
  const ended = link.keepConnected();
  afterTest(t, () => {
    link.close('end.done');
    return ended;
  });
  return link;
}

export const SILENT_LOG = openLog('info').child({}, { level: 'silent' });

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not listening');
  return address.port;
}

function recording(
  handlers: Handlers<EngineMethods>,
  calls: EngineServer['calls'],
): Handlers<EngineMethods> {
  return new Proxy(handlers, {
    get: (target, name) => {
      const handler: unknown = Reflect.get(target, name);
      if (typeof handler !== 'function') return handler;
      return (params: unknown): unknown => {
        calls.push({ name: String(name), params });
        return Reflect.apply(handler, target, [params]);
      };
    },
  });
}
