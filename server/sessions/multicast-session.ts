/** One multicast session: gathers the hosts of a task, sends once, and tells what happens. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import type { HostId, ImageId, RunId, SessionId, TaskId, VersionId } from '../../lib/model/ids.ts';
import type { Session } from '../../lib/model/task.ts';
import type { Log } from '../../lib/log.ts';
import type { Route } from '../../lib/network/route.ts';
import type { SenderEvent } from '../tools/udp-sender.ts';
import type { SessionAddress } from './ports.ts';
import { SendingRate } from './sending-rate.ts';
import { Silence } from './silence.ts';
import { Sender, type SenderSettings } from './sender.ts';
import type { Transmission } from './transmission.ts';

/** How often the time that is left until a silent host is dropped is told: nothing else may happen meanwhile. */
const COUNTDOWN_MS = 1000;

export type SessionOptions = {
  readonly id: SessionId;
  readonly taskId: TaskId;
  /** Which of the task's operations it is for. */
  readonly operationIndex: number;
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
  /** The sender dropped a host because it did not answer. */
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
  readonly #createdAt = new Date().toISOString();
  #state: Session['state'] = 'gathering';
  #pendingCount = 0;
  #gatherTimer: NodeJS.Timeout | undefined;
  /** When it ends, for people. */
  #startsAt: string | undefined;
  #sender: Sender | undefined;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #sentBytes = 0;
  #resentShare = 0;
  #error: OperatorError | null = null;
  #stopReason: string | null = null;
  /** The sender said that it drops somebody; its next line says whom. */
  #isDropping = false;
  readonly #silence: Silence;
  readonly #rate = new SendingRate();
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

  /** Adds a host; only while the session gathers. */
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
  setPendingCount(count: number): void {
    this.#pendingCount = count;
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
    const isSending = this.#sender?.stop() ?? false;
    if (!isSending) this.#end(stoppedError(this.options.id, reason));
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
      expected: this.#members.size + this.#pendingCount,
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
    if (ready > 0 && ready === this.#members.size && this.#pendingCount === 0) {
      this.#start();
    }
  }

  #start(): void {
    if (!this.isGathering) return;
    clearTimeout(this.#gatherTimer);
    this.#gatherTimer = undefined;
    // All that were ready may have left again: the next one that is ready sets the clock again.
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
    const { id, transmission, directory, route, address, sender, log } = this.options;
    this.#sender = new Sender({
      id,
      transmission,
      directory,
      route,
      address,
      settings: sender,
      log,
      receivers: this.#readyCount(),
      isMember: (each) => this.#addresses.has(each),
      onEvent: (event) => this.#note(event),
      onStranger: (from) => this.#expose(from),
    });
    if (this.#stopReason !== null) this.#sender.stop();
    await this.#sender.send();
  }

  #note(event: SenderEvent): void {
    this.#noteSilence(event);
    switch (event.type) {
      case 'sent':
        this.#sentBytes = Math.max(this.#sentBytes, event.sentBytes);
        this.#resentShare = event.resentShare;
        this.#rate.note(this.#sentBytes, performance.now());
        this.options.onChanged();
        return;
      case 'started':
        this.#rate.note(0, performance.now());
        return;
      case 'dropped':
        this.#isDropping = true;
        return;
      case 'left':
        if (this.#isDropping) this.#tellDropped(event.address);
        this.#isDropping = false;
        return;
      default:
        return;
    }
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

  /** A stranger counts as a receiver, for the beginning and when it falls silent: nobody is to wait for it. */
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
