/** A run that has begun, and what becomes of it by events. */

import { HostId, RunId, SessionId, TaskId } from '../../../lib/model/ids.ts';
import { Run } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { newRun } from '../../../server/tasks/new-run.ts';
import { applyRunEvent } from '../../../server/tasks/run-events.ts';

const EARLIER = '2026-11-21T07:00:00.000Z';

export const NOW = '2026-11-21T07:00:05.000Z';

export const SESSION = SessionId.parse('session-0000000001');

export const GONE = { code: 'interrupted', message: 'gone', hint: 'Look.', causes: [] } as const;

/** A run that its engine has just been given. */
export function givenRun(): Run {
  const taskId = TaskId.parse('task-0000000001');
  const hostId = HostId.parse('host-0000000001');
  return {
    ...newRun({ id: RunId.parse('run-0000000001'), taskId, hostId }),
    state: 'running',
    sessionId: SESSION,
    startedAt: EARLIER,
  };
}

/** The run after `events`, as it is stored. */
export function after(events: readonly RunEvent[], run = givenRun(), operationCount = 1): Run {
  const operations = Array.from({ length: operationCount }, () => ({ type: 'deploy' }) as const);
  for (const event of events) applyRunEvent(run, event, { by: 'engine', operations, now: NOW });
  return Run.parse(run);
}

export function steps(run: Run): string[] {
  return run.steps.map(({ id, state }) => `${id} ${state}`);
}
