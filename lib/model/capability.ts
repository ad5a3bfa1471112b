/** What an operator may do in which state: one table for server, command line and full-screen UI. */

import type { HalfWritten, HostApproval, HostState } from './host.ts';
import type { RunState } from './task.ts';

/** Whoever can reach the server can register hosts: so many, and no more, wait for an operator. */
export const MAX_PENDING_HOSTS = 500;

/** What an action depends on. */
export type Circumstances = {
  'host.delete': { hostState: HostState; unfinishedRuns: number };
  'host.work': { approval: HostApproval };
  'host.clear': { halfWritten: HalfWritten | null };
  'host.register': { pendingHosts: number };
  'run.cancel': { runState: RunState };
  'image.delete': { unfinishedRuns: number };
  'image.deploy': { versions: number };
  'image.capture': { capturesOfThatName: number };
  'group.deploy': { hosts: number };
  'operator.delete': { operators: number };
};
export type Action = keyof Circumstances;

/** Each row answers with the reason why not, or null when the action is allowed. */
const CAPABILITIES: { [A in Action]: (now: Circumstances[A]) => string | null } = {
  'host.delete': ({ hostState, unfinishedRuns }) =>
    hostState === 'working' || unfinishedRuns > 0
      ? 'the host has unfinished work: cancel it first'
      : null,
  'host.work': ({ approval }) =>
    approval === 'pending' ? 'it waits for approval: approve the host first' : null,
  'host.clear': ({ halfWritten }) =>
    halfWritten === null ? 'no disk of the host is known to be half written' : null,
  'host.register': ({ pendingHosts }) =>
    pendingHosts >= MAX_PENDING_HOSTS
      ? `${MAX_PENDING_HOSTS} hosts wait for approval already: approve or delete some first`
      : null,
  'run.cancel': ({ runState }) =>
    runState === 'waiting' || runState === 'running' ? null : 'the run has already ended',
  'image.delete': ({ unfinishedRuns }) =>
    unfinishedRuns > 0 ? 'an unfinished task uses the image: cancel it first' : null,
  'image.deploy': ({ versions }) =>
    versions === 0 ? 'the image has no complete version: capture it first' : null,
  'image.capture': ({ capturesOfThatName }) =>
    capturesOfThatName > 0 ? 'another unfinished task captures to this name' : null,
  'group.deploy': ({ hosts }) => (hosts === 0 ? 'the group has no hosts' : null),
  'operator.delete': ({ operators }) =>
    operators <= 1 ? 'nobody would be left who may log on: add another operator first' : null,
};

/** Why `action` is not allowed now, or null when it is. */
export function whyNot<A extends Action>(action: A, now: Circumstances[A]): string | null {
  return CAPABILITIES[action](now);
}
