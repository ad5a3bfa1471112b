/** The starts of jobs, as far as they are kept, and what they came to. */

import type { JobId, TaskId } from '../../lib/model/ids.ts';
import type { Job, JobStart } from '../../lib/model/job.ts';
import { MAX_JOB_STARTS, MAX_STARTS_OF_JOB } from '../../lib/model/limits.ts';
import { taskState, type Task } from '../../lib/model/task.ts';
import type { StoreData } from './schema.ts';
import { hasEnded } from './surplus-tasks.ts';

/** Whether a task that a job made has ended and the start does not say so yet. */
export function areOutcomesDue({ jobStarts, tasks }: StoreData): boolean {
  const waiting = new Set(jobStarts.map(taskWaitedFor).filter((id) => id !== null));
  return waiting.size > 0 && tasks.some((task) => waiting.has(task.id) && hasEnded(task));
}

/** Writes what the tasks came to that have ended into the starts that made them. */
export function noteOutcomes(data: StoreData): void {
  if (!areOutcomesDue(data)) return;
  const ended = new Map(data.tasks.filter(hasEnded).map((task) => [task.id, taskState(task)]));
  for (const start of data.jobStarts) {
    if (start.result.type !== 'task' || start.result.outcome !== null) continue;
    start.result.outcome = ended.get(start.result.taskId) ?? null;
  }
}

/** Adds a start; the oldest ones go when there are too many, of the job or of all. */
export function addStart(data: StoreData, start: JobStart): void {
  const ofJob = data.jobStarts.filter(({ jobId }) => jobId === start.jobId);
  const [oldest] = ofJob.length >= MAX_STARTS_OF_JOB ? ofJob : data.jobStarts;
  const isFull = ofJob.length >= MAX_STARTS_OF_JOB || data.jobStarts.length >= MAX_JOB_STARTS;
  const kept = isFull ? data.jobStarts.filter(({ id }) => id !== oldest?.id) : data.jobStarts;
  data.jobStarts = [...kept, start];
}

/** The newest start of each job. */
export function lastStarts({ jobStarts }: Pick<StoreData, 'jobStarts'>): Map<JobId, JobStart> {
  return new Map(jobStarts.map((start) => [start.jobId, start]));
}

/** A task of the job that has not ended. */
export function runningTaskOf({ jobStarts, tasks }: StoreData, job: Pick<Job, 'id'>): Task | null {
  const waiting = new Set(jobStarts.filter(({ jobId }) => jobId === job.id).map(taskWaitedFor));
  return tasks.find((task) => waiting.has(task.id) && !hasEnded(task)) ?? null;
}

function taskWaitedFor({ result }: JobStart): TaskId | null {
  return result.type === 'task' && result.outcome === null ? result.taskId : null;
}
