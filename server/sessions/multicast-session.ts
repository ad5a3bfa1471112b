/** One multicast session: gathers the hosts of a task, sends once, and tells what happens. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import { startPipeline, type Pipeline } from '../../lib/exec/pipeline.ts';
import type { HostId, ImageId, RunId, SessionId, TaskId, VersionId } from '../../lib/model/ids.ts';
import type { Session } from '../../lib/model/task.ts';
import type { Log } from '../../lib/log.ts';
import type { Route } from '../../lib/network/route.ts';
import { parseSenderLine, senderArguments, type SenderEvent } from '../tools/udp-sender.ts';
import { LoopWatch } from './loop-watch.ts';
import type { SessionAddress } from './ports.ts';
import { SendingRate } from './sending-rate.ts';
import { Silence } from './silence.ts';
import { layOut, type Transmission } from './transmission.ts';

/** How udp-sender is driven; measured values in docs/design/session.md. */
export type SenderSettings = {
  readonly retriesUntilDrop: number;
  readonly ttl: number;
  readonly maxBitsPerSecond: number | null;
};

/** Once every expected receiver runs, connecting takes a tenth of a second; who has not by then cannot. */
const MAX_CONNECT_SECONDS = 10;
const START_TIMEOUT_SECONDS = 20;
/** Of what the sender says: twice the numbers of 1024 receivers, as many as it can have. */
const MAX_LINE_LENGTH = 16_000;
/** How often what is left until a silent host is dropped is told anew: nothing else may happen meanwhile. */
const COUNTDOWN_MS = 1000;

export type SessionOptions = {
  readonly id: SessionId;
  readonly taskId: TaskId;
  readonly imageId: ImageId;
  readonly versionId: VersionId;
  readonly route: Route;
  readonly address: SessionAddress;
  readonly transmission: Transmission;
  /** Where frames are laid out while the session lasts. */
  readonly directory: string;
  readonly gatherMs: number;
  readonly sender: SenderSettings;
  readonly log: Log;
  readonly onChanged: () => void;
  /** The sender gave a host up because it did not answer. */
  readonly onDropped: (runId: RunId) => void;
  /**
   * Somebody took part who is no member: the transmission is ended. `address` null: it told the sender to begin, which
   * anybody can, and nothing says from where.
   */
  readonly onStranger: (address: string | null) => void;
  /** The transmission is over; `error` says why it failed as far as the sender knows. */
  readonly onEnded: (error: OperatorError | null) => void;
};

type Member = {
  readonly hostId: HostId;
  readonly runId: RunId;
  /** All addresses that the host has: one of them is how the sender calls it. */
  readonly addresses: readonly string[];
  ready: boolean;
};

export class MulticastSession {
  readonly options: SessionOptions;
  readonly #members = new Map<RunId, Member>();
  /** Of all that are members, or were: what one leaves behind is no stranger. */
  readonly #addresses = new Set<string>();
  /** Those that have connected to the sender. */
  readonly #connected = new Set<string>();
  /** How many the sender waits for, and when the first of them came at the earliest, on the clock that nobody sets. */
  #receivers = 0;
  #sendingSince = 0;
  #firstConnectedAt: number | null = null;
  readonly #createdAt = new Date().toISOString();
  #state: Session['state'] = 'gathering';
  #outstanding = 0;
  #gatherTimer: NodeJS.Timeout | undefined;
  /** When it ends, for people. */
  #startsAt: string | undefined;
  #pipeline: Pipeline | undefined;
  #started = false;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #sentBytes = 0;
  #resentShare = 0;
  #error: OperatorError | null = null;
  #stopReason: string | null = null;
  #text = '';
  /** The sender said that it drops somebody; its next line says whom. */
  #isDropping = false;
  readonly #silence: Silence;
  readonly #rate = new SendingRate();
  readonly #loop = new LoopWatch();
  #countdown: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.#silence = new Silence(options.sender.retriesUntilDrop);
  }

  get isGathering(): boolean {
    return this.#state === 'gathering';
  }

  get isOver(): boolean {
    return this.#state === 'finished' || this.#state === 'failed';
  }

  get memberRuns(): RunId[] {
    return [...this.#members.keys()];
  }

  /** Takes a host in; only while the session gathers. */
  join(hostId: HostId, runId: RunId, addresses: readonly string[]): void {
    this.#members.set(runId, { hostId, runId, addresses, ready: false });
    for (const address of addresses) this.#addresses.add(address);
    this.options.onChanged();
  }

  /** The host's receiver runs. The first one that is ready sets the clock for the others. */
  markReady(runId: RunId): void {
    const member = this.#members.get(runId);
    if (member === undefined || member.ready || !this.isGathering) return;
    member.ready = true;
    if (this.#gatherTimer === undefined) {
      this.#gatherTimer = setTimeout(() => this.#start(), this.options.gatherMs);
      this.#startsAt = new Date(Date.now() + this.options.gatherMs).toISOString();
    }
    this.#startWhenComplete();
    this.options.onChanged();
  }

  /** The run is over or never came: it is not waited for. */
  leave(runId: RunId): void {
    if (!this.isGathering || !this.#members.delete(runId)) return;
    this.#startWhenComplete();
    this.options.onChanged();
  }

  /** How many hosts of the task may still join. */
  setOutstanding(count: number): void {
    this.#outstanding = count;
    this.#startWhenComplete();
  }

  /** Sends to those that are ready now. Throws `not-allowed` when nobody is, or it has begun. */
  startNow(): void {
    const reason = !this.isGathering
      ? 'it has begun already'
      : this.#readyCount() === 0
        ? 'no host is ready yet'
        : null;
    if (reason !== null) {
      throw new OperatorError({
        code: 'not-allowed',
        message: `starting session ${this.options.id}: ${reason}`,
        hint: 'See `openclone status` for what the session waits for.',
      });
    }
    this.#start();
  }

  /** Ends the session, whatever it is doing. */
  stop(reason: string): void {
    this.#stopReason ??= reason;
    clearTimeout(this.#gatherTimer);
    if (this.#pipeline === undefined) this.#end(stoppedError(this.options.id, reason));
    else this.#pipeline.kill('SIGTERM');
  }

  view(): Session {
    const { id, taskId, imageId, versionId, route, address, transmission } = this.options;
    return {
      id,
      taskId,
      imageId,
      versionId,
      state: this.#state,
      interfaceName: route.interfaceName,
      portBase: address.portBase,
      dataAddress: address.dataAddress,
      members: [...this.#members.values()].map(({ hostId, runId, ready }) => ({
        hostId,
        runId,
        ready,
      })),
      expected: this.#members.size + this.#outstanding,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      totalBytes: transmission.totalBytes,
      sentBytes: this.#sentBytes,
      resentShare: this.#resentShare,
      ...this.#pace(),
      ...(this.isGathering && this.#startsAt !== undefined ? { startsAt: this.#startsAt } : {}),
      error: this.#error === null ? null : toReport(this.#error),
    };
  }

  /** How fast it sends, and whom it waits for. */
  #pace(): Pick<Session, 'bytesPerSecond' | 'silent'> {
    if (this.#state !== 'sending') return {};
    const now = performance.now();
    const silent = this.#silence.at(now);
    const addresses = new Set(silent?.addresses);
    const runIds = [...this.#members.values()]
      .filter((member) => member.addresses.some((address) => addresses.has(address)))
      .map(({ runId }) => runId);
    return {
      bytesPerSecond: silent === null ? this.#rate.at(now) : 0,
      ...(silent === null || runIds.length === 0
        ? {}
        : { silent: { runIds, dropsInMs: Math.round(silent.leftMs) } }),
    };
  }

  #readyCount(): number {
    return [...this.#members.values()].filter((member) => member.ready).length;
  }

  #startWhenComplete(): void {
    const ready = this.#readyCount();
    if (ready > 0 && ready === this.#members.size && this.#outstanding === 0) {
      this.#start();
    }
  }

  #start(): void {
    if (!this.isGathering) return;
    clearTimeout(this.#gatherTimer);
    this.#gatherTimer = undefined;
    // All that were ready may have left again: the next one that is ready sets the clock anew.
    if (this.#readyCount() === 0) return;
    this.#state = 'sending';
    this.#startedAt = new Date().toISOString();
    this.options.onChanged();
    this.#send().then(
      () =>
        this.#end(
          this.#stopReason === null ? null : stoppedError(this.options.id, this.#stopReason),
        ),
      (error: unknown) => this.#end(senderError(this.options.id, this.#stopReason, error)),
    );
  }

  async #send(): Promise<void> {
    const { transmission, directory, route, address, sender, log } = this.options;
    const files = await layOut(transmission, directory);
    try {
      this.#receivers = this.#readyCount();
      const args = senderArguments({
        interfaceName: route.interfaceName,
        portBase: address.portBase,
        dataAddress: address.dataAddress,
        receivers: this.#receivers,
        maxWaitSeconds: MAX_CONNECT_SECONDS,
        startTimeoutSeconds: START_TIMEOUT_SECONDS,
        ...sender,
      });
      log.info({ event: 'session-start', session: this.options.id, args }, 'session starts');
      this.#sendingSince = performance.now();
      this.#loop.start();
      this.#pipeline = startPipeline(
        [
          { tool: 'cat', args: ['--', ...files.paths] },
          // The kernel ends the sender with us, so that a new server finds its ports free.
          {
            tool: 'setpriv',
            args: ['--pdeathsig', 'KILL', 'udp-sender', ...args],
            onText: (text) => this.#hear(text),
          },
        ],
        { input: 'none', output: 'none' },
      );
      if (this.#stopReason !== null) this.#pipeline.kill('SIGTERM');
      await this.#pipeline.finished;
      if (!this.#started) throw new Error('no receiver connected to the sender');
    } finally {
      await files.remove();
    }
  }

  #hear(text: string): void {
    const lines = (this.#text + text).split(/[\r\n]+/);
    this.#text = lines.pop()?.slice(-MAX_LINE_LENGTH) ?? '';
    for (const line of lines) {
      const event = parseSenderLine(line);
      if (event !== null) this.#note(event);
    }
  }

  #note(event: SenderEvent): void {
    const { log, id } = this.options;
    this.#noteSilence(event);
    switch (event.type) {
      case 'sent':
        this.#sentBytes = Math.max(this.#sentBytes, event.sentBytes);
        this.#resentShare = event.resentShare;
        this.#rate.note(this.#sentBytes, performance.now());
        this.options.onChanged();
        return;
      case 'started':
        this.#started = true;
        this.#loop.stop();
        this.#rate.note(0, performance.now());
        if (this.#isBegunByAnother()) this.#expose(null);
        break;
      case 'dropped':
        this.#isDropping = true;
        break;
      case 'left':
        if (this.#isDropping) this.#tellDropped(event.address);
        this.#isDropping = false;
        break;
      case 'nobody':
        // By itself it waits as long as it was told; told to begin before anybody is there, it ends.
        if (performance.now() - this.#sendingSince < (START_TIMEOUT_SECONDS - 1) * 1000)
          this.#expose(null);
        break;
      case 'connected':
        this.#firstConnectedAt ??= this.#loop.earliest;
        if (this.#addresses.has(event.address)) this.#connected.add(event.address);
        else this.#expose(event.address);
        break;
      case 'silent':
      case 'ended':
        break;
    }
    log.info({ event: `session-${event.type}`, session: id, detail: event }, 'session');
  }

  #noteSilence(event: SenderEvent): void {
    this.#silence.hear(event, performance.now());
    if (!this.#silence.isBegun) {
      clearInterval(this.#countdown);
      this.#countdown = undefined;
    } else if (!this.isOver) {
      this.#countdown ??= setInterval(this.options.onChanged, COUNTDOWN_MS).unref();
    }
  }

  /**
   * The sender begins when all have connected, or ten seconds after the first one, or when anybody says so (CMD_GO).
   * Its clock counts whole seconds, and a busy server reads late: what it did in half of the time it did not do by itself.
   */
  #isBegunByAnother(): boolean {
    const waitedMs = performance.now() - (this.#firstConnectedAt ?? this.#loop.earliest);
    return this.#connected.size < this.#receivers && waitedMs < (MAX_CONNECT_SECONDS / 2) * 1000;
  }

  /** A stranger counts as a receiver, for the beginning and when it falls silent: nobody shall wait for it. */
  #expose(address: string | null): void {
    if (this.#stopReason !== null) return;
    this.stop(`somebody who is no member took part (${address ?? 'address unknown'})`);
    this.options.onStranger(address);
  }

  #tellDropped(address: string): void {
    const member = [...this.#members.values()].find((each) => each.addresses.includes(address));
    if (member !== undefined) this.options.onDropped(member.runId);
  }

  #end(error: OperatorError | null): void {
    if (this.isOver) return;
    clearInterval(this.#countdown);
    this.#loop.stop();
    this.#state = error === null ? 'finished' : 'failed';
    this.#error = error;
    this.#endedAt = new Date().toISOString();
    if (error === null) this.#sentBytes = this.options.transmission.totalBytes;
    this.options.log.info(
      {
        event: 'session-end',
        session: this.options.id,
        report: error === null ? null : toReport(error),
      },
      'session ended',
    );
    this.options.onEnded(error);
    this.options.onChanged();
  }
}

function stoppedError(id: SessionId, reason: string): OperatorError {
  return new OperatorError({
    code: 'session-failed',
    message: `sending session ${id}: ${reason}`,
    hint: 'Deploy again to the hosts that did not finish.',
  });
}

function senderError(id: SessionId, stopReason: string | null, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'session-failed',
    message: `sending session ${id}${stopReason === null ? '' : `: ${stopReason}`}`,
    hint: 'See the server log for what udp-sender said; check that multicast passes between server and hosts.',
    cause,
  });
}
