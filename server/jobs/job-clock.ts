/** Starts jobs when their schedules say so, and notes what their tasks came to. */

import type { Log } from '../../lib/log.ts';
import { dueTimes, type DueTimes } from '../../lib/jobs/times.ts';
import type { Job, Schedule } from '../../lib/model/job.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import { findJob } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import type { TaskMaking } from '../tasks/create-task.ts';
import { addStart, areOutcomesDue, noteOutcomes } from '../store/job-starts.ts';
import { startJob, startOf } from './start-job.ts';

export class JobClock {
  readonly #making: TaskMaking;
  readonly #log: Log;
  readonly #tell: (event: LogEvent) => void;
  #isBusy = false;
  #hasFailed = false;

  constructor(options: {
    readonly making: TaskMaking;
    readonly log: Log;
    readonly tell: (event: LogEvent) => void;
  }) {
    this.#making = options.making;
    this.#log = options.log;
    this.#tell = options.tell;
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
        const due = dueTimes(schedule, now);
        if (due.mark === schedule.mark) continue;
        if (due.start === null) await this.#noteMissed(job, schedule, due, now);
        else await this.#start(job, schedule, due, now);
      }
    }
  }

  async #start(job: Job, schedule: Schedule, due: DueTimes, now: Date): Promise<void> {
    const { name, values } = schedule;
    const wanted = {
      by: { type: 'schedule', name },
      createdBy: `${job.name} (${name})`,
      values,
      now,
    } as const;
    const started = await startJob(this.#making, job.id, wanted, (found, data) => {
      mark(found, schedule, due);
      addMissed(data, found, schedule, due, now);
    });
    if (started.type === 'made') return;
    const { error } = started;
    this.#log.warn({ event: 'job-not-started', job: job.name, schedule: name, error }, 'job');
    this.#tell({ type: 'job-not-started', job: job.name, schedule: name, error: error.message });
  }

  async #noteMissed(job: Job, schedule: Schedule, due: DueTimes, now: Date): Promise<void> {
    await this.#making.store.change((data) => {
      const found = findJob(data.jobs, job.id);
      mark(found, schedule, due);
      addMissed(data, found, schedule, due, now);
    });
    if (due.missed === 0) return;
    this.#tell({
      type: 'job-missed',
      job: job.name,
      schedule: schedule.name,
      times: due.missed,
    });
  }
}

/** Somebody may have changed the schedule meanwhile. */
function mark(job: Job, { name }: Schedule, due: DueTimes): void {
  const schedule = job.schedules.find((each) => each.name === name);
  if (schedule !== undefined) schedule.mark = due.mark;
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
