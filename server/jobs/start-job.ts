/** Starting a job: a task is made, or the history says why not; both in one change of the store. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import { taskRequestOf } from '../../lib/jobs/task-request-of.ts';
import { render } from '../../lib/messages/render.ts';
import type { Job, JobStart, ParameterValues, Starter, StartResult } from '../../lib/model/job.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Task } from '../../lib/model/task.ts';
import { newJobStartId } from '../ids.ts';
import { findJob, refuseIf } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import { announceTask, makeTask, taskKeeper, type TaskMaking } from '../tasks/create-task.ts';
import { jobFaults } from './definition.ts';
import { addStart, noteOutcomes, runningTaskOf } from '../store/job-starts.ts';

export type StartWanted = {
  readonly by: Starter;
  /** Whose the task is. */
  readonly createdBy: string;
  readonly values: ParameterValues;
  readonly now: Date;
};

export type Started =
  | { readonly type: 'made'; readonly task: Task }
  | { readonly type: 'refused'; readonly error: OperatorError };

/**
 * Starts the job that is named so. `alongside` is done in the same change. Returns the task, or the error why there is none,
 * which is in the history then. Throws `not-found` when there is no such job.
 */
export async function startJob(
  making: TaskMaking,
  reference: string,
  wanted: StartWanted,
  alongside: (job: Job, data: StoreData) => void = () => undefined,
): Promise<Started> {
  const keep = taskKeeper(making.store);
  const started = await making.store.change((data) => {
    const job = findJob(data.jobs, reference);
    noteOutcomes(data);
    const outcome = tryStart(data, job, wanted);
    if (outcome.type === 'made') keep(data, outcome.task);
    addStart(data, startOf(job, wanted, resultOf(outcome, data, job)));
    alongside(job, data);
    return outcome;
  });
  if (started.type === 'made') announceTask(making, started.task);
  return started;
}

/** A start of the history. */
export function startOf(
  { id }: Pick<Job, 'id'>,
  { by, values, now }: Pick<StartWanted, 'by' | 'values' | 'now'>,
  result: StartResult,
): JobStart {
  return { id: newJobStartId(), jobId: id, at: now.toISOString(), by, values, result };
}

function tryStart(data: StoreData, job: Job, { values, createdBy, now }: StartWanted): Started {
  const doing = `starting the job "${job.name}"`;
  try {
    const running = job.mayOverlap ? null : runningTaskOf(data, job);
    if (running !== null) {
      const task = render('en', running.title);
      refuseIf(message('reason.job-still-running', { task }), doing);
    }
    const made = taskRequestOf(job, values);
    if (made.type === 'faults') throw jobFaults(made.faults, doing);
    const task = makeTask(data, made.request, { createdBy, now: now.getTime() });
    return { type: 'made', task: { ...task, job: { id: job.id, name: job.name } } };
  } catch (error) {
    if (error instanceof OperatorError) return { type: 'refused', error };
    throw error;
  }
}

function resultOf(outcome: Started, data: StoreData, job: Job): StartResult {
  if (outcome.type === 'made') return { type: 'task', taskId: outcome.task.id, outcome: null };
  if (outcome.error.reason?.id === 'reason.job-still-running') {
    const running = runningTaskOf(data, job);
    if (running !== null) return { type: 'still-running', taskId: running.id };
  }
  return { type: 'refused', error: toReport(outcome.error) };
}
