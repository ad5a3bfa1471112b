/** The real server, started in a directory of its own, with engines and operators that really connect to it. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { connectOperator, type OperatorClient } from '../../lib/client/operator-client.ts';
import { type HostId } from '../../lib/model/ids.ts';
import type { Site } from '../../lib/model/site.ts';
import type { Status } from '../../lib/model/status.ts';
import { startServer, type Server } from '../../server/compose.ts';
import type { ServerOptions } from '../../server/server-options.ts';
import { captureLog, type CapturedLog } from './captured-log.ts';
import { captureTask } from '../support/task-requests.ts';
import { withDirectory } from '../support/directories.ts';
import { TestEngine, type Answer } from './test-engine.ts';
import { freePort } from '../support/ports.ts';

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
    for (const { peer } of this.#engines.splice(0)) peer.close('end.done');
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
