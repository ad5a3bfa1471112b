/** Reasons in English. */

import type { JOB_MESSAGES, REASON_MESSAGES } from '../../model/messages/reasons.ts';
import type { TextsOf } from '../texts.ts';

export const reasons: TextsOf<typeof REASON_MESSAGES> = {
  'reason.host-has-work': 'the host has unfinished work: cancel it first',
  'reason.disk-half-written':
    'its disk is half written: deploy again, or clear the mark first (openclone host clear)',
  'reason.host-pending': 'it waits for approval: approve the host first',
  'reason.disk-not-half-written': 'no disk of the host is known to be half written',
  'reason.no-other-machine': 'no other machine has said that it is this host',
  'reason.too-many-pending': ({ most }) =>
    `${most} hosts wait for approval already: approve or delete some first`,
  'reason.too-many-pending-there': ({ most }) =>
    `${most} hosts from its address wait for approval already: approve or delete some first`,
  'reason.too-many-within-the-hour': ({ most }) =>
    `${most} hosts have registered by themselves within an hour: this one can later, or is added by an operator (openclone host add)`,
  'reason.too-many-hosts': ({ most }) =>
    `there are ${most} hosts already: further ones are added by operators (openclone host add)`,
  'reason.too-many-from-there': ({ most }) =>
    `${most} hosts have registered from its address already: further ones are added by operators (openclone host add)`,
  'reason.run-ended': 'the run has already ended',
  'reason.image-protected': 'the image is protected: take the protection away first',
  'reason.image-in-use': 'an unfinished task uses the image: cancel it first',
  'reason.image-still-received':
    'a host that was cut off may still be receiving it: it can be deleted an hour after that',
  'reason.image-without-version': 'the image has no complete version: capture it first',
  'reason.name-protected':
    'the image of this name is protected: take the protection away first, or choose another name',
  'reason.name-being-captured': 'another unfinished task captures to this name',
  'reason.capture-makes-name':
    'an unfinished capture will make an image of that name: cancel it first, or choose another name',
  'reason.capture-makes-version':
    'an unfinished capture will make a version of it: cancel it first',
  'reason.version-being-captured':
    'a version of it is being captured: let that end, or cancel it first',
  'reason.group-empty': 'the group has no hosts',
  'reason.no-hosts': 'there are no hosts',
  'reason.no-operation': 'there is nothing to do: add an operation',
  'reason.operation-twice': ({ operation }) =>
    `${operation} is there twice: each operation can be there once`,
  'reason.one-host-at-a-time': ({ operation }) => `${operation} is for one host at a time`,
  'reason.nothing-follows': ({ operation }) => `nothing can follow a ${operation}`,
  'reason.would-destroy': ({ later, whole }) =>
    `${later} after ${whole} would destroy what was deployed`,
  'reason.task-not-ended': 'a part of the task has not ended yet',
  'reason.last-operator': 'nobody would be left who may log on: add another operator first',
  'reason.held-by': ({ host }) => `${host} has it`,
  'reason.several-adapters': ({ adapters }) =>
    `it came from several network adapters (${adapters})`,
  'reason.job-still-running': ({ task }) =>
    `an earlier start of the job has not ended (${task}): let it end, or cancel it first`,
  'reason.job-has-too-many-tasks': ({ most }) =>
    `the job has ${most} tasks that have not ended: let some end, or cancel them first`,
  'reason.jobs-too-long':
    'the jobs take too much room together: delete some, or name groups in the place of many hosts',
  'reason.job-changed-meanwhile': 'the job was changed meanwhile: read it again',
  'reason.too-many-jobs': ({ most }) => `there are ${most} jobs already: delete some first`,
  'reason.too-many-logons': 'there were too many logons just now',
  'kind.capture': 'capture',
  'kind.deploy': 'deploy',
  'kind.partition': 'partition',
  'kind.shutdown': 'shutdown',
};

export const jobFaults: TextsOf<typeof JOB_MESSAGES> = {
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
