/** The real server, started in a directory of its own, with engines and operators that really connect to it. */

import assert from 'node:assert/strict';
import { randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { connectOperator, type OperatorClient } from '../../lib/client/operator-client.ts';
import { EngineInstanceId, EngineSecret, type HostId, type RunId } from '../../lib/model/ids.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import type { Site } from '../../lib/model/site.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import { ANSWERS_NOTHING } from '../../lib/protocol/answering.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
  type EngineNotifications,
  type RunEvent,
} from '../../lib/protocol/engine-api.ts';
import type { Status } from '../../lib/model/status.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import { ENGINE_PATH, ENGINE_PROTOCOL_VERSION, TOKEN_HEADER } from '../../lib/protocol/version.ts';
import { startServer, type Server } from '../../server/compose.ts';
import type { ServerOptions } from '../../server/server-options.ts';
import { captureLog, type CapturedLog } from './captured-log.ts';
import { STREAMS, type SampleStreams } from './image-store/sample-manifest.ts';
import { capturedDisk, operationEnded } from './sample-room.ts';
import { sampleHost } from './store/sample-data.ts';
import { captureTask } from '../support/task-requests.ts';
import { withDirectory } from '../support/directories.ts';

type NoMethods = Readonly<Record<string, never>>;
type ServerPeer = Peer<EngineMethods, NoMethods, EngineNotifications>;

export type Answer = { readonly status: number; readonly headers: unknown; readonly body: Buffer };

/** How many engines were started: each has an id of its own. */
let starts = 0;

/** An engine that does what the test says over the real protocol. */
export class TestEngine {
  readonly peer: ServerPeer;
  readonly systemInfo: SystemInfo;
  readonly #server: RunningServer;
  /** What the server pushed: "work", "cancel RUN OUTCOME" or "host NAME APPROVAL". */
  readonly pushed: string[] = [];
  instanceId = EngineInstanceId.parse(`engine-${String((starts += 1)).padStart(10, '0')}`);
  /** Of this boot of the host; undefined: an engine of version 0.2, which has none. */
  secret: EngineSecret | undefined = EngineSecret.parse(randomBytes(32).toString('hex'));
  protocolVersion = ENGINE_PROTOCOL_VERSION;
  /** The run that it works on. */
  activeRunId: RunId | null = null;
  /** How often the server asked whether it is there. */
  pings = 0;
  #wake: (() => void)[] = [];
  hostId: HostId | null = null;

  private constructor(server: RunningServer, socket: WebSocket, systemInfo: SystemInfo) {
    this.#server = server;
    this.systemInfo = systemInfo;
    const push = (text: string): void => {
      this.pushed.push(text);
      for (const wake of this.#wake) wake();
      this.#wake = [];
    };
    socket.on('ping', () => (this.pings += 1));
    this.peer = new Peer(socket, {
      answers: ANSWERS_NOTHING,
      calls: ENGINE_METHODS,
      sends: {},
      hears: {
        notifications: ENGINE_NOTIFICATIONS,
        listeners: {
          workAvailable: () => push('work'),
          cancel: ({ runId, outcome }) => push(`cancel ${runId} ${outcome}`),
          hostChanged: ({ hostName, approval }) => push(`host ${hostName} ${approval}`),
        },
      },
      heartbeatMs: 60_000,
      onFault: (what, error) => assert.fail(`${what}: ${String(error)}`),
    });
  }

  /** Connects as host number `index`, without a call yet. */
  static async connect(
    server: RunningServer,
    index: number,
    { isMute = false }: { readonly isMute?: boolean } = {},
  ): Promise<TestEngine> {
    const { systemInfo } = sampleHost(index);
    assert.ok(systemInfo !== null);
    const socket = new WebSocket(`wss://127.0.0.1:${server.port}${ENGINE_PATH}`, {
      ...(await server.pinned()),
      perMessageDeflate: false,
      autoPong: !isMute,
    });
    await once(socket, 'open');
    return new TestEngine(server, socket, systemInfo);
  }

  async register(protocolVersion = this.protocolVersion): Promise<HostId> {
    const { hostId } = await this.peer.call('register', {
      protocolVersion,
      programVersion: '0.1.0',
      macAddresses: this.systemInfo.interfaces.map(({ mac }) => mac),
      systemInfo: this.systemInfo,
    });
    this.hostId = hostId;
    return hostId;
  }

  async logon(hostId: HostId, protocolVersion = this.protocolVersion): Promise<boolean> {
    const { continueRun } = await this.peer.call('logon', {
      protocolVersion,
      hostId,
      macAddresses: this.systemInfo.interfaces.map(({ mac }) => mac),
      instanceId: this.instanceId,
      ...(this.secret === undefined ? {} : { secret: this.secret }),
      systemInfo: this.systemInfo,
      activeRunId: this.activeRunId,
    });
    return continueRun;
  }

  /** Resolves when the server has pushed `text`. */
  async heard(text: string): Promise<void> {
    while (!this.pushed.includes(text)) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async nextWork(): Promise<WorkOperation> {
    const operation = await this.peer.call('nextOperation', {});
    if (operation.type === 'idle' || operation.type === 'restart')
      throw new assert.AssertionError({ message: `no work: ${operation.type}` });
    return operation;
  }

  async report(runId: RunId, firstSequence: number, ...events: RunEvent[]): Promise<number> {
    const answer = await this.peer.call('statusUpdate', {
      runId,
      firstSequence,
      events,
      progress: null,
    });
    return answer.acknowledgedSequence;
  }

  /** Sends all of `streams` and the image they make. */
  async capture(runId: RunId, token: string, streams: SampleStreams = STREAMS): Promise<void> {
    const description = Buffer.from(JSON.stringify(capturedDisk(streams)));
    const parts = Object.entries(streams).map(
      ([name, content]) => [`streams/${name}`, content] as const,
    );
    for (const [path, content] of [...parts, ['description', description] as const]) {
      const { status } = await this.#server.data(
        {
          method: 'PUT',
          path: `/runs/${runId}/${path}`,
          headers: { [TOKEN_HEADER]: token },
        },
        content,
      );
      assert.equal(status, 200);
    }
    await this.report(
      runId,
      1,
      { type: 'captured' },
      operationEnded('completed', { diskOutcome: 'untouched' }),
    );
  }
}

export class RunningServer {
  readonly directory: string;
  readonly port: number;
  readonly captured: CapturedLog = captureLog();
  readonly #clients: OperatorClient[] = [];
  readonly #engines: TestEngine[] = [];
  /** How it boots hosts; null: not at all. Read at the next start. */
  site: Site | null = null;
  /** How much older logins are than they seem. */
  loginAgeMs = 0;
  /** Where the clock of logins stands still; null: it goes. */
  loginStoppedAt: number | null = null;
  /** Read at the next start. */
  heartbeatMs = 60_000;
  graceMs = 3_600_000;
  #server: Server | null = null;

  constructor(directory: string, port: number) {
    this.directory = directory;
    this.port = port;
  }

  get options(): ServerOptions {
    return {
      dataDirectory: join(this.directory, 'data'),
      imageDirectory: join(this.directory, 'images'),
      socketPath: join(this.directory, 'server.sock'),
      socketGroup: 'daemon',
      listenAddress: '127.0.0.1',
      port: this.port,
      sessionPort: 19_000,
      sender: { retriesUntilDrop: 5, ttl: 1, maxBitsPerSecond: null },
      heartbeatMs: this.heartbeatMs,
      graceMs: this.graceMs,
      keepVersions: 2,
      site: this.site,
      loginClock: () => (this.loginStoppedAt ?? performance.now()) + this.loginAgeMs,
      log: this.captured.log,
    };
  }

  async start(): Promise<void> {
    this.#server = await startServer(this.options);
    await this.setAutomaticRegistration(true);
  }

  /** Another server beside the running one, which differs in `options` and in where it listens. */
  async startSecond(options: Partial<ServerOptions>): Promise<void> {
    const second = await startServer({
      ...this.options,
      port: await freePort(),
      socketPath: join(this.directory, 'second.sock'),
      ...options,
    });
    await second.close();
  }

  /** On from the first start, unless a test wants it otherwise. */
  async setAutomaticRegistration(automaticRegistration: boolean): Promise<void> {
    const { call, close } = await connectOperator({
      socketPath: this.options.socketPath,
      operator: 'eva',
    });
    await call('settings.set', { automaticRegistration });
    close();
  }

  async stop(): Promise<void> {
    for (const { close } of this.#clients.splice(0)) close();
    for (const { peer } of this.#engines.splice(0)) peer.close('done');
    await this.#server?.close();
    this.#server = null;
  }

  async operator(onStatus?: (status: Status) => void): Promise<OperatorClient> {
    const client = await connectOperator({
      socketPath: this.options.socketPath,
      operator: 'eva',
      ...(onStatus === undefined ? {} : { onStatus }),
    });
    this.#clients.push(client);
    return client;
  }

  /** An engine that is connected; a mute one answers no ping, as a host that has lost its power. */
  async engine(index: number, options: { readonly isMute?: boolean } = {}): Promise<TestEngine> {
    const engine = await TestEngine.connect(this, index, options);
    this.#engines.push(engine);
    return engine;
  }

  /** An engine that is registered and logged on. */
  async readyEngine(index: number): Promise<TestEngine & { hostId: HostId }> {
    const engine = await this.engine(index);
    const hostId = await engine.register();
    await engine.logon(hostId);
    return Object.assign(engine, { hostId });
  }

  /** The same start of an engine over a new connection, not logged on yet. */
  async again(before: TestEngine, index: number): Promise<TestEngine> {
    const { instanceId, secret, activeRunId, hostId } = before;
    return Object.assign(await this.engine(index), { instanceId, secret, activeRunId, hostId });
  }

  /** An image "win11", captured from host 1 over the real data channel. */
  async captureImage(engine: TestEngine & { hostId: HostId }): Promise<void> {
    const operator = await this.operator();
    await operator.call(
      'task.create',
      captureTask({
        host: engine.hostId,
        disk: { type: 'only' },
        imageName: 'win11',
        compression: 'zstd',
        afterwards: null,
      }),
    );
    const { runId, token } = await engine.nextWork();
    await engine.capture(runId, token);
  }

  /** What makes a client accept this server's certificate and no other. */
  async pinned(): Promise<RequestOptions> {
    const certificate = await readFile(join(this.directory, 'data/tls/server.crt'), 'utf8');
    const { fingerprint256 } = new X509Certificate(certificate);
    return {
      ca: certificate,
      servername: 'openclone',
      checkServerIdentity: (_, { raw }) =>
        new X509Certificate(raw).fingerprint256 === fingerprint256
          ? undefined
          : new Error('another certificate'),
    };
  }

  /** One request on the data channel. */
  async data(options: RequestOptions, body?: Buffer): Promise<Answer> {
    const pinned = await this.pinned();
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        { ...pinned, ...options, host: '127.0.0.1', port: this.port, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** Gives `use` a running server and stops and removes it, whatever happens. */
export async function withServer(use: (server: RunningServer) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const server = new RunningServer(directory, await freePort());
    try {
      await server.start();
      await use(server);
    } finally {
      await server.stop();
    }
  });
}

/** A TCP port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  assert.ok(typeof address === 'object' && address !== null);
  await new Promise((resolve) => probe.close(resolve));
  return address.port;
}
