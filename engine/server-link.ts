/** The engine's connection to the server: made again whenever it is lost, for as long as the engine runs. */

import { X509Certificate } from 'node:crypto';
import { Agent, request as httpsRequest, type AgentOptions, type RequestOptions } from 'node:https';
import type { ClientRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { OperatorError } from '../lib/errors.ts';
import type { EngineInstanceId, HostId, RunId } from '../lib/model/ids.ts';
import type { MacAddress } from '../lib/model/names.ts';
import type { SystemInfo } from '../lib/model/system-info.ts';
import type { ParamsIn, Result } from '../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  ENGINE_NOTIFICATIONS,
  type EngineMethods,
  type EngineNotifications,
} from '../lib/protocol/engine-api.ts';
import { MAX_MESSAGE_BYTES, Peer } from '../lib/protocol/peer.ts';
import { ENGINE_PATH, PROGRAM_VERSION, PROTOCOL_VERSION } from '../lib/protocol/version.ts';
import type { Log } from '../lib/log.ts';

type NoMethods = Readonly<Record<string, never>>;
type ServerPeer = Peer<NoMethods, EngineMethods, NoMethods, EngineNotifications>;

/** Waits between attempts to connect: short at first, so that a restarted server is found within a second. */
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 5000;
const CONNECT_TIMEOUT_MS = 10_000;

export type ServerLinkOptions = {
  readonly host: string;
  readonly port: number;
  /** PEM of the only certificate that is accepted. */
  readonly certificate: string;
  readonly instanceId: EngineInstanceId;
  /** Asked anew at every logon, since work changes the disks. */
  readonly systemInfo: () => Promise<SystemInfo>;
  /** The run this engine works on now. */
  readonly activeRunId: () => RunId | null;
  readonly log: Log;
  readonly onOnline: () => void;
  readonly onWorkAvailable: () => void;
  readonly onCancel: (runId: RunId, outcome: 'aborted' | 'failed', reason: string) => void;
};

export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #agent: Agent;
  #peer: ServerPeer | null = null;
  #waiters: (() => void)[] = [];
  #hostId: HostId | null = null;
  readonly #closed = new AbortController();

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: false, ...pinnedTo(options.certificate) });
  }

  /** Connects and reconnects until `close`. Never rejects. */
  async keepConnected(): Promise<void> {
    let waitMs = FIRST_RETRY_MS;
    while (!this.#closed.signal.aborted) {
      try {
        const peer = await this.#connect();
        waitMs = FIRST_RETRY_MS;
        const reason = await peer.closed;
        this.#options.log.info({ event: 'offline', reason }, 'connection to the server lost');
      } catch (error) {
        this.#options.log.warn(
          { event: 'connect-failed', error: describe(error) },
          'cannot connect to the server',
        );
      }
      this.#peer = null;
      await delay(waitMs, this.#closed.signal);
      waitMs = Math.min(LAST_RETRY_MS, waitMs * 2);
    }
  }

  get isOnline(): boolean {
    return this.#peer !== null;
  }

  /**
   * Makes a call as soon as the engine is logged on. Rejects like Peer.call, with `connection-lost` only when the
   * connection is over: who tries again waits for the next one, and does not spin on this one while it closes.
   */
  async callOnceOnline<K extends keyof EngineMethods>(
    name: K,
    params: ParamsIn<EngineMethods, K>,
  ): Promise<Result<EngineMethods, K>> {
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
    const peer = this.#peer;
    if (peer !== null) await this.#logOn(peer, await this.#options.systemInfo());
  }

  /** Begins a request on the data channel, to the pinned server only. */
  requestData(options: Pick<RequestOptions, 'method' | 'path' | 'headers'>): ClientRequest {
    const { host, port } = this.#options;
    return httpsRequest({ ...options, host, port, agent: this.#agent });
  }

  close(reason: string): void {
    this.#closed.abort();
    this.#peer?.close(reason);
    this.#agent.destroy();
  }

  async #online(): Promise<ServerPeer> {
    while (this.#peer === null) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    return this.#peer;
  }

  async #connect(): Promise<ServerPeer> {
    const { host, port, certificate, log } = this.#options;
    const socket = new WebSocket(`wss://${host}:${port}${ENGINE_PATH}`, {
      agent: new Agent(pinnedTo(certificate)),
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    const peer: ServerPeer = new Peer(socket, {
      answers: { methods: {}, handlers: {} },
      calls: ENGINE_METHODS,
      sends: {},
      hears: {
        notifications: ENGINE_NOTIFICATIONS,
        listeners: {
          workAvailable: () => this.#options.onWorkAvailable(),
          cancel: ({ runId, outcome, reason }) => this.#options.onCancel(runId, outcome, reason),
        },
      },
      heartbeatMs: 5000,
      onFault: (what, error) => log.error({ event: 'fault', error: describe(error) }, what),
    });
    try {
      await this.#introduce(peer);
    } catch (error) {
      peer.close('logon failed');
      throw error;
    }
    if (this.#closed.signal.aborted) peer.close('closed while connecting');
    return peer;
  }

  async #introduce(peer: ServerPeer): Promise<void> {
    const { log, activeRunId, onCancel, onOnline } = this.#options;
    const systemInfo = await this.#options.systemInfo();
    if (this.#hostId === null) await this.#register(peer, systemInfo);
    const active = activeRunId();
    const { continueRun } = await this.#logOn(peer, systemInfo);
    if (active !== null && !continueRun) {
      onCancel(active, 'failed', 'the server has given the run up');
    }
    this.#peer = peer;
    log.info({ event: 'online', host: this.#hostId }, 'logged on');
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
    onOnline();
  }

  async #register(peer: ServerPeer, systemInfo: SystemInfo): Promise<void> {
    const { hostId } = await peer.call('register', {
      protocolVersion: PROTOCOL_VERSION,
      programVersion: PROGRAM_VERSION,
      macAddresses: macAddressesOf(systemInfo),
      systemInfo,
    });
    this.#hostId = hostId;
  }

  async #logOn(peer: ServerPeer, systemInfo: SystemInfo): Promise<Result<EngineMethods, 'logon'>> {
    if (this.#hostId === null) throw new TypeError('logging on before registering');
    try {
      return await peer.call('logon', {
        protocolVersion: PROTOCOL_VERSION,
        hostId: this.#hostId,
        macAddresses: macAddressesOf(systemInfo),
        instanceId: this.#options.instanceId,
        systemInfo,
        activeRunId: this.#options.activeRunId(),
      });
    } catch (error) {
      // The host was deleted meanwhile: the next attempt registers it anew.
      if (error instanceof OperatorError && error.code === 'not-found') this.#hostId = null;
      throw error;
    }
  }
}

/** TLS 1.3 with the one certificate; its name does not matter, it is compared as a whole. */
function pinnedTo(certificate: string): AgentOptions {
  const pinned = new X509Certificate(certificate).fingerprint256;
  return {
    ca: certificate,
    minVersion: 'TLSv1.3',
    servername: 'openclone',
    checkServerIdentity: (_, { raw }) =>
      new X509Certificate(raw).fingerprint256 === pinned
        ? undefined
        : new Error('the server has another certificate than the one this engine was given'),
  };
}

/** The addresses that identify the host: its wired interfaces first, as the system lists them. */
function macAddressesOf({ interfaces }: SystemInfo): MacAddress[] {
  const linked = interfaces.filter((each) => each.linkUp);
  const macs = [...linked, ...interfaces].map((each) => each.mac);
  if (macs.length === 0) {
    throw new OperatorError({
      code: 'connection-failed',
      message: 'looking for a network interface with a MAC address: there is none',
      hint: 'See whether the kernel knows the network card (`ip link`).',
    });
  }
  return [...new Set(macs)];
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Waits, or does not when `signal` is aborted. */
async function delay(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
