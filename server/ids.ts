/** New identifiers, from the kernel's random numbers. */

import { randomInt } from 'node:crypto';
import { GroupId, HostId, JobId, JobStartId, RunId, SessionId, TaskId } from '../lib/model/ids.ts';

export function newHostId(): HostId {
  return HostId.parse(randomId('host'));
}

export function newGroupId(): GroupId {
  return GroupId.parse(randomId('group'));
}

export function newTaskId(): TaskId {
  return TaskId.parse(randomId('task'));
}

export function newRunId(): RunId {
  return RunId.parse(randomId('run'));
}

export function newSessionId(): SessionId {
  return SessionId.parse(randomId('session'));
}

export function newJobId(): JobId {
  return JobId.parse(randomId('job'));
}

export function newJobStartId(): JobStartId {
  return JobStartId.parse(randomId('start'));
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Ten characters are 51 bits: a million ids of a kind collide with a probability of 1 in 7,000. */
function randomId(prefix: string): string {
  const characters = Array.from({ length: 10 }, () => ALPHABET.charAt(randomInt(36)));
  return `${prefix}-${characters.join('')}`;
}
