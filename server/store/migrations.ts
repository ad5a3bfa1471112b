/** How a store of an older version becomes one of the next version. */

import { z } from 'zod';
import type { Migrations } from './store-text.ts';

/**
 * One row per version that has been superseded: version N → the function that makes version N + 1 of it, its
 * `schemaVersion` included. Rows stay for ever.
 */
export const MIGRATIONS: Migrations = new Map([[1, toVersion2]]);

const Version1 = z.looseObject({
  hosts: z.array(z.looseObject({})),
  tasks: z.array(
    z.looseObject({
      runs: z.array(z.looseObject({ steps: z.array(z.looseObject({ id: z.string() })) })),
    }),
  ),
});

/** Version 2: steps say whether they write; hosts are approved or pending, know of half-written disks and debug shells; operators; settings. */
function toVersion2(old: unknown): unknown {
  const { hosts, tasks, ...rest } = Version1.parse(old);
  return {
    ...rest,
    schemaVersion: 2,
    // Version 1 took every host in that registered.
    hosts: hosts.map((host) => ({
      ...host,
      approval: 'approved',
      halfWritten: null,
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

/** In version 1 the first word of a step's name said whether it could write to a disk. */
function isHarmless(stepId: string): boolean {
  return /^(check|wait|read|capture|protect|store|shutdown)-/.test(stepId);
}
