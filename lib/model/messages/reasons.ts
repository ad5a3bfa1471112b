/** Why something cannot be done now. */

import type { Declarations } from '../message.ts';

export const REASON_MESSAGES = {
  'reason.host-has-work': {},
  'reason.disk-half-written': {},
  'reason.host-pending': {},
  'reason.disk-not-half-written': {},
  'reason.no-other-machine': {},
  'reason.too-many-pending': { most: 'number' },
  'reason.too-many-pending-there': { most: 'number' },
  'reason.too-many-within-the-hour': { most: 'number' },
  'reason.too-many-hosts': { most: 'number' },
  'reason.too-many-from-there': { most: 'number' },
  'reason.run-ended': {},
  'reason.image-protected': {},
  'reason.image-in-use': {},
  'reason.image-still-received': {},
  'reason.image-without-version': {},
  'reason.name-protected': {},
  'reason.name-being-captured': {},
  'reason.capture-makes-name': {},
  'reason.capture-makes-version': {},
  'reason.version-being-captured': {},
  'reason.group-empty': {},
  'reason.no-hosts': {},
  'reason.no-operation': {},
  'reason.operation-twice': { operation: 'message' },
  'reason.one-host-at-a-time': { operation: 'message' },
  'reason.nothing-follows': { operation: 'message' },
  'reason.would-destroy': { later: 'message', whole: 'message' },
  'reason.task-not-ended': {},
  'reason.last-operator': {},
  'reason.held-by': { host: 'text' },
  'reason.several-adapters': { adapters: 'text' },
  'reason.too-many-logons': {},
  /** `task`: its title in English. */
  'reason.job-still-running': { task: 'text' },
  'reason.job-has-too-many-tasks': { most: 'number' },
  'reason.jobs-too-long': {},
  'reason.job-changed-meanwhile': {},
  'reason.too-many-jobs': { most: 'number' },
  // kinds of operations
  'kind.capture': {},
  'kind.deploy': {},
  'kind.partition': {},
  'kind.shutdown': {},
} as const satisfies Declarations;

/** What is wrong with a job, or with the values that it is started with. */
export const JOB_MESSAGES = {
  'job-fault.name-twice': { name: 'text' },
  'job-fault.no-choices': { name: 'text' },
  'job-fault.choices-of-another': { name: 'text', type: 'text' },
  'job-fault.parameter-unknown': { name: 'text' },
  'job-fault.value-missing': { name: 'text' },
  'job-fault.wrong-type': { name: 'text', type: 'text' },
  'job-fault.not-a-choice': { name: 'text', choices: 'texts' },
  /** `text`: what the schema of task requests says. */
  'job-fault.field': { text: 'text' },
  'job-fault.field-unknown': { field: 'text' },
  /** In a job file. */
  'job-fault.key-unknown': { field: 'text' },
  'job-fault.file-too-long': { bytes: 'bytes' },
  'job-fault.too-deep': {},
  'job-fault.times': { text: 'text' },
  /** At most ten of them. */
  'job-fault.several': { faults: 'messages' },
} as const satisfies Declarations;
