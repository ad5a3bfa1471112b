/** A server that answers the operators' calls as a test says, over the real protocol on a real socket. */

import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { runCommandLine } from '../../cli/program.ts';
import { run, type RunResult } from '../../lib/exec/run.ts';
import { OperatorError } from '../../lib/errors.ts';
import { answering } from '../../lib/protocol/answering.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { Status } from '../../lib/model/status.ts';
import {
  OPERATOR_NOTIFICATIONS,
  type OperatorNotifications,
  type InventoryChange,
} from '../../lib/protocol/operator-api/status.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import { sampleStatus } from '../support/servers.ts';
import { until } from '../support/wait.ts';

type NoMethods = Readonly<Record<string, never>>;
type OperatorPeer = Peer<NoMethods, OperatorNotifications, NoMethods>;

export type SmallServer = {
  readonly socketPath: string;
  /** What was called, in order, without server.hello. */
  readonly calls: { readonly name: string; readonly params: unknown }[];
  /** Sends a status to everybody who is connected. */
  readonly tell: (status: Status) => void;
  /** Sends what changed of the hosts to everybody who is connected. */
  readonly tellInventory: (change: InventoryChange) => void;
  /** Ends all connections and listens no more. */
  readonly close: () => Promise<void>;
};

export async function startSmallServer(
  socketPath: string,
  handlers: Partial<Handlers<OperatorMethods>>,
): Promise<SmallServer> {
  const calls: SmallServer['calls'] = [];
  const peers = new Set<OperatorPeer>();
  const all: Handlers<OperatorMethods> = {
    ...REFUSALS,
    'server.hello': () => Promise.resolve(sampleStatus([]).server),
    ...handlers,
  };
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    const peer: OperatorPeer = new Peer(socket, {
      answers: answering({
        methods: OPERATOR_METHODS,
        caller: [],
        handlers: recording(all, calls),
      }),
      calls: {},
      sends: OPERATOR_NOTIFICATIONS,
      hears: { notifications: {}, listeners: {} },
      heartbeatMs: 10_000,
      onFault: () => undefined,
    });
    peers.add(peer);
    void peer.closed.then(() => peers.delete(peer));
  });
  await new Promise<void>((resolve) => http.listen(socketPath, resolve));
  return {
    socketPath,
    calls,
    tell: (status) => {
      for (const peer of peers) peer.notify('status', status);
    },
    tellInventory: (change) => {
      for (const peer of peers) peer.notify('inventory', change);
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

/** Gives `work` a server and its socket, and removes both. */
export async function withSmallServer(
  handlers: Partial<Handlers<OperatorMethods>>,
  work: (server: SmallServer) => Promise<void>,
): Promise<void> {
  await withSocketPath(async (socketPath) => {
    const server = await startSmallServer(socketPath, handlers);
    try {
      await work(server);
    } finally {
      await server.close();
    }
  });
}

export async function withSocketPath(work: (path: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-cli-'));
  try {
    await work(join(directory, 'server.sock'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export const CLI_PROGRAM = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/**
 * Runs a command as cli/main.ts does, in this process, which saves the start of a program. `typed` is what a person
 * types; without it there is no terminal, but what is `piped`. Fails when the command leaves what would keep its program from ending.
 */
export async function runCli(
  socketPath: string,
  args: readonly string[],
  { typed, piped = '' }: { readonly typed?: string; readonly piped?: string | Buffer } = {},
): Promise<Said> {
  process.env['TZ'] = 'UTC';
  const said = { stdout: '', stderr: '' };
  const isTTY = typed !== undefined;
  const before = activeResources();
  const exitStatus = await runCommandLine({
    args,
    environment: { LC_ALL: 'C', OPENCLONE_SOCKET: socketPath },
    stdin: Object.assign(Readable.from([Buffer.from(typed ?? piped)]), { isTTY }),
    stdout: Object.assign(
      writing((text) => (said.stdout += text)),
      { isTTY },
    ),
    stderr: Object.assign(
      writing((text) => (said.stderr += text)),
      { isTTY },
    ),
    operator: 'root',
    onInterrupt: () => () => undefined,
  });
  const left = (): string[] =>
    [...activeResources()].flatMap(([kind, count]) =>
      count > (before.get(kind) ?? 0) ? [`${count - (before.get(kind) ?? 0)} ${kind}`] : [],
    );
  await until('nothing of the command is left', () => left().length === 0, {
    found: () => left().join(', '),
  });
  return { ...said, exitStatus };
}

/** Runs the real program with this server, without a terminal. */
export function runProgram(
  socketPath: string,
  args: readonly string[],
  options: { readonly input?: string | Buffer } = {},
): Promise<RunResult> {
  return run(process.execPath, [CLI_PROGRAM, ...args], {
    env: { OPENCLONE_SOCKET: socketPath, TZ: 'UTC' },
    allowedStatuses: ALL_STATUSES,
    ...options,
  });
}

/** Runs the real program on a terminal (script(1)) and types `input`; what it shows is in stdout. */
export function runProgramOnTerminal(
  socketPath: string,
  args: readonly string[],
  input: string,
): Promise<RunResult> {
  const command = [process.execPath, CLI_PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  return run('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { OPENCLONE_SOCKET: socketPath, TZ: 'UTC', TERM: 'xterm' },
    allowedStatuses: ALL_STATUSES,
    input,
  });
}

type Said = Pick<RunResult, 'stdout' | 'stderr' | 'exitStatus'>;

/** What keeps a program from ending, by kind. */
function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function writing(write: (text: string) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk.toString());
      done();
    },
  });
}

const ALL_STATUSES = Array.from({ length: 256 }, (_, status) => status);

function recording(
  handlers: Handlers<OperatorMethods>,
  calls: SmallServer['calls'],
): Handlers<OperatorMethods> {
  return new Proxy(handlers, {
    get: (target, name) => {
      const handler: unknown = Reflect.get(target, name);
      if (typeof handler !== 'function') return handler;
      return (params: unknown): unknown => {
        if (name !== 'server.hello') calls.push({ name: String(name), params });
        return Reflect.apply(handler, target, [params]);
      };
    },
  });
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new OperatorError({
      code: 'not-found',
      message: 'finding what this test does not have: there is none',
      hint: 'Look elsewhere.',
    }),
  );

const REFUSALS: Handlers<OperatorMethods> = {
  'server.hello': refuse,
  'status.get': refuse,
  'status.watch': refuse,
  'host.list': refuse,
  'host.resolve': refuse,
  'host.show': refuse,
  'host.edit': refuse,
  'host.editMany': refuse,
  'host.add': refuse,
  'host.approve': refuse,
  'host.clear': refuse,
  'settings.get': refuse,
  'settings.set': refuse,
  'boot.refresh': refuse,
  'host.acceptMachine': refuse,
  'host.delete': refuse,
  'host.wake': refuse,
  'group.list': refuse,
  'group.show': refuse,
  'group.create': refuse,
  'group.edit': refuse,
  'group.delete': refuse,
  'image.list': refuse,
  'image.show': refuse,
  'image.verify': refuse,
  'image.rename': refuse,
  'image.protect': refuse,
  'image.delete': refuse,
  'task.list': refuse,
  'task.show': refuse,
  'task.cancel': refuse,
  'task.putAway': refuse,
  'run.log': refuse,
  'task.create': refuse,
  'job.list': refuse,
  'job.show': refuse,
  'job.create': refuse,
  'job.keep': refuse,
  'job.edit': refuse,
  'job.delete': refuse,
  'job.start': refuse,
  'job.history': refuse,
  'operator.list': refuse,
  'operator.add': refuse,
  'operator.password': refuse,
  'operator.delete': refuse,
  'operator.rename': refuse,
  'operator.login': refuse,
  'operator.logout': refuse,
  'operator.present': refuse,
  'inventory.watch': refuse,
  'log.watch': refuse,
  'session.start': refuse,
};
