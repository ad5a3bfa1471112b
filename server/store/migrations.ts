/** How a store of an older version becomes one of the next version. */

import { z } from 'zod';
import type { Migrations } from './store-text.ts';

/**
 * One row per version that has been superseded: version N → the function that makes version N + 1 of it, its
 * `schemaVersion` included. Rows stay for ever.
 */
export const MIGRATIONS: Migrations = new Map([
  [1, toVersion2],
  [2, toVersion3],
]);

const Version1 = z.looseObject({
  hosts: z.array(z.looseObject({ id: z.string() })),
  tasks: z.array(
    z.looseObject({
      runs: z.array(
        z.looseObject({
          id: z.string(),
          hostId: z.string(),
          disk: z.string().nullable(),
          diskOutcome: z.string().nullable(),
          endedAt: z.string().nullable(),
          steps: z.array(z.looseObject({ id: z.string() })),
        }),
      ),
    }),
  ),
});
type Run1 = z.infer<typeof Version1>['tasks'][number]['runs'][number];

/** Version 2: steps say whether they write; hosts are approved or pending, know of half-written disks and debug shells; operators; settings. */
function toVersion2(old: unknown): unknown {
  const { hosts, tasks, ...rest } = Version1.parse(old);
  const runs1 = tasks.flatMap(({ runs }) => runs);
  return {
    ...rest,
    schemaVersion: 2,
    // Version 1 took every host in that registered.
    hosts: hosts.map((host) => ({
      ...host,
      approval: 'approved',
      halfWritten: halfWrittenBy(runs1.filter(({ hostId }) => hostId === host.id)),
      debugShell: false,
    })),
    tasks: tasks.map(({ runs, ...task }) => ({
      ...task,
      wake: false,
      runs: runs.map(({ steps, ...run }) => ({
        ...run,
        steps: steps.map((step) => ({ ...step, writes: !isHarmless(step.id) })),
      })),
    })),
    operators: [],
    settings: { automaticRegistration: true },
  };
}

/** What the last of a host's runs that wrote to a disk has left there, by the rule of server/tasks/half-written.ts. */
function halfWrittenBy(
  runs: readonly Run1[],
): { runId: string; disk: string; since: string } | null {
  let last: { run: Run1; since: string } | null = null;
  for (const run of runs) {
    const { diskOutcome, endedAt } = run;
    if (endedAt === null || diskOutcome === null || diskOutcome === 'untouched') continue;
    if (last === null || last.since <= endedAt) last = { run, since: endedAt };
  }
  if (last === null || last.run.diskOutcome === 'complete') return null;
  const { run, since } = last;
  return { runId: run.id, disk: run.disk ?? 'an unknown disk', since };
}

/** In version 1 the first word of a step's name said whether it could write to a disk. */
function isHarmless(stepId: string): boolean {
  return /^(check|wait|read|capture|protect|store|shutdown)-/.test(stepId);
}

const Version2 = z.looseObject({ tasks: z.array(z.looseObject({})) });

/** How long work of version 2 waits, which had no end. */
const WAIT_MS_3 = 24 * 3_600_000;

/** Version 3: tasks wait for their hosts until a given time; what is there already waits for a day from now on. */
function toVersion3(old: unknown): unknown {
  const { tasks, ...rest } = Version2.parse(old);
  const now = Date.now();
  const waits = {
    since: new Date(now).toISOString(),
    until: new Date(now + WAIT_MS_3).toISOString(),
  };
  return { ...rest, schemaVersion: 3, tasks: tasks.map((task) => ({ ...task, waits })) };
}
