/** Starting a job: a task is made, or the history says why not; both in one change of the store. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import { taskRequestOf } from '../../lib/jobs/task-request-of.ts';
import { render } from '../../lib/messages/render.ts';
import type { Job, JobStart, ParameterValues, Starter, StartResult } from '../../lib/model/job.ts';
import { MAX_TASKS_OF_JOB } from '../../lib/model/limits.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Task } from '../../lib/model/task.ts';
import { newJobStartId } from '../ids.ts';
import { findJob, refuseIf } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import { announceTask, makeTask, taskKeeper, type TaskMaking } from '../tasks/create-task.ts';
import { jobFaults } from './definition.ts';
import { addStart, runningTasksOf } from '../store/job-starts.ts';

export type StartWanted = {
  readonly by: Starter;
  /** Whose the task is. */
  readonly createdBy: string;
  readonly values: ParameterValues;
  readonly now: Date;
};

export type Started =
  | { readonly type: 'made'; readonly task: Task }
  /** `isNews`: the try before ended in another way. */
  | { readonly type: 'refused'; readonly error: OperatorError; readonly isNews: boolean }
  /** It is not wanted any more. */
  | { readonly type: 'withdrawn' };

type Attempt =
  | { readonly type: 'made'; readonly task: Task; readonly result: StartResult }
  | { readonly type: 'refused'; readonly error: OperatorError; readonly result: StartResult };

/** What else is done in the change that starts a job. */
export type Alongside = {
  /** Whether it is still to be started, as the store has it now. */
  readonly isWanted: (job: Job) => boolean;
  readonly after: (job: Job, data: StoreData) => void;
};

/**
 * Starts the job that is named so. Returns the task, or the error why there is none, which is in the history then. Throws
 * `not-found` when there is no such job.
 */
export async function startJob(
  making: TaskMaking,
  reference: string,
  wanted: StartWanted,
  alongside: Alongside | null = null,
): Promise<Started> {
  const keep = taskKeeper(making.store);
  const started = await making.store.change((data): Started => {
    const job = findJob(data.jobs, reference);
    if (alongside?.isWanted(job) === false) return { type: 'withdrawn' };
    const attempt = tryStart(data, job, wanted);
    const last = data.jobStarts.findLast(({ jobId }) => jobId === job.id);
    const isNews = !isLike(last, attempt.result);
    if (attempt.type === 'made') keep(data, attempt.task);
    addStart(data, startOf(job, wanted, attempt.result));
    alongside?.after(job, data);
    if (attempt.type === 'made') return { type: 'made', task: attempt.task };
    return { type: 'refused', error: attempt.error, isNews };
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

function tryStart(data: StoreData, job: Job, { values, createdBy, now }: StartWanted): Attempt {
  const doing = `starting the job "${job.name}"`;
  const running = runningTasksOf(data, job);
  const [first] = running;
  try {
    refuseIf(refusalForStart(job, running), doing);
    const made = taskRequestOf(job, values);
    if (made.type === 'faults') throw jobFaults(made.faults, doing);
    const { id, name } = job;
    const task = makeTask(data, made.request, { createdBy, now: now.getTime() });
    return {
      type: 'made',
      task: { ...task, job: { id, name } },
      result: { type: 'task', taskId: task.id, outcome: null },
    };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const result: StartResult =
      first !== undefined && !job.mayOverlap
        ? { type: 'still-running', taskId: first.id, times: 1 }
        : { type: 'refused', error: toReport(error) };
    return { type: 'refused', error, result };
  }
}

function refusalForStart({ mayOverlap }: Job, running: readonly Task[]): Message | null {
  const [first] = running;
  if (first === undefined) return null;
  if (!mayOverlap) return message('reason.job-still-running', { task: render('en', first.title) });
  return running.length < MAX_TASKS_OF_JOB
    ? null
    : message('reason.job-has-too-many-tasks', { most: MAX_TASKS_OF_JOB });
}

/** Whether the last try ended as this one does. */
function isLike(last: JobStart | undefined, result: StartResult): boolean {
  if (last?.result.type === 'still-running' && result.type === 'still-running') {
    return last.result.taskId === result.taskId;
  }
  if (last?.result.type !== 'refused' || result.type !== 'refused') return false;
  return last.result.error.message === result.error.message;
}
