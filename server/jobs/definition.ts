/** Jobs as operators write them, checked and stored. */

import { OperatorError } from '../../lib/errors.ts';
import { definitionOf } from '../../lib/jobs/job-file.ts';
import { definitionFaults, type JobFault } from '../../lib/jobs/task-request-of.ts';
import { render } from '../../lib/messages/render.ts';
import type { Job, JobDefinition, Schedule, ScheduleDefinition } from '../../lib/model/job.ts';
import { message } from '../../lib/model/messages/table.ts';
import { isDeepStrictEqual } from 'node:util';
import { newJobId } from '../ids.ts';

const MOST_FAULTS = 10;

/** Throws `bad-argument` with all that is wrong with it. */
export function checkDefinition(definition: JobDefinition, doing: string): void {
  const faults = definitionFaults(definition);
  if (faults.length > 0) throw jobFaults(faults, doing);
}

/** The error of a job, or of values that it is started with. */
export function jobFaults(faults: readonly JobFault[], doing: string): OperatorError {
  const shown = faults.slice(0, MOST_FAULTS);
  const said = shown.map(({ path, what }) =>
    [...(path.length === 0 ? [] : [path.join('.')]), render('en', what)].join(': '),
  );
  return new OperatorError({
    code: 'bad-argument',
    message: `${doing}: ${said.join('; ')}`,
    hint: '`openclone job check FILE` says where in a job file it is.',
    reason: message('job-fault.several', { faults: shown.map(({ what }) => what) }),
  });
}

export function newJob(
  definition: JobDefinition,
  { createdBy, now }: { readonly createdBy: string; readonly now: Date },
): Job {
  return {
    ...definition,
    id: newJobId(),
    revision: 1,
    createdAt: now.toISOString(),
    createdBy,
    schedules: definition.schedules.map((schedule) => marked(schedule, undefined, now)),
  };
}

/** The job by another definition; the same one when nothing is another. */
export function editedJob(job: Job, definition: JobDefinition, now: Date): Job {
  if (isDeepStrictEqual(definitionOf(job), definition)) return job;
  return {
    ...job,
    ...definition,
    revision: job.revision + 1,
    schedules: definition.schedules.map((schedule) =>
      marked(
        schedule,
        job.schedules.find(({ name }) => name === schedule.name),
        now,
      ),
    ),
  };
}

/** One that is new, switched on or has other times has missed nothing so far. */
function marked(definition: ScheduleDefinition, was: Schedule | undefined, now: Date): Schedule {
  const goesOn =
    was !== undefined &&
    was.isOn === definition.isOn &&
    isDeepStrictEqual(was.when, definition.when);
  return { ...definition, mark: goesOn ? was.mark : now.toISOString() };
}
