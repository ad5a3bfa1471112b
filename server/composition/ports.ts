/** Where the server is reached: the port for workers and operators, the boot loaders' port, the operators' socket. */

import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { WebSocket, WebSocketServer } from 'ws';
import { run } from '../../lib/exec/run.ts';
import { endText, toldEnd } from '../../lib/protocol/connection-end.ts';
import { OperatorApi } from '../api/operator-api.ts';
import { httpFileServer } from '../boot/http-files.ts';
import { repeating, type Component, type Components } from '../components.ts';
import { Admission } from '../connections/admission.ts';
import { operatorSocket } from '../connections/operator-socket.ts';
import { tlsPort } from '../connections/tls-port.ts';
import { neighbourOf } from '../hosts/neighbours.ts';
import { Registrations } from '../hosts/registrations.ts';
import type { Logins } from '../login/identity.ts';
import { LoginRegistry } from '../login/login-registry.ts';
import { passwordChecks } from '../login/password-checks.ts';
import { LoginThrottle } from '../login/throttle.ts';
import { loadCertificate } from '../net/certificate.ts';
import { closeServer } from '../net/close-server.ts';
import { listenOnTcp, type Door } from '../net/listen-tcp.ts';
import { MessageGate } from '../net/message-gate.ts';
import { Refusals } from '../net/refusals.ts';
import { listenOnSocket } from '../net/unix-socket.ts';
import type { ServerOptions } from '../server-options.ts';
import type { Store } from '../store/store.ts';
import type { Storage } from './storage.ts';
import type { WorkParts } from './work.ts';

/** How often idle logins are looked for. */
const EXPIRE_MS = 5000;

/** Starts to listen; the last of all, so that nobody is served by half a server. Returns the addresses. */
export async function startPorts(
  components: Components,
  options: ServerOptions,
  storage: Storage,
  parts: WorkParts,
): Promise<readonly string[]> {
  const { site, log, socketPath, socketGroup } = options;
  const refusals = await components.start({
    name: 'refusals',
    start: () => new Refusals(log),
    stop: (each) => each.close(),
  });
  const addressOf = new WeakMap<WebSocket, string>();
  const gate = await components.start({
    name: 'message gate',
    start: () =>
      new MessageGate({
        onRefused: (socket, end) => {
          const reason = endText(toldEnd(end));
          refusals.note('message-refused', addressOf.get(socket) ?? 'socket', { reason });
        },
      }),
    stop: (each) => each.close(),
  });
  const logins = await startLogins(components, options, storage.store);
  const startedAt = new Date().toISOString();
  const api = new OperatorApi({ ...storage, ...parts, logins, log, startedAt });
  const { work, connected } = parts;
  const certificate = await loadCertificate(run, options.dataDirectory);
  const port = tlsPort({
    ...storage,
    ...parts,
    api,
    certificate,
    gate,
    refusals,
    log,
    neighbourOf,
    admission: new Admission({ ...storage, ...parts, presence: work.presence }),
    registrations: new Registrations(),
    dataAccess: work.dataAccess,
    heartbeatMs: options.heartbeatMs,
    onAddress: (socket, address) => addressOf.set(socket, address),
  });
  const addresses = listenAddresses(options);
  const where = { addresses, isFixed: options.listenAddress !== null, log };
  await components.start(
    listening('TLS port', port, {
      listen: () => listenOnTcp(port.server, { ...where, port: options.port, whom: 'engines' }),
      beforeEnd: () => {
        for (const worker of connected.workers) worker.close('end.server-stops');
      },
    }),
  );
  if (site !== null) {
    const server = httpFileServer(site, log, refusals);
    const whom = 'boot loaders';
    await components.start(
      listening(
        'boot loaders’ port',
        { server, sockets: [] },
        {
          listen: () => listenOnTcp(server, { ...where, port: site.httpPort, whom }),
        },
      ),
    );
  }
  const socket = operatorSocket({ api, gate, refusals, log });
  await components.start(
    listening('operators’ socket', socket, {
      listen: async () => {
        await listenOnSocket(socket.server, socketPath, socketGroup, log);
        return null;
      },
    }),
  );
  return addresses;
}

async function startLogins(
  components: Components,
  options: ServerOptions,
  store: Store,
): Promise<Logins> {
  const clock = options.loginClock ?? ((): number => performance.now());
  const idleMs = (): number => store.read().settings.idleMinutes * 60_000;
  const registry = new LoginRegistry({ clock, idleMs });
  await components.start(repeating('end of idle logins', EXPIRE_MS, () => registry.expire()));
  return { registry, throttle: new LoginThrottle(clock), checks: passwordChecks() };
}

/** A server that listens while it is started. */
function listening(
  name: string,
  {
    server,
    sockets,
  }: {
    readonly server: HttpServer | HttpsServer;
    readonly sockets: readonly WebSocketServer[];
  },
  {
    listen,
    beforeEnd,
  }: { readonly listen: () => Promise<Door | null>; readonly beforeEnd?: () => void },
): Component<Door | null> {
  return {
    name,
    start: async () => {
      try {
        return await listen();
      } catch (error) {
        // It may listen at one of several addresses.
        await closeServer(server, ...sockets);
        throw error;
      }
    },
    stop: async (door) => {
      door?.close();
      beforeEnd?.();
      await closeServer(server, ...sockets);
    },
  };
}

/** Towards cards that no subnet names nobody of ours is. */
function listenAddresses({ listenAddress, site }: ServerOptions): string[] {
  if (listenAddress !== null) return [listenAddress];
  if (site === null) return ['0.0.0.0'];
  return [...new Set(['127.0.0.1', ...site.subnets.map(({ serverAddress }) => serverAddress)])];
}
