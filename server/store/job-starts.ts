/** The starts of jobs, as far as they are kept, and what they came to. */

import { isDeepStrictEqual } from 'node:util';
import type { JobId, JobStartId } from '../../lib/model/ids.ts';
import type { Job, JobStart } from '../../lib/model/job.ts';
import { MAX_JOB_STARTS, MAX_STARTS_OF_JOB } from '../../lib/model/limits.ts';
import { taskState, type RunState, type Task } from '../../lib/model/task.ts';
import type { StoreData } from './schema.ts';
import { hasEnded } from './surplus-tasks.ts';

/** Whether a task that a job made has ended and its start does not say so yet. */
export function areOutcomesDue(data: StoreData): boolean {
  return outcomesDue(data).size > 0;
}

/** Writes what the tasks came to that have ended into the starts that made them. */
export function noteOutcomes(data: StoreData): void {
  for (const [id, outcome] of outcomesDue(data)) {
    const start = data.jobStarts.find((each) => each.id === id);
    if (start?.result.type === 'task') start.result.outcome = outcome;
  }
}

/** By start. A task that was interrupted may have gone on since. */
function outcomesDue({ jobStarts, tasks }: StoreData): Map<JobStartId, RunState> {
  const pending = jobStarts.filter(isPending);
  const due = new Map<JobStartId, RunState>();
  for (const { id, result } of pending) {
    if (result.type !== 'task') continue;
    const task = tasks.find((each) => each.id === result.taskId);
    if (task === undefined || !hasEnded(task)) continue;
    const state = taskState(task);
    if (state !== result.outcome) due.set(id, state);
  }
  return due;
}

/**
 * Adds a start; the oldest ones go when there are too many, of the job or of all, those first whose task has ended. Tries of
 * the same starter while the same task runs are one entry.
 */
export function addStart(data: StoreData, start: JobStart): void {
  const ofJob = data.jobStarts.filter(({ jobId }) => jobId === start.jobId);
  const triesBefore = triesLike(ofJob.at(-1), start);
  if (triesBefore > 0 && start.result.type === 'still-running') {
    const lastId = ofJob.at(-1)?.id;
    const result = { ...start.result, times: triesBefore + 1 };
    data.jobStarts = [...data.jobStarts.filter(({ id }) => id !== lastId), { ...start, result }];
    return;
  }
  const isCrowded = ofJob.length >= MAX_STARTS_OF_JOB;
  const crowd = isCrowded ? ofJob : data.jobStarts;
  const isFull = isCrowded || data.jobStarts.length >= MAX_JOB_STARTS;
  const oldest = crowd.find((each) => !isPending(each)) ?? crowd[0];
  const kept = isFull ? data.jobStarts.filter(({ id }) => id !== oldest?.id) : data.jobStarts;
  data.jobStarts = [...kept, start];
}

/** How many tries `last` stands for, when `start` is one more of them; else 0. */
function triesLike(last: JobStart | undefined, start: JobStart): number {
  if (last?.result.type !== 'still-running' || start.result.type !== 'still-running') return 0;
  const isLike = last.result.taskId === start.result.taskId && isDeepStrictEqual(last.by, start.by);
  return isLike ? last.result.times : 0;
}

/** The newest start of each job. */
export function lastStarts({ jobStarts }: Pick<StoreData, 'jobStarts'>): Map<JobId, JobStart> {
  return new Map(jobStarts.map((start) => [start.jobId, start]));
}

/** The tasks of the job that have not ended. */
export function runningTasksOf({ tasks }: StoreData, { id }: Pick<Job, 'id'>): readonly Task[] {
  return tasks.filter((task) => task.job?.id === id && !hasEnded(task));
}

function isPending({ result }: JobStart): boolean {
  return result.type === 'task' && (result.outcome === null || result.outcome === 'interrupted');
}
