/** An engine that does what the test says over the real protocol. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type RequestOptions } from 'node:https';
import { WebSocket } from 'ws';
import { EngineInstanceId, EngineSecret, type HostId, type RunId } from '../../lib/model/ids.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import { ANSWERS_NOTHING } from '../../lib/protocol/answering.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
  type EngineNotifications,
  type RunEvent,
} from '../../lib/protocol/engine-api.ts';
import { Peer } from '../../lib/protocol/peer.ts';
import { ENGINE_PATH, ENGINE_PROTOCOL_VERSION, TOKEN_HEADER } from '../../lib/protocol/version.ts';
import { STREAMS, type SampleStreams } from './image-store/sample-manifest.ts';
import { capturedDisk, operationEnded } from '../support/run-events.ts';
import { sampleHost } from './store/sample-data.ts';

type NoMethods = Readonly<Record<string, never>>;

type ServerPeer = Peer<EngineMethods, NoMethods, EngineNotifications>;

export type Answer = { readonly status: number; readonly headers: unknown; readonly body: Buffer };

/** How many engines were started: each has an id of its own. */
let starts = 0;

/** What an engine needs of the server that it connects to. */
type EngineServer = {
  readonly port: number;
  pinned(): Promise<RequestOptions>;
  data(options: RequestOptions, body?: Buffer): Promise<Answer>;
};

/** An engine that does what the test says over the real protocol. */
export class TestEngine {
  readonly peer: ServerPeer;
  readonly systemInfo: SystemInfo;
  readonly #server: EngineServer;
  /** What the server pushed: "work", "cancel RUN OUTCOME" or "host NAME APPROVAL". */
  readonly pushed: string[] = [];
  instanceId = EngineInstanceId.parse(`engine-${String((starts += 1)).padStart(10, '0')}`);
  /** Of this boot of the host; undefined: an engine of version 0.2, which has none. */
  secret: EngineSecret | undefined = EngineSecret.parse(randomBytes(32).toString('hex'));
  protocolVersion = ENGINE_PROTOCOL_VERSION;
  /** What it says it is. */
  worker: HostWorkerKind = 'engine';
  /** The run that it works on. */
  activeRunId: RunId | null = null;
  /** How often the server asked whether it is there. */
  pings = 0;
  #wake: (() => void)[] = [];
  hostId: HostId | null = null;

  private constructor(server: EngineServer, socket: WebSocket, systemInfo: SystemInfo) {
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
    server: EngineServer,
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
      worker: this.worker,
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
      worker: this.worker,
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
