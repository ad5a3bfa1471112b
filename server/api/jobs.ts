/** Operators' calls about jobs: making, changing and starting them. */

import { plannedStarts } from '../../lib/jobs/times.ts';
import { render } from '../../lib/messages/render.ts';
import { JobDefinition, type Job, type JobView } from '../../lib/model/job.ts';
import { MAX_JOBS } from '../../lib/model/limits.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import { parseMessage } from '../../lib/protocol/parse-message.ts';
import type { JOB_METHODS } from '../../lib/protocol/operator-api/jobs.ts';
import { compareNames } from '../compare-names.ts';
import { checkDefinition, editedJob, newJob } from '../jobs/definition.ts';
import { lastStarts } from '../store/job-starts.ts';
import { startJob } from '../jobs/start-job.ts';
import { findJob, findTask, refuseIf, refuseTakenName } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import { requestOfTask } from '../tasks/request-of-task.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';

const PLANNED = 10;

export function jobHandlers({
  store,
  work,
  wakeScheduler,
}: Pick<ApiContext, 'store' | 'work' | 'wakeScheduler'>): Handlers<typeof JOB_METHODS, [Caller]> {
  const view = (reference: string): JobView => {
    const data = store.read();
    const job = findJob(data.jobs, reference);
    return viewOf(job, lastStarts(data), PLANNED);
  };
  const add = async (caller: Caller, definition: JobDefinition): Promise<JobView> => {
    checkDefinition(definition, `making the job "${definition.name}"`);
    const id = await caller.store.change((data) => {
      refuseTakenName('job', data.jobs, definition.name);
      refuseIf(
        data.jobs.length < MAX_JOBS ? null : message('reason.too-many-jobs', { most: MAX_JOBS }),
        `making the job "${definition.name}"`,
      );
      const job = newJob(definition, { createdBy: caller.identity.name, now: new Date() });
      data.jobs.push(job);
      refuseTooLong(store, data);
      return job.id;
    });
    return view(id);
  };
  return {
    'job.list': async () => {
      const data = store.read();
      const starts = lastStarts(data);
      const jobs = data.jobs.toSorted((one, other) => compareNames(one.name, other.name));
      return Promise.resolve(jobs.map((job) => viewOf(job, starts, 1)));
    },
    'job.show': async ({ job }) => Promise.resolve(view(job)),
    'job.create': async ({ definition }, caller) => add(caller, definition),
    'job.keep': async ({ task: id, name }, caller) => {
      const data = store.read();
      const task = findTask(data.tasks, id);
      const description = render('en', task.title);
      const request: unknown = JSON.parse(JSON.stringify(requestOfTask(data, task)));
      const kept = { name, description, request };
      return add(caller, parseMessage(JobDefinition, kept, 'the job of a task'));
    },
    'job.edit': async ({ job: reference, revision, definition }, caller) => {
      const doing = `changing the job "${definition.name}"`;
      checkDefinition(definition, doing);
      const id = await caller.store.change((data) => {
        const job = findJob(data.jobs, reference);
        refuseIf(
          revision === undefined || revision === job.revision
            ? null
            : message('reason.job-changed-meanwhile'),
          doing,
        );
        refuseTakenName(
          'job',
          data.jobs.filter((other) => other.id !== job.id),
          definition.name,
        );
        data.jobs[data.jobs.indexOf(job)] = editedJob(job, definition, new Date());
        refuseTooLong(store, data);
        return job.id;
      });
      return view(id);
    },
    'job.delete': async ({ job: reference }, caller) => {
      await caller.store.change((data) => {
        const job = findJob(data.jobs, reference);
        data.jobs = data.jobs.filter(({ id }) => id !== job.id);
        data.jobStarts = data.jobStarts.filter(({ jobId }) => jobId !== job.id);
      });
      return {};
    },
    'job.start': async ({ job, values }, caller) => {
      const { name } = caller.identity;
      const started = await startJob({ store: caller.store, work, wakeScheduler }, job, {
        by: { type: 'operator', name },
        createdBy: name,
        values,
        now: new Date(),
      });
      if (started.type === 'made') return started.task;
      if (started.type === 'refused') throw started.error;
      throw new TypeError('nobody withdraws the start of an operator');
    },
    'job.history': async ({ job: reference, limit }) => {
      const { jobs, jobStarts } = store.read();
      const { id } = findJob(jobs, reference);
      const starts = jobStarts.filter(({ jobId }) => jobId === id);
      return Promise.resolve(starts.slice(-limit).toReversed());
    },
  };
}

/** All jobs together take an eighth of what the store may have: runs must always be able to report. */
function refuseTooLong(store: ApiContext['store'], { jobs }: StoreData): void {
  const bytes = jobs.reduce((sum, job) => sum + store.bytesOf(job), 0);
  const isTooLong = bytes > store.maxBytes / 8;
  refuseIf(isTooLong ? message('reason.jobs-too-long') : null, 'keeping the job');
}

function viewOf(job: Job, starts: ReturnType<typeof lastStarts>, planned: number): JobView {
  return {
    job,
    lastStart: starts.get(job.id) ?? null,
    nextStarts: plannedStarts(job.schedules, new Date(), planned),
  };
}
