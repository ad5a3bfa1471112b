/** The engine's connection to the server: made again whenever it is lost, for as long as the engine runs. */

import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { ClientRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { OperatorError } from '../lib/errors.ts';
import type { EngineInstanceId, EngineSecret, HostId, RunId } from '../lib/model/ids.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { SystemInfo } from '../lib/model/system-info.ts';
import { ANSWERS_NOTHING } from '../lib/protocol/answering.ts';
import { ConnectionEnded, endText, type ToldEnd } from '../lib/protocol/connection-end.ts';
import type { ParamsIn, Result } from '../lib/protocol/contract.ts';
import {
  CALLS_OF_ENGINE,
  ENGINE_NOTIFICATIONS,
  type EngineNotifications,
  type HostStanding,
} from '../lib/protocol/engine-api.ts';
import { MAX_MESSAGE_BYTES, Peer } from '../lib/protocol/peer.ts';
import { ENGINE_PATH, ENGINE_PROTOCOL_VERSION, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import type { Log } from '../lib/log.ts';
import type { StopOutcome } from './abort.ts';
import { macAddressesOf } from './boot-interface.ts';
import { PinnedAgent } from './pinned-agent.ts';

type EngineCalls = typeof CALLS_OF_ENGINE;
type NoMethods = Readonly<Record<string, never>>;
type ServerPeer = Peer<EngineCalls, NoMethods, EngineNotifications>;

/** Waits between attempts to connect: short at first, so that a restarted server is found within a second. */
const FIRST_RETRY_MS = 300;
/** While a run is under way the server gives it up after its grace time: it is looked for more often. */
const LAST_RETRY_BUSY_MS = 4000;
const LAST_RETRY_IDLE_MS = 15_000;
/** By how much a wait differs at random, up or down: a room of hosts does not come back all at once. */
const JITTER = 0.3;
const CONNECT_TIMEOUT_MS = 10_000;

export type ServerLinkOptions = {
  readonly host: string;
  readonly port: number;
  /** PEM of the only certificate that is accepted. */
  readonly certificate: string;
  readonly instanceId: EngineInstanceId;
  /** Proves to the server that it is still this boot of the host. */
  readonly secret: () => EngineSecret;
  /** Asked again at every logon, since work changes the disks. */
  readonly systemInfo: () => Promise<SystemInfo>;
  /** The run this engine works on now. */
  readonly activeRunId: () => RunId | null;
  /** The interface that the host booted from: named first. */
  readonly bootInterface: MacAddress | null;
  readonly log: Log;
  readonly onOnline: () => void;
  /** Called after each failed attempt, and when a connection is lost. */
  readonly onOffline: (problem: unknown, attempts: number) => void;
  /** Told at every logon, and when the server says that something changed. */
  readonly onStanding: (standing: HostStanding) => void;
  readonly onServerTime: (epochMs: number) => Promise<void>;
  readonly onWorkAvailable: () => void;
  readonly onCancel: (runId: RunId, outcome: StopOutcome, reason: string) => void;
};

export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #agent: PinnedAgent;
  #peer: ServerPeer | null = null;
  #waiters: (() => void)[] = [];
  #hostId: HostId | null = null;
  /** The look at this host for the attempt before: the server waits 10 s for its first call, a slow host looks longer. */
  #unusedLook: Promise<SystemInfo> | null = null;
  readonly #closed = new AbortController();

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#agent = new PinnedAgent(options.certificate);
  }

  /** Connects and reconnects until `close`. Never rejects. */
  async keepConnected(): Promise<void> {
    const { log, onOffline } = this.#options;
    let attempts = 0;
    let said = '';
    while (!this.#closed.signal.aborted) {
      try {
        const peer = await this.#connect();
        attempts = 0;
        said = '';
        const end = await peer.closed;
        log.info({ event: 'offline', reason: endText(end) }, 'connection to the server lost');
        this.#peer = null;
        onOffline(new ConnectionEnded(end), attempts);
      } catch (error) {
        attempts += 1;
        // The log of a host that waits for days says each problem once.
        const problem = describe(error);
        if (problem !== said) log.warn({ event: 'connect-failed', error: problem }, 'no server');
        said = problem;
        onOffline(error, attempts);
      }
      await delay(this.#retryMs(attempts), this.#closed.signal);
    }
  }

  #retryMs(attempts: number): number {
    const longest = this.#options.activeRunId() === null ? LAST_RETRY_IDLE_MS : LAST_RETRY_BUSY_MS;
    const waitMs = Math.min(longest, FIRST_RETRY_MS * 2 ** Math.min(attempts, 20));
    return waitMs * (1 + JITTER * (2 * Math.random() - 1));
  }

  get isOnline(): boolean {
    return this.#peer !== null;
  }

  /**
   * Makes a call as soon as the engine is logged on. Rejects like Peer.call, with `connection-lost` only when the
   * connection is over: who tries again waits for the next one, and does not spin on this one while it closes.
   */
  async callOnceOnline<K extends keyof EngineCalls>(
    name: K,
    params: ParamsIn<EngineCalls, K>,
  ): Promise<Result<EngineCalls, K>> {
    const peer = await this.#online();
    try {
      return await peer.call(name, params);
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'connection-lost') await peer.closed;
      throw error;
    }
  }

  /** Resolves when the engine is logged on; rejects with `connection-lost` after `timeoutMs`. */
  async waitOnline(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = globalThis.setTimeout(() => {
        reject(
          new OperatorError({
            code: 'connection-lost',
            message: `waiting for the server at ${this.#options.host} to come back`,
            hint: 'See whether the server runs and the network is up, then start the task again.',
          }),
        );
      }, timeoutMs);
    });
    try {
      await Promise.race([this.#online(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells the server what the host looks like now, after work has changed its disks. */
  async refreshSystemInfo(): Promise<void> {
    this.#unusedLook = null;
    const peer = this.#peer;
    if (peer !== null) await this.#logOn(peer, await this.#options.systemInfo());
  }

  /** Begins a request on the data channel, to the pinned server only. */
  requestData(options: Pick<RequestOptions, 'method' | 'path' | 'headers'>): ClientRequest {
    const { host, port } = this.#options;
    return httpsRequest({ ...options, host, port, agent: this.#agent });
  }

  close(end: ToldEnd): void {
    this.#closed.abort();
    this.#peer?.close(end);
    this.#agent.destroy();
  }

  async #online(): Promise<ServerPeer> {
    while (this.#peer === null) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    return this.#peer;
  }

  async #connect(): Promise<ServerPeer> {
    const { host, port, log } = this.#options;
    const before = this.#unusedLook;
    this.#unusedLook = null;
    await before;
    const socket = new WebSocket(`wss://${host}:${port}${ENGINE_PATH}`, {
      agent: this.#agent,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    const peer: ServerPeer = new Peer(socket, {
      answers: ANSWERS_NOTHING,
      calls: CALLS_OF_ENGINE,
      sends: {},
      hears: {
        notifications: ENGINE_NOTIFICATIONS,
        listeners: {
          workAvailable: () => this.#options.onWorkAvailable(),
          hostChanged: (standing) => this.#options.onStanding(standing),
          cancel: ({ runId, outcome, reason }) => this.#options.onCancel(runId, outcome, reason),
        },
      },
      heartbeatMs: 5000,
      onFault: (what, error) => log.error({ event: 'fault', error: describe(error) }, what),
    });
    const look = before ?? this.#options.systemInfo();
    try {
      await this.#introduce(peer, await beforeItEnds(peer, look));
    } catch (error) {
      // It may have taken longer than the server waits. Never for a third attempt: what was seen gets old.
      if (before === null) this.#unusedLook = look;
      peer.close('end.refused');
      throw error;
    }
    if (this.#closed.signal.aborted) peer.close('end.done');
    return peer;
  }

  async #introduce(peer: ServerPeer, systemInfo: SystemInfo): Promise<void> {
    const { log, activeRunId, onCancel, onOnline, onServerTime } = this.#options;
    if (this.#hostId === null) await this.#register(peer, systemInfo);
    const active = activeRunId();
    const { continueRun, serverTime } = await this.#logOn(peer, systemInfo);
    await onServerTime(Date.parse(serverTime));
    if (active !== null && !continueRun) {
      onCancel(active, 'given-up', 'the server has given the run up');
    }
    this.#peer = peer;
    log.info({ event: 'online', host: this.#hostId }, 'logged on');
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
    onOnline();
  }

  async #register(peer: ServerPeer, systemInfo: SystemInfo): Promise<void> {
    const { hostId, standing } = await peer.call('register', {
      protocolVersion: ENGINE_PROTOCOL_VERSION,
      programVersion: PROGRAM_VERSION,
      worker: 'engine',
      macAddresses: macAddressesOf(systemInfo, this.#options.bootInterface),
      systemInfo,
    });
    this.#hostId = hostId;
    this.#options.onStanding(standing);
  }

  async #logOn(peer: ServerPeer, systemInfo: SystemInfo): Promise<Result<EngineCalls, 'logon'>> {
    if (this.#hostId === null) throw new TypeError('logging on before registering');
    try {
      const answer = await peer.call('logon', {
        protocolVersion: ENGINE_PROTOCOL_VERSION,
        hostId: this.#hostId,
        worker: 'engine',
        macAddresses: macAddressesOf(systemInfo, this.#options.bootInterface),
        instanceId: this.#options.instanceId,
        secret: this.#options.secret(),
        systemInfo,
        activeRunId: this.#options.activeRunId(),
      });
      this.#options.onStanding(answer.standing);
      return answer;
    } catch (error) {
      // The host was deleted meanwhile: the next attempt registers it again.
      if (error instanceof OperatorError && error.code === 'not-found') this.#hostId = null;
      throw error;
    }
  }
}

/** What `look` sees; throws when the connection is over before. */
async function beforeItEnds(peer: ServerPeer, look: Promise<SystemInfo>): Promise<SystemInfo> {
  const tooLate = peer.closed.then((end) => {
    throw new ConnectionEnded(end);
  });
  // One of them is left over.
  for (const each of [look, tooLate]) each.catch(() => undefined);
  return Promise.race([look, tooLate]);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Waits, or does not when `signal` is aborted. */
async function delay(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
