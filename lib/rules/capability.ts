/** What an operator may do in which state: one table for server, command line and full-screen UI. */

import type { HalfWritten, HostApproval, HostState } from '../model/host.ts';
import type { Message, SimpleMessage } from '../model/message.ts';
import { message } from '../model/messages/table.ts';
import { traitsOf, type Operation } from '../model/operation.ts';
import type { RunState } from '../model/task.ts';

/** The most hosts that wait for an operator: anybody who can reach the server can register hosts. */
export const MAX_PENDING_HOSTS = 500;
/** The most of them from one address, since each machine has its own. */
export const MAX_PENDING_HOSTS_PER_ADDRESS = 8;
/** With automatic registration nobody looks: beyond these, operators approve hosts. */
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
  /** `fromThere`: hosts, or pending ones, that came from the same address. `withinTheHour`: approved automatically. */
  'host.register': {
    approval: HostApproval;
    hosts: number;
    pendingHosts: number;
    fromThere: number;
    withinTheHour: number;
  };
  /** `isRecentlyInterrupted`: it begins again when its host comes back. */
  'run.cancel': { runState: RunState; isRecentlyInterrupted: boolean };
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

/** Each row returns the reason why not, or null when the action is allowed. */
const CAPABILITIES: { [A in Action]: (now: Circumstances[A]) => Message | null } = {
  // Registered again, it would boot that disk.
  'host.delete': ({ hostState, unfinishedRuns, halfWritten }) =>
    hostState === 'working' || unfinishedRuns > 0
      ? message('reason.host-has-work')
      : halfWritten !== null
        ? message('reason.disk-half-written')
        : null,
  'host.work': ({ approval }) => (approval === 'pending' ? message('reason.host-pending') : null),
  'host.clear': ({ halfWritten }) =>
    halfWritten === null ? message('reason.disk-not-half-written') : null,
  'host.acceptMachine': ({ hostState, otherMachines }) =>
    hostState === 'working'
      ? message('reason.host-has-work')
      : otherMachines === 0
        ? message('reason.no-other-machine')
        : null,
  'host.register': (now) =>
    now.approval === 'pending' ? refusalForPendingHost(now) : refusalForAutomaticRegistration(now),
  'run.cancel': ({ runState, isRecentlyInterrupted }) =>
    runState === 'waiting' || runState === 'running' || isRecentlyInterrupted
      ? null
      : message('reason.run-ended'),
  'image.delete': ({ isProtected, unfinishedRuns, cutOffRuns }) =>
    isProtected
      ? message('reason.image-protected')
      : unfinishedRuns > 0
        ? message('reason.image-in-use')
        : cutOffRuns > 0
          ? message('reason.image-still-received')
          : null,
  'image.deploy': ({ versions }) =>
    versions === 0 ? message('reason.image-without-version') : null,
  'image.capture': ({ isProtected, capturesOfThatName }) =>
    isProtected
      ? message('reason.name-protected')
      : capturesOfThatName > 0
        ? message('reason.name-being-captured')
        : null,
  'image.rename': ({ capturesOfOldName, capturesOfNewName }) =>
    capturesOfNewName > 0
      ? message('reason.capture-makes-name')
      : capturesOfOldName > 0
        ? message('reason.capture-makes-version')
        : null,
  'image.protect': ({ begunCaptures }) =>
    begunCaptures > 0 ? message('reason.version-being-captured') : null,
  'group.deploy': ({ hosts }) => (hosts === 0 ? message('reason.group-empty') : null),
  'task.create': ({ hosts, operations }) => refusalForOrder(hosts, operations),
  'task.putAway': ({ unfinishedRuns }) =>
    unfinishedRuns > 0 ? message('reason.task-not-ended') : null,
  'operator.delete': ({ operators }) => (operators <= 1 ? message('reason.last-operator') : null),
};

function refusalForPendingHost({
  pendingHosts,
  fromThere,
}: Circumstances['host.register']): Message | null {
  if (pendingHosts >= MAX_PENDING_HOSTS)
    return message('reason.too-many-pending', { most: MAX_PENDING_HOSTS });
  return fromThere >= MAX_PENDING_HOSTS_PER_ADDRESS
    ? message('reason.too-many-pending-there', { most: MAX_PENDING_HOSTS_PER_ADDRESS })
    : null;
}

function refusalForAutomaticRegistration({
  hosts,
  fromThere,
  withinTheHour,
}: Circumstances['host.register']): Message | null {
  if (withinTheHour >= MAX_HOSTS_BY_THEMSELVES_PER_HOUR)
    return message('reason.too-many-within-the-hour', { most: MAX_HOSTS_BY_THEMSELVES_PER_HOUR });
  if (hosts >= MAX_HOSTS_BY_THEMSELVES)
    return message('reason.too-many-hosts', { most: MAX_HOSTS_BY_THEMSELVES });
  return fromThere >= MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS
    ? message('reason.too-many-from-there', { most: MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS })
    : null;
}

/** Each kind once, on one disk: what a later one would undo, or what could never come, is refused. */
function refusalForOrder(hosts: number, operations: readonly Operation['type'][]): Message | null {
  if (hosts === 0) return message('reason.no-hosts');
  if (operations.length === 0) return message('reason.no-operation');
  const twice = operations.find((type, index) => operations.indexOf(type) !== index);
  if (twice !== undefined) return message('reason.operation-twice', { operation: kindOf(twice) });
  const alone = operations.find((type) => traitsOf({ type }).isForOneHost);
  if (hosts > 1 && alone !== undefined)
    return message('reason.one-host-at-a-time', { operation: kindOf(alone) });
  const end = operations.slice(0, -1).find((type) => traitsOf({ type }).endsWorker);
  if (end !== undefined) return message('reason.nothing-follows', { operation: kindOf(end) });
  return destroyedBy(operations);
}

/** What is written to a disk after a whole image, and is less, destroys it. */
function destroyedBy(operations: readonly Operation['type'][]): Message | null {
  const whole = operations.find((type) => traitsOf({ type }).leaves === 'image');
  if (whole === undefined) return null;
  const later = operations
    .slice(operations.indexOf(whole) + 1)
    .find((type) => traitsOf({ type }).leaves === 'table');
  return later === undefined
    ? null
    : message('reason.would-destroy', { later: kindOf(later), whole: kindOf(whole) });
}

function kindOf(type: Operation['type']): SimpleMessage {
  return message(`kind.${type}`);
}

/** Why `action` is not allowed now, or null when it is. */
export function refusalFor<A extends Action>(action: A, now: Circumstances[A]): Message | null {
  return CAPABILITIES[action](now);
}
