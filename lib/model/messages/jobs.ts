/** What is wrong with a job, or with the values that it is started with. */

import type { Declarations } from '../message.ts';

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
