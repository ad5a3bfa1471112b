import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostId, ImageId, RunId, TaskId, VersionId } from '../../../lib/model/ids.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { giveTo } from '../../support/given-worker.ts';
import { Run } from '../../../lib/model/task.ts';
import { awaitedSystem } from '../../../lib/client/task-view.ts';

const AT = '2026-11-21T12:00:00.000Z';
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

test('a run whose host was told to restart awaits the system that it was told', () => {
  const move = { since: AT, orders: 1, toldTo: 'engine-0000000001' };
  for (const [to, system] of [
    ['engine', 'engine'],
    ['agent', 'disk'],
  ] as const) {
    const run = waitingRun(Run.pick({ move: true }).parse({ move: { ...move, to } }));
    const expected = { system, isRestarting: true };
    assert.deepEqual(awaitedSystem(run, { operations: OPERATIONS }), expected);
  }
});

test("a run that has begun and whose next operation is the agent's awaits the host's own system", () => {
  const begun = waitingRun({ startedAt: AT });
  assert.equal(awaitedSystem(begun, { operations: OPERATIONS }), null);
  giveTo('agent', 'partition');
  const expected = { system: 'disk', isRestarting: false };
  assert.deepEqual(awaitedSystem(begun, { operations: OPERATIONS }), expected);
  assert.equal(awaitedSystem(waitingRun({}), { operations: OPERATIONS }), null);
});
