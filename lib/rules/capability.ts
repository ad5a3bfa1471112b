/** What an operator may do in which state: one table for server, command line and full-screen UI. */

import type { HalfWritten, HostApproval, HostState } from '../model/host.ts';
import { traitsOf, type Operation } from '../model/operation.ts';
import type { RunState } from '../model/task.ts';

/** Whoever can reach the server can register hosts: so many, and no more, wait for an operator. */
export const MAX_PENDING_HOSTS = 500;
/** And so many from one address, where each machine has its own. */
export const MAX_PENDING_HOSTS_PER_ADDRESS = 8;
/** With automatic registration nobody looks: beyond these, operators take hosts in. */
export const MAX_HOSTS_BY_THEMSELVES = 5000;
export const MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS = 64;
/** Within any hour, from all addresses. */
export const MAX_HOSTS_BY_THEMSELVES_PER_HOUR = 1000;

/** What an action depends on. */
export type Circumstances = {
  'host.delete': {
    hostState: HostState;
    unfinishedRuns: number;
    halfWritten: HalfWritten | null;
  };
  'host.work': { approval: HostApproval };
  'host.clear': { halfWritten: HalfWritten | null };
  /** `otherMachines`: that said they were the host. */
  'host.acceptMachine': { hostState: HostState; otherMachines: number };
  /** `fromThere`: hosts, or pending ones, that came from the same address. `withinTheHour`: taken in by themselves. */
  'host.register': {
    approval: HostApproval;
    hosts: number;
    pendingHosts: number;
    fromThere: number;
    withinTheHour: number;
  };
  /** `isCutOff`: it begins again when its host comes back. */
  'run.cancel': { runState: RunState; isCutOff: boolean };
  /** `cutOffRuns`: of hosts that may still be receiving (isRecentlyInterrupted). */
  'image.delete': { isProtected: boolean; unfinishedRuns: number; cutOffRuns: number };
  'image.deploy': { versions: number };
  /** `isProtected`: of the image that has that name already, if there is one. */
  'image.capture': { isProtected: boolean; capturesOfThatName: number };
  /** Captures that have not ended, by the name that they will give. */
  'image.rename': { capturesOfOldName: number; capturesOfNewName: number };
  /** `begunCaptures`: to this image, that hosts are at. One that waits is refused when its turn comes. */
  'image.protect': { begunCaptures: number };
  'group.deploy': { hosts: number };
  'task.create': { hosts: number; operations: readonly Operation['type'][] };
  'task.putAway': { unfinishedRuns: number };
  'operator.delete': { operators: number };
};
export type Action = keyof Circumstances;

/** Each row answers with the reason why not, or null when the action is allowed. */
const CAPABILITIES: { [A in Action]: (now: Circumstances[A]) => string | null } = {
  // Registered anew, it would boot that disk.
  'host.delete': ({ hostState, unfinishedRuns, halfWritten }) =>
    hostState === 'working' || unfinishedRuns > 0
      ? 'the host has unfinished work: cancel it first'
      : halfWritten !== null
        ? 'its disk is half written: deploy anew, or clear the mark first (openclone host clear)'
        : null,
  'host.work': ({ approval }) =>
    approval === 'pending' ? 'it waits for approval: approve the host first' : null,
  'host.clear': ({ halfWritten }) =>
    halfWritten === null ? 'no disk of the host is known to be half written' : null,
  'host.acceptMachine': ({ hostState, otherMachines }) =>
    hostState === 'working'
      ? 'the host has unfinished work: cancel it first'
      : otherMachines === 0
        ? 'no other machine has said that it is this host'
        : null,
  'host.register': (now) => (now.approval === 'pending' ? whyNotPending(now) : whyNotByItself(now)),
  'run.cancel': ({ runState, isCutOff }) =>
    runState === 'waiting' || runState === 'running' || isCutOff
      ? null
      : 'the run has already ended',
  'image.delete': ({ isProtected, unfinishedRuns, cutOffRuns }) =>
    isProtected
      ? 'the image is protected: take the protection away first'
      : unfinishedRuns > 0
        ? 'an unfinished task uses the image: cancel it first'
        : cutOffRuns > 0
          ? 'a host that was cut off may still be receiving it: it can be deleted an hour after that'
          : null,
  'image.deploy': ({ versions }) =>
    versions === 0 ? 'the image has no complete version: capture it first' : null,
  'image.capture': ({ isProtected, capturesOfThatName }) =>
    isProtected
      ? 'the image of this name is protected: take the protection away first, or choose another name'
      : capturesOfThatName > 0
        ? 'another unfinished task captures to this name'
        : null,
  'image.rename': ({ capturesOfOldName, capturesOfNewName }) =>
    capturesOfNewName > 0
      ? 'an unfinished capture will make an image of that name: cancel it first, or choose another name'
      : capturesOfOldName > 0
        ? 'an unfinished capture will make a version of it: cancel it first'
        : null,
  'image.protect': ({ begunCaptures }) =>
    begunCaptures > 0
      ? 'a version of it is being captured: let that end, or cancel it first'
      : null,
  'group.deploy': ({ hosts }) => (hosts === 0 ? 'the group has no hosts' : null),
  'task.create': ({ hosts, operations }) => whyNotInThisOrder(hosts, operations),
  'task.putAway': ({ unfinishedRuns }) =>
    unfinishedRuns > 0 ? 'a part of the task has not ended yet' : null,
  'operator.delete': ({ operators }) =>
    operators <= 1 ? 'nobody would be left who may log on: add another operator first' : null,
};

function whyNotPending({ pendingHosts, fromThere }: Circumstances['host.register']): string | null {
  if (pendingHosts >= MAX_PENDING_HOSTS)
    return `${MAX_PENDING_HOSTS} hosts wait for approval already: approve or delete some first`;
  return fromThere >= MAX_PENDING_HOSTS_PER_ADDRESS
    ? `${MAX_PENDING_HOSTS_PER_ADDRESS} hosts from its address wait for approval already: approve or delete some first`
    : null;
}

function whyNotByItself({
  hosts,
  fromThere,
  withinTheHour,
}: Circumstances['host.register']): string | null {
  if (withinTheHour >= MAX_HOSTS_BY_THEMSELVES_PER_HOUR)
    return `${MAX_HOSTS_BY_THEMSELVES_PER_HOUR} hosts have registered by themselves within an hour: this one can later, or is added by an operator (openclone host add)`;
  if (hosts >= MAX_HOSTS_BY_THEMSELVES)
    return `there are ${MAX_HOSTS_BY_THEMSELVES} hosts already: further ones are added by operators (openclone host add)`;
  return fromThere >= MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS
    ? `${MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS} hosts have registered from its address already: further ones are added by operators (openclone host add)`
    : null;
}

/** Each kind once, on one disk: what a later one would undo, or what could never come, is refused. */
function whyNotInThisOrder(hosts: number, operations: readonly Operation['type'][]): string | null {
  if (hosts === 0) return 'there are no hosts';
  if (operations.length === 0) return 'there is nothing to do: add an operation';
  const twice = operations.find((type, index) => operations.indexOf(type) !== index);
  if (twice !== undefined) return `${twice} is there twice: each operation can be there once`;
  const alone = operations.find((type) => traitsOf({ type }).isForOneHost);
  if (hosts > 1 && alone !== undefined) return `${alone} is for one host at a time`;
  const end = operations.slice(0, -1).find((type) => traitsOf({ type }).endsWorker);
  if (end !== undefined) return `nothing can follow a ${end}`;
  return destroyedBy(operations);
}

/** What is written to a disk after a whole image, and is less, destroys it. */
function destroyedBy(operations: readonly Operation['type'][]): string | null {
  const whole = operations.find((type) => traitsOf({ type }).leaves === 'image');
  if (whole === undefined) return null;
  const later = operations
    .slice(operations.indexOf(whole) + 1)
    .find((type) => traitsOf({ type }).leaves === 'table');
  return later === undefined ? null : `${later} after ${whole} would destroy what was deployed`;
}

/** Why `action` is not allowed now, or null when it is. */
export function refusalFor<A extends Action>(action: A, now: Circumstances[A]): string | null {
  return CAPABILITIES[action](now);
}
