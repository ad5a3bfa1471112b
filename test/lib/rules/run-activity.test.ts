import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { HostId, ImageId, RunId, TaskId, VersionId } from '../../../lib/model/ids.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { giveTo } from '../../support/given-worker.ts';
import { Run } from '../../../lib/model/task.ts';
import { activityOf, type Activity } from '../../../lib/rules/run-activity.ts';

const AT = '2026-11-21T12:00:00.000Z';
const UNTIL = '2026-11-21T20:00:00.000Z';
const OPERATIONS: Operation[] = [
  {
    type: 'partition',
    disk: { type: 'only' },
    imageId: ImageId.parse('image-0000000001'),
    versionId: VersionId.parse('version-0000000001'),
  },
];

function waitingRun(change: Partial<Run>): Run {
  return Run.parse({
    id: RunId.parse('run-0000000001'),
    taskId: TaskId.parse('task-0000000001'),
    hostId: HostId.parse('host-0000000001'),
    state: 'waiting',
    operationIndex: 0,
    disk: null,
    diskOutcome: null,
    sessionId: null,
    startedAt: null,
    endedAt: null,
    steps: [],
    error: null,
    eventSequence: 0,
    missedSessions: 0,
    cancelRequested: false,
    ...change,
  });
}

function activity(run: Run, isHostWorking = false): Activity {
  return activityOf(
    run,
    { operations: OPERATIONS, waits: { since: AT, until: UNTIL } },
    isHostWorking,
  );
}

test('a run whose host was told to restart waits for the system that it was told', () => {
  const move = { since: AT, orders: 1, toldTo: 'engine-0000000001' };
  for (const [to, system] of [
    ['engine', 'engine'],
    ['agent', 'disk'],
  ] as const) {
    const run = waitingRun(Run.pick({ move: true }).parse({ move: { ...move, to } }));
    assert.deepEqual(activity(run), { type: 'waiting-for-system', system, isRestarting: true });
  }
});

test("a run that has begun and whose next operation is the agent's waits for the host's own system", (context) => {
  context.after(() => mock.restoreAll());
  const begun = waitingRun({ startedAt: AT });
  assert.equal(activity(begun).type, 'waiting-for-host');
  giveTo('agent', 'partition');
  const expected = { type: 'waiting-for-system', system: 'disk', isRestarting: false };
  assert.deepEqual(activity(begun), expected);
  assert.equal(activity(waitingRun({})).type, 'waiting-for-host');
});

test('a run waits for its host until its task has waited long enough, and without end once it has begun', () => {
  assert.deepEqual(activity(waitingRun({})), { type: 'waiting-for-host', until: UNTIL });
  const begun = activity(waitingRun({ startedAt: AT, steps: [] }), true);
  assert.deepEqual(begun.type === 'waiting-for-task' ? begun.until : begun, null);
});

test('a run whose host works for another task waits for that task', () => {
  assert.deepEqual(activity(waitingRun({}), true), { type: 'waiting-for-task', until: UNTIL });
  const missed = waitingRun({ missedSessions: 1 });
  assert.deepEqual(activity(missed, true), { type: 'waiting-for-session' });
});
