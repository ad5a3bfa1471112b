/** What the store holds: its schema, its version, and the check of what a change touched. */

import { z } from 'zod';
import { Group } from '../../lib/model/group.ts';
import { Host } from '../../lib/model/host.ts';
import { Image } from '../../lib/model/image.ts';
import { Job, JobStart } from '../../lib/model/job.ts';
import { OperatorAccount } from '../../lib/model/operator-account.ts';
import { Settings } from '../../lib/model/settings.ts';
import { Task } from '../../lib/model/task.ts';
import { MIGRATIONS } from './migrations.ts';
import type { StoreFormat } from './store-text.ts';

/** Raised whenever an older program would misread the file, together with a row in the migrations table. */
export const STORE_VERSION = 5;

/** The kinds of records, each a list in the store. */
const RECORDS = {
  hosts: Host,
  groups: Group,
  images: Image,
  tasks: Task,
  operators: OperatorAccount,
  jobs: Job,
  jobStarts: JobStart,
} as const;

const KINDS = ['hosts', 'groups', 'images', 'tasks', 'operators', 'jobs', 'jobStarts'] as const;

export const StoreData = z.strictObject({
  schemaVersion: z.literal(STORE_VERSION),
  hosts: z.array(RECORDS.hosts),
  groups: z.array(RECORDS.groups),
  images: z.array(RECORDS.images),
  tasks: z.array(RECORDS.tasks),
  operators: z.array(RECORDS.operators),
  jobs: z.array(RECORDS.jobs),
  /** Oldest first. */
  jobStarts: z.array(RECORDS.jobStarts),
  settings: Settings,
});
export type StoreData = z.infer<typeof StoreData>;

/** Each id once, and each MAC address: who edits the file by hand may have copied a line. */
const Consistent = StoreData.superRefine((data, context) => {
  for (const [what, key, value] of doubles(data)) {
    context.addIssue({ code: 'custom', message: `two ${what} have the ${key} ${value}` });
  }
});

export const STORE_FORMAT: StoreFormat<StoreData> = {
  version: STORE_VERSION,
  schema: Consistent,
  migrations: MIGRATIONS,
};

function doubles({
  hosts,
  groups,
  images,
  tasks,
  operators,
  jobs,
  jobStarts,
}: StoreData): string[][] {
  const twice = (what: string, key: string, values: readonly string[]): string[][] => {
    const seen = new Set<string>();
    return values
      .filter((value) => seen.size === seen.add(value).size)
      .map((value) => [what, key, value]);
  };
  const ids = (records: readonly { readonly id: string }[]): string[] =>
    records.map(({ id }) => id);
  const runs = tasks.flatMap((task) => task.runs);
  const versions = images.flatMap((image) => image.versions);
  return [
    ...twice('hosts', 'id', ids(hosts)),
    ...twice(
      'hosts',
      'MAC address',
      hosts.map(({ mac }) => mac),
    ),
    ...twice('groups', 'id', ids(groups)),
    ...twice('images', 'id', ids(images)),
    ...twice('versions of images', 'id', ids(versions)),
    ...twice('tasks', 'id', ids(tasks)),
    ...twice('runs', 'id', ids(runs)),
    ...twice('jobs', 'id', ids(jobs)),
    ...twice('starts of jobs', 'id', ids(jobStarts)),
    ...twice(
      'operators',
      'name',
      operators.map(({ name }) => name),
    ),
  ];
}

/** A store nobody has used yet. */
export function emptyStore(): StoreData {
  return {
    schemaVersion: STORE_VERSION,
    hosts: [],
    groups: [],
    images: [],
    tasks: [],
    operators: [],
    jobs: [],
    jobStarts: [],
    settings: Settings.parse({ automaticRegistration: false }),
  };
}

/** The records that are known to fit their schemas; a record that a change touches is another object. */
export type CheckedRecords = WeakSet<object>;

/** All records of `data`, which has just been read through its schema. */
export function checkedRecordsOf(data: StoreData): CheckedRecords {
  return new WeakSet<object>(KINDS.flatMap((kind): object[] => data[kind]));
}

/**
 * Checks the records of `after` that `before` does not have, so that nothing is ever written that could not be
 * read again; the fitting ones join `checked`. Throws ZodError: a change that does not fit is a bug.
 */
export function checkChanges(before: StoreData, after: StoreData, checked: CheckedRecords): void {
  for (const key of KINDS) {
    if (after[key] === before[key]) continue;
    for (const [index, record] of after[key].entries()) {
      // The comparison is a tenth of the look-up, and answers for nearly all.
      if (record === before[key][index] || checked.has(record)) continue;
      RECORDS[key].parse(record);
      checked.add(record);
    }
  }
}
