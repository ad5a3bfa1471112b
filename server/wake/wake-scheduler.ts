/**
 * Wakes hosts by magic packets: one host after the other, so that a room does not switch on in the same moment, each
 * again and again until its engine answers or the limit of packets is reached. What it knows is lost with the server;
 * see resume-wakes.ts.
 */

import { toReport } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { magicPacket } from '../../lib/network/magic-packet.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Wake } from '../../lib/model/wake.ts';
import { wakeDestinations, type WakeSubnet } from './destinations.ts';
import type { SendPacket } from './send-packet.ts';

/** What is expected of a host: its engine is there, or will come; it starts from its disk; or nobody knows the host. */
export type ExpectedBoot = 'on' | 'engine' | 'disk' | 'unknown';

export type WakeSchedulerOptions = {
  readonly log: Log;
  /** The host as the store has it now. */
  readonly hostOf: (hostId: HostId) => Host | undefined;
  readonly expectedBootOf: (hostId: HostId) => ExpectedBoot;
  readonly subnets: () => readonly WakeSubnet[];
  readonly send: SendPacket;
  readonly onChanged: () => void;
  readonly timing: WakeTiming;
};

export type WakeTiming = {
  /** Between two hosts: power supplies draw most in the moment they are switched on. */
  readonly staggerMs: number;
  /** Between two packets to the same host. */
  readonly repeatMs: number;
  /** Packets to a host whose engine is waited for; it is missing `repeatMs` after the last one. */
  readonly packets: number;
  /** Packets to a host that will not report: some get lost. */
  readonly packetsWithoutReply: number;
  /** How long the end of it is still told. */
  readonly keepMs: number;
};

/** Three minutes in all: slow firmware takes one to the engine. */
export const WAKE_TIMING: WakeTiming = {
  staggerMs: 200,
  repeatMs: 20_000,
  packets: 9,
  packetsWithoutReply: 3,
  keepMs: 3_600_000,
};

type Waking = { wake: Wake; readonly expectsEngine: boolean; timer: NodeJS.Timeout | undefined };

export class WakeScheduler {
  readonly #options: WakeSchedulerOptions;
  readonly #timing: WakeTiming;
  readonly #waking = new Map<HostId, Waking>();
  /** Whose next packet is due, in order. */
  #queue: HostId[] = [];
  #queueTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: WakeSchedulerOptions) {
    this.#options = options;
    this.#timing = options.timing;
  }

  /** Begins to wake those of `hosts` that are off; one that is being woken begins again. Returns which. */
  wake(hosts: readonly Host[]): Host[] {
    const off = hosts.filter(({ id }) =>
      ['engine', 'disk'].includes(this.#options.expectedBootOf(id)),
    );
    for (const { id, name } of off) {
      this.#forget(id);
      this.#waking.set(id, {
        wake: {
          hostId: id,
          hostName: name,
          state: 'waking',
          packets: 0,
          since: new Date().toISOString(),
          error: null,
        },
        expectsEngine: this.#options.expectedBootOf(id) === 'engine',
        timer: undefined,
      });
      this.#enqueue(id);
    }
    if (off.length > 0) {
      this.#options.log.info({ event: 'wake', hosts: off.map(({ id }) => id) }, 'waking hosts');
      this.#options.onChanged();
    }
    return off;
  }

  /** The hosts that are being woken or did not come; not those whose engine is there. */
  get wakes(): Wake[] {
    return [...this.#waking.values()]
      .map(({ wake }) => wake)
      .filter(({ hostId }) => this.#options.expectedBootOf(hostId) !== 'on');
  }

  /** Forgets the hosts whose engines have come: should they go off later, nobody is told that they did not come. */
  forgetArrived(): void {
    for (const id of [...this.#waking.keys()]) {
      if (this.#options.expectedBootOf(id) === 'on') this.#forget(id);
    }
  }

  /** No more packets. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#queueTimer);
    for (const id of [...this.#waking.keys()]) this.#forget(id);
  }

  #enqueue(hostId: HostId): void {
    if (this.#isClosed) return;
    this.#queue.push(hostId);
    if (this.#queueTimer === undefined) this.#sendNext();
  }

  /** Sends the packet that is due first; the one after it waits its turn. */
  #sendNext(): void {
    this.#queueTimer = undefined;
    const hostId = this.#queue.shift();
    if (hostId === undefined) return;
    const waking = this.#waking.get(hostId);
    const host = this.#options.hostOf(hostId);
    if (waking === undefined || host === undefined || this.#isOver(hostId, waking)) {
      this.#forget(hostId);
      this.#options.onChanged();
      this.#sendNext();
      return;
    }
    this.#queueTimer = setTimeout(() => this.#sendNext(), this.#timing.staggerMs);
    this.#send(host, waking).catch((error: unknown) =>
      this.#options.log.error({ event: 'fault', error }, 'waking a host'),
    );
  }

  /** The engine has come, or nobody waits for it any more. */
  #isOver(hostId: HostId, { expectsEngine }: Waking): boolean {
    const expected = this.#options.expectedBootOf(hostId);
    return expected === 'on' || expected === 'unknown' || (expectsEngine && expected === 'disk');
  }

  async #send(host: Host, waking: Waking): Promise<void> {
    const { log, send, subnets } = this.#options;
    const packet = magicPacket(host.mac);
    const sent = await Promise.allSettled(
      wakeDestinations(host, subnets()).map(async (destination) => send(packet, destination)),
    );
    if (this.#waking.get(host.id) !== waking) return;
    const failed = sent.find((each) => each.status === 'rejected');
    const error =
      sent.length === 0
        ? 'the server has no network'
        : failed === undefined
          ? null
          : toReport(failed.reason).message;
    if (error !== null && error !== waking.wake.error) {
      log.warn({ event: 'wake-send', host: host.id, error }, 'a magic packet was not sent');
    }
    waking.wake = { ...waking.wake, packets: waking.wake.packets + 1, error };
    const { packets, packetsWithoutReply, repeatMs } = this.#timing;
    const isLast = waking.wake.packets >= (waking.expectsEngine ? packets : packetsWithoutReply);
    if (isLast && !waking.expectsEngine) this.#end(host, waking, 'sent');
    else
      waking.timer = setTimeout(() => {
        if (isLast) this.#giveUp(host, waking);
        else this.#enqueue(host.id);
      }, repeatMs);
    this.#options.onChanged();
  }

  #giveUp(host: Host, waking: Waking): void {
    if (this.#isOver(host.id, waking)) this.#forget(host.id);
    else this.#end(host, waking, 'missing');
    this.#options.onChanged();
  }

  #end(host: Host, waking: Waking, state: 'missing' | 'sent'): void {
    waking.wake = { ...waking.wake, state };
    waking.timer = setTimeout(() => this.#forget(host.id), this.#timing.keepMs).unref();
    const { packets, error } = waking.wake;
    const details = { event: `wake-${state}`, host: host.id, name: host.name, packets, error };
    if (state === 'missing') this.#options.log.warn(details, 'the host did not come');
    else this.#options.log.info(details, 'magic packets were sent');
  }

  #forget(hostId: HostId): void {
    clearTimeout(this.#waking.get(hostId)?.timer);
    this.#waking.delete(hostId);
    this.#queue = this.#queue.filter((id) => id !== hostId);
  }
}
