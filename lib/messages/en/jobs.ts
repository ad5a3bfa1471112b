/** Faults of jobs in English. */

import type { JOB_MESSAGES } from '../../model/messages/jobs.ts';
import type { TextsOf } from '../texts.ts';

export const jobs: TextsOf<typeof JOB_MESSAGES> = {
  'job-fault.name-twice': ({ name }) => `there are two of the name ${name}`,
  'job-fault.no-choices': ({ name }) =>
    `the choice ${name} has nothing to choose from: add choices`,
  'job-fault.choices-of-another': ({ name, type }) =>
    `${name} is of the type ${type}: only a choice has choices`,
  'job-fault.parameter-unknown': ({ name }) => `there is no parameter ${name}`,
  'job-fault.value-missing': ({ name }) => `the parameter ${name} has no default: give it a value`,
  'job-fault.wrong-type': ({ name, type }) => `the value of ${name} is not of the type ${type}`,
  'job-fault.not-a-choice': ({ name, choices }) =>
    `the value of ${name} is none of its choices: ${choices.join(', ')}`,
  'job-fault.field': ({ text }) => `no task can be made of it: ${text}`,
  'job-fault.field-unknown': ({ field }) => `a task has no field ${field}`,
  'job-fault.key-unknown': ({ field }) => `there is no ${field} here`,
  'job-fault.file-too-long': ({ bytes }) => `a job file has at most ${bytes}`,
  'job-fault.too-deep': 'its lists are too deep, or its anchors are repeated too often',
  'job-fault.times': ({ text }) => `it names no time: ${text}`,
  'job-fault.several': ({ faults }) => faults.join('; '),
};
