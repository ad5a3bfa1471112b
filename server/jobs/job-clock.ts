/** Starts jobs when their schedules say so, and notes what their tasks came to. */

import { isDeepStrictEqual } from 'node:util';
import { dueTimes, nextTime, type DueTimes } from '../../lib/jobs/times.ts';
import type { Log } from '../../lib/log.ts';
import type { Job, Schedule } from '../../lib/model/job.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import { findJob } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import type { TaskMaking } from '../tasks/create-task.ts';
import { addStart, areOutcomesDue, noteOutcomes } from '../store/job-starts.ts';
import { startJob, startOf } from './start-job.ts';

/** A server that has just started may not have been told the time yet: so long no mark is put back. */
const TRUSTED_AFTER_MS = 3_600_000;

export class JobClock {
  readonly #making: TaskMaking;
  readonly #log: Log;
  readonly #tell: (event: LogEvent) => void;
  readonly #uptimeMs: () => number;
  /** When each schedule is due next after its mark; records are never changed in place. */
  readonly #next = new WeakMap<Schedule, Date | null>();
  /** Schedules that could not be asked, each told of once. */
  readonly #faulty = new WeakSet<Schedule>();
  #isBusy = false;
  #hasFailed = false;

  constructor(options: {
    readonly making: TaskMaking;
    readonly log: Log;
    readonly tell: (event: LogEvent) => void;
    /** By the clock that nobody sets. */
    readonly uptimeMs?: () => number;
  }) {
    this.#making = options.making;
    this.#log = options.log;
    this.#tell = options.tell;
    const startedMs = performance.now();
    this.#uptimeMs = options.uptimeMs ?? (() => performance.now() - startedMs);
  }

  /** Does what is due at `now`; nothing while an earlier look is at it. Never rejects. */
  async look(now: Date): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#startDue(now);
      const { store } = this.#making;
      if (areOutcomesDue(store.read())) await store.change(noteOutcomes);
      this.#hasFailed = false;
    } catch (error) {
      // Every few seconds again: once is enough.
      if (!this.#hasFailed) this.#log.error({ event: 'fault', error }, 'starting jobs');
      this.#hasFailed = true;
    } finally {
      this.#isBusy = false;
    }
  }

  async #startDue(now: Date): Promise<void> {
    for (const job of this.#making.store.read().jobs) {
      for (const schedule of job.schedules) {
        const due = this.#dueOf(job, schedule, now);
        if (due === null || due.mark === schedule.mark) continue;
        try {
          if (due.start === null) await this.#noteMissed(job, schedule, due, now);
          else await this.#start(job, schedule, due, now);
        } catch (error) {
          this.#logFault(job, schedule, error);
        }
      }
    }
  }

  /** null: nothing is due, or nobody knows. */
  #dueOf(job: Job, schedule: Schedule, now: Date): DueTimes | null {
    try {
      const marked = new Date(schedule.mark);
      let next = this.#next.get(schedule);
      if (next === undefined) {
        next = nextTime(schedule.when, marked);
        this.#next.set(schedule, next);
      }
      if (marked <= now) return next !== null && next <= now ? dueTimes(schedule, now) : null;
      return this.#uptimeMs() < TRUSTED_AFTER_MS ? null : dueTimes(schedule, now);
    } catch (error) {
      // A time zone that this version of the program does not know must not hold up the others.
      this.#logFault(job, schedule, error);
      return null;
    }
  }

  /** Every few seconds again: once is enough. */
  #logFault(job: Job, schedule: Schedule, error: unknown): void {
    if (!this.#faulty.has(schedule)) {
      this.#log.error({ event: 'fault', job: job.name, schedule: schedule.name, error }, 'job');
    }
    this.#faulty.add(schedule);
  }

  async #start(job: Job, schedule: Schedule, due: DueTimes, now: Date): Promise<void> {
    const { name, values } = schedule;
    const wanted = {
      by: { type: 'schedule', name },
      createdBy: `${job.name} (${name})`,
      values,
      now,
    } as const;
    const started = await startJob(this.#making, job.id, wanted, {
      isWanted: (found) => mark(found, schedule, due),
      after: (found, data) => addMissed(data, found, schedule, due, now),
    });
    if (started.type !== 'refused' || !started.isNews) return;
    const { error } = started;
    this.#log.warn({ event: 'job-not-started', job: job.name, schedule: name, error }, 'job');
    this.#tell({ type: 'job-not-started', job: job.name, schedule: name, error: error.message });
  }

  async #noteMissed(job: Job, schedule: Schedule, due: DueTimes, now: Date): Promise<void> {
    const isNoted = await this.#making.store.change((data) => {
      const found = findJob(data.jobs, job.id);
      if (!mark(found, schedule, due)) return false;
      addMissed(data, found, schedule, due, now);
      return true;
    });
    if (due.missed === 0 || !isNoted) return;
    this.#tell({
      type: 'job-missed',
      job: job.name,
      schedule: schedule.name,
      times: due.missed,
    });
  }
}

/** Returns false, and marks nothing, when somebody has changed the schedule meanwhile. */
function mark(job: Job, was: Schedule, due: DueTimes): boolean {
  const schedule = job.schedules.find(({ name }) => name === was.name);
  if (schedule === undefined || !isDeepStrictEqual(schedule, was)) return false;
  schedule.mark = due.mark;
  return true;
}

function addMissed(
  data: StoreData,
  job: Job,
  { name, values }: Schedule,
  { missed: times }: DueTimes,
  now: Date,
): void {
  if (times === 0) return;
  const by = { type: 'schedule', name } as const;
  addStart(data, startOf(job, { by, values, now }, { type: 'missed', times }));
}
