/** What one run tells the server: numbered events that are kept until acknowledged, the newest progress, its log. */

import { setTimeout } from 'node:timers/promises';
import { OperatorError } from '../lib/errors.ts';
import type { RunId } from '../lib/model/ids.ts';
import {
  MAX_LOG_LINES_AT_ONCE,
  type ProgressReport,
  type RunEvent,
  type RunLogLine,
} from '../lib/protocol/engine-api.ts';
import type { RunLog } from './run-log.ts';
import type { ServerLink } from './server-link.ts';

const TRY_AGAIN: readonly string[] = ['connection-lost', 'store-write-failed'];
const PROGRESS_INTERVAL_MS = 1000;
const MAX_EVENTS_AT_ONCE = 100;

type QueuedEvent = {
  readonly event: RunEvent;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export class RunReporter {
  readonly runId: RunId;
  readonly #link: ServerLink;
  readonly #progress: () => ProgressReport;
  readonly #log: RunLog;
  readonly #timer: NodeJS.Timeout;
  #queue: QueuedEvent[] = [];
  #nextSequence: number;
  #sending = false;
  #closed = false;

  /** `firstSequence` goes on from the run's earlier operations. */
  constructor(options: {
    readonly link: ServerLink;
    readonly runId: RunId;
    readonly firstSequence: number;
    readonly progress: () => ProgressReport;
    readonly log: RunLog;
  }) {
    this.runId = options.runId;
    this.#link = options.link;
    this.#nextSequence = options.firstSequence;
    this.#progress = options.progress;
    this.#log = options.log;
    this.#timer = setInterval(() => void this.#sendAll(true), PROGRESS_INTERVAL_MS);
  }

  /** The number that the next event after all those queued gets. */
  get nextSequence(): number {
    return this.#nextSequence + this.#queue.length;
  }

  /**
   * Queues an event; resolves when the server has it safe, however often the connection is lost meanwhile. Rejects
   * with the server's error when it refuses it.
   */
  async send(event: RunEvent): Promise<void> {
    const acknowledged = new Promise<void>((resolve, reject) => {
      this.#queue.push({ event, resolve, reject });
    });
    void this.#sendAll(false);
    return acknowledged;
  }

  /** Queues an event that nobody waits for. */
  tell(event: RunEvent): void {
    this.send(event).catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  /** One report at a time: events are acknowledged in order. */
  async #sendAll(withProgress: boolean): Promise<void> {
    if (this.#sending || (this.#closed && this.#queue.length === 0)) return;
    this.#sending = true;
    try {
      let progressDue = withProgress;
      while (this.#queue.length > 0 || progressDue) {
        // The log first, as far as it does not fit one report: the last event must not leave lines behind.
        if (this.#log.waitingCount > MAX_LOG_LINES_AT_ONCE) {
          await this.#sendBatch([], false);
        } else {
          await this.#sendBatch(this.#nextBatch(), progressDue);
          progressDue = false;
        }
      }
    } finally {
      this.#sending = false;
    }
  }

  async #sendBatch(batch: readonly QueuedEvent[], withProgress: boolean): Promise<void> {
    const log = this.#log.next();
    try {
      await this.#link.callOnceOnline('statusUpdate', {
        runId: this.runId,
        firstSequence: this.#nextSequence,
        events: batch.map(({ event }) => event),
        progress: withProgress ? this.#progress() : null,
        log,
      });
    } catch (error) {
      // The same events go again, over the next connection or once the server's store has room again. Not at once: a
      // connection that is about to close refuses without letting anything else happen.
      if (error instanceof OperatorError && TRY_AGAIN.includes(error.code)) {
        await setTimeout(error.code === 'connection-lost' ? 100 : 2000);
        return;
      }
      this.#drop(batch);
      this.#dropLog(log);
      for (const { reject } of batch) reject(error);
      return;
    }
    this.#drop(batch);
    this.#dropLog(log);
    for (const { resolve } of batch) resolve();
  }

  /** A captured image goes alone, so that its refusal does not take other events along. */
  #nextBatch(): QueuedEvent[] {
    const alone = this.#queue.findIndex(({ event }) => event.type === 'captured');
    const count = alone === -1 ? MAX_EVENTS_AT_ONCE : Math.max(1, alone);
    return this.#queue.slice(0, Math.min(count, MAX_EVENTS_AT_ONCE));
  }

  #drop(batch: readonly QueuedEvent[]): void {
    this.#queue = this.#queue.slice(batch.length);
    this.#nextSequence += batch.length;
  }

  #dropLog(sent: readonly RunLogLine[]): void {
    const last = sent.at(-1);
    if (last !== undefined) this.#log.drop(last.number);
  }
}
