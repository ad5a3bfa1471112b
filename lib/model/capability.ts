/** What an operator may do in which state: one table for server, command line and full-screen UI. */

import type { HostState } from './host.ts';
import type { RunState } from './task.ts';

/** What an action depends on. */
export type Circumstances = {
  'host.delete': { hostState: HostState; unfinishedRuns: number };
  'run.cancel': { runState: RunState };
  'image.delete': { unfinishedRuns: number };
  'image.deploy': { versions: number };
  'image.capture': { capturesOfThatName: number };
  'group.deploy': { hosts: number };
};
export type Action = keyof Circumstances;

/** Each row answers with the reason why not, or null when the action is allowed. */
const CAPABILITIES: { [A in Action]: (now: Circumstances[A]) => string | null } = {
  'host.delete': ({ hostState, unfinishedRuns }) =>
    hostState === 'working' || unfinishedRuns > 0
      ? 'the host has unfinished work: cancel it first'
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
};

/** Why `action` is not allowed now, or null when it is. */
export function whyNot<A extends Action>(action: A, now: Circumstances[A]): string | null {
  return CAPABILITIES[action](now);
}
