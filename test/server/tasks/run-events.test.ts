import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '../../../lib/model/error-treatment.ts';
import { HostId, RunId, SessionId, TaskId } from '../../../lib/model/ids.ts';
import { Run } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { isInsideOperation } from '../../../lib/rules/run-resumption.ts';
import { newRun } from '../../../server/tasks/new-run.ts';
import {
  applyRunEvent,
  restartOperation,
  endRun,
  interruptRun,
  markDropped,
  resumeRun,
} from '../../../server/tasks/run-events.ts';
import { capturedDisk, operationEnded, plan, started, stepEnded } from '../sample-room.ts';
import { english } from '../../support/messages.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

const EARLIER = '2026-11-21T07:00:00.000Z';
const NOW = '2026-11-21T07:00:05.000Z';
const SESSION = SessionId.parse('session-0000000001');
const GONE = { code: 'interrupted', message: 'gone', hint: 'Look.', causes: [] } as const;

/** A run that its engine has just been given. */
function givenRun(): Run {
  const taskId = TaskId.parse('task-0000000001');
  const hostId = HostId.parse('host-0000000001');
  return {
    ...newRun({ id: RunId.parse('run-0000000001'), taskId, hostId }),
    ...{ state: 'running', sessionId: SESSION, startedAt: EARLIER },
  };
}

/** The run after `events`, as it is stored. */
function after(events: readonly RunEvent[], run = givenRun(), operationCount = 1): Run {
  const operations = Array.from({ length: operationCount }, () => ({ type: 'deploy' }) as const);
  for (const event of events) applyRunEvent(run, event, { by: 'engine', operations, now: NOW });
  return Run.parse(run);
}

function steps(run: Run): string[] {
  return run.steps.map(({ id, state }) => `${id} ${state}`);
}

describe('a plan', () => {
  test('a plan says the disk and all steps before the first one begins', () => {
    const run = after([plan('check-target', 'write-p1')]);
    assert.equal(run.disk, '/dev/sda (QEMU HARDDISK, QM00001)');
    assert.deepEqual(steps(run), ['check-target planned', 'write-p1 planned']);
    assert.deepEqual(run.steps[0], {
      id: 'check-target',
      title: verbatim('do check-target'),
      totalBytes: null,
      writes: false,
      state: 'planned',
      startedAt: null,
      endedAt: null,
      doneBytes: 0,
      notes: [],
      error: null,
    });
  });

  test('a plan of a later operation comes behind what was done', () => {
    const run = after(
      [
        ...[plan('write-p1'), started('write-p1'), stepEnded('write-p1'), operationEnded()],
        plan('shutdown-host'),
      ],
      givenRun(),
      2,
    );
    assert.deepEqual(steps(run), ['write-p1 completed', 'shutdown-host planned']);
  });

  test('a plan that comes twice counts once', () => {
    const run = after([plan('check-target', 'write-p1'), plan('check-target', 'write-p1')]);
    assert.deepEqual(steps(run), ['check-target planned', 'write-p1 planned']);
  });
});

describe('a step', () => {
  test('a step has the time of its beginning and its end, its bytes, note and error', () => {
    const run = after([plan('write-p1'), started('write-p1')]);
    assert.deepEqual([run.steps[0]?.state, run.steps[0]?.startedAt], ['running', NOW]);
    const error = { code: 'disk-write-failed', message: 'm', hint: 'h', causes: ['c'] } as const;
    const end: RunEvent = {
      ...{ type: 'step-ended', stepId: 'write-p1', state: 'failed' },
      ...{ doneBytes: 77, notes: [verbatim('half of it')], error: { ...error, causes: ['c'] } },
    };
    const [step] = after([end], run).steps;
    assert.deepEqual(
      [
        step?.state,
        step?.startedAt,
        step?.endedAt,
        step?.doneBytes,
        english(step?.notes),
        step?.error?.code,
      ],
      ['failed', NOW, NOW, 77, 'half of it', 'disk-write-failed'],
    );
  });

  test('a step ends in each of five ways', () => {
    for (const state of ['completed', 'warned', 'skipped', 'failed', 'aborted'] as const) {
      assert.equal(after([plan('x'), stepEnded('x', state)]).steps[0]?.state, state);
    }
  });

  test('a step that no plan has is passed over', () => {
    assert.deepEqual(steps(after([plan('x'), started('y'), stepEnded('y')])), ['x planned']);
  });

  test('a step of the same name as one of a session that was missed is the newer one', () => {
    const missed = operationEnded('failed', { diskOutcome: 'untouched', code: 'session-missed' });
    const run = after([
      ...[plan('wait-for-data'), started('wait-for-data'), stepEnded('wait-for-data', 'failed')],
      ...[missed, plan('wait-for-data'), started('wait-for-data')],
    ]);
    assert.deepEqual(steps(run), ['wait-for-data failed', 'wait-for-data running']);
  });
});

test('that a receiver is ready or an image came in changes nothing in the run itself', () => {
  const before = after([plan('wait-for-data')]);
  const events: RunEvent[] = [
    { type: 'session-ready', sessionId: SESSION },
    { type: 'captured', image: capturedDisk() },
  ];
  assert.deepEqual(after(events, structuredClone(before)), before);
});

describe('the end of an operation', () => {
  test('the end of an operation that was the last one ends the run', () => {
    const run = after([plan('x'), started('x'), stepEnded('x'), operationEnded()]);
    assert.deepEqual(
      [run.state, run.endedAt, run.diskOutcome, run.error],
      ['completed', NOW, 'complete', null],
    );
  });

  test('the end of an operation with a step that warned is a warning', () => {
    assert.equal(
      after([plan('x'), stepEnded('x', 'warned'), operationEnded('warned')]).state,
      'warned',
    );
  });

  test('the end of an operation before others leaves the run under way', () => {
    const run = after([operationEnded()], givenRun(), 2);
    assert.deepEqual([run.state, run.operationIndex, run.endedAt], ['running', 1, null]);
    const end = operationEnded('completed', { operationIndex: 1, diskOutcome: 'untouched' });
    const ended = after([end], run, 2);
    assert.deepEqual(
      [ended.state, ended.operationIndex, ended.diskOutcome],
      ['completed', 2, 'complete'],
    );
  });

  test('an operation that failed fails the run, and the operations behind it are not begun', () => {
    const failed = operationEnded('failed', { diskOutcome: 'cleared', code: 'hash-mismatch' });
    const run = after([plan('x', 'y'), started('x'), failed], givenRun(), 2);
    assert.deepEqual(
      [run.state, run.operationIndex, run.diskOutcome, run.error?.code],
      ['failed', 0, 'cleared', 'hash-mismatch'],
    );
    assert.deepEqual(steps(run), ['x aborted', 'y skipped']);
  });

  test('the end of an operation that was aborted aborts the run', () => {
    const run = after([operationEnded('aborted', { diskOutcome: 'cleared', code: 'cancelled' })]);
    assert.deepEqual([run.state, run.error?.code], ['aborted', 'cancelled']);
  });

  test('the end of an operation that failed after an operator cancelled is an abort', () => {
    const run = { ...givenRun(), cancelRequested: true };
    assert.equal(after([operationEnded('failed', { code: 'tool-failed' })], run).state, 'aborted');
  });
});

describe('a missed session', () => {
  const missed = (code: 'session-missed' | 'session-failed' = 'session-missed'): RunEvent =>
    operationEnded('failed', { diskOutcome: 'untouched', code });

  test('a missed session lets the run wait for another one', () => {
    for (const code of ['session-missed', 'session-failed'] as const) {
      const run = after([plan('check-target', 'wait-for-data', 'write-p1'), missed(code)]);
      assert.deepEqual(
        [run.state, run.missedSessions, run.sessionId, run.endedAt],
        ['waiting', 1, null, null],
      );
    }
  });

  test('a missed session fails the run the third time', () => {
    const run = givenRun();
    for (const state of ['waiting', 'waiting', 'failed'] as const) {
      run.state = 'running';
      assert.equal(after([missed()], run).state, state);
    }
  });

  test('a missed session fails the run when something was written or an operator cancelled', () => {
    const written = operationEnded('failed', { diskOutcome: 'cleared', code: 'session-failed' });
    assert.equal(after([written]).state, 'failed');
    assert.equal(after([missed()], { ...givenRun(), cancelRequested: true }).state, 'aborted');
  });

  test('a missed session is no other failure', () => {
    const other = operationEnded('failed', { diskOutcome: 'untouched', code: 'disk-busy' });
    assert.equal(after([other]).state, 'failed');
  });
});

describe('a host that its session dropped', () => {
  const failed = (code: ErrorCode): RunEvent =>
    operationEnded('failed', { diskOutcome: 'cleared', code });
  function dropped(): Run {
    const run = after([plan('wait-for-data', 'write-p1'), started('write-p1')]);
    markDropped(run, SESSION);
    return run;
  }

  test('a host that its session dropped tries again, though its disk was being written', () => {
    for (const code of ['session-failed', 'stream-broken'] as const) {
      const run = after([failed(code)], dropped());
      assert.deepEqual(
        [run.state, run.missedSessions, run.sessionId, run.diskOutcome, run.error],
        ['waiting', 1, null, 'cleared', null],
      );
    }
  });

  test('a host that its session dropped does not when it failed for something else, or an operator cancelled', () => {
    assert.equal(after([failed('hash-mismatch')], dropped()).state, 'failed');
    const cancelled = { ...dropped(), cancelRequested: true };
    assert.equal(after([failed('session-failed')], cancelled).state, 'aborted');
  });

  test('a host that its session dropped and is started anew then has not been dropped from what comes', () => {
    const run = dropped();
    restartOperation(run, NOW, { ...GONE, causes: [] }, verbatim('it is done again'));
    assert.equal(run.droppedFrom, null);
  });

  test('a host that its session dropped does not the third time', () => {
    const run = dropped();
    for (const state of ['waiting', 'waiting', 'failed'] as const) {
      run.state = 'running';
      run.sessionId = SESSION;
      markDropped(run, SESSION);
      assert.equal(after([failed('session-failed')], run).state, state);
    }
  });

  test('a host that its session dropped is not counted as one when it is in another session by then, or over', () => {
    for (const run of [
      { ...givenRun(), sessionId: SessionId.parse('session-0000000002') },
      { ...givenRun(), state: 'waiting' as const },
      { ...givenRun(), state: 'interrupted' as const },
      { ...givenRun(), state: 'completed' as const },
    ]) {
      markDropped(run, SESSION);
      assert.equal(run.droppedFrom, null);
    }
  });
});

describe('an interrupted run', () => {
  function interrupted(events: readonly RunEvent[], run = givenRun(), operations = 1): Run {
    after(events, run, operations);
    interruptRun(run, NOW, { ...GONE, causes: [] });
    return Run.parse(run);
  }

  test('an interrupted run has an untouched disk when no step that writes can have begun', () => {
    for (const id of ['check-target', 'wait-for-data', 'read-p1', 'capture-p1', 'shutdown-host']) {
      const run = interrupted([plan(id, 'write-p1'), started(id)]);
      assert.deepEqual(
        [run.state, run.diskOutcome, run.endedAt, run.error?.code],
        ['interrupted', 'untouched', NOW, 'interrupted'],
      );
    }
    assert.equal(interrupted([]).diskOutcome, 'untouched');
  });

  test('an interrupted run has a disk that nobody knows once a step that writes has begun', () => {
    for (const id of ['clear-disk', 'write-p1', 'make-swap-p2', 'sync-disk', 'write-table']) {
      const events = [plan('check-target', id, 'wait-x'), stepEnded('check-target'), started(id)];
      assert.equal(interrupted(events).diskOutcome, 'unknown');
      assert.equal(interrupted([...events, stepEnded(id)]).diskOutcome, 'unknown');
      assert.equal(interrupted([...events, stepEnded(id, 'failed')]).diskOutcome, 'unknown');
    }
  });

  test('an interrupted run goes by what the plan says of a step, not by its name', () => {
    const step = { id: 'check-x', title: verbatim('check x'), totalBytes: null };
    const planned = (writes: boolean): RunEvent => ({
      type: 'plan',
      disk: '/dev/sda',
      steps: [{ ...step, writes }],
    });
    assert.equal(interrupted([planned(true), started('check-x')]).diskOutcome, 'unknown');
    assert.equal(interrupted([planned(false), started('check-x')]).diskOutcome, 'untouched');
  });

  test('an interrupted run keeps its steps as they were, for the engine may come back', () => {
    const run = interrupted([plan('write-p1', 'write-p2'), started('write-p1')]);
    assert.deepEqual(steps(run), ['write-p1 running', 'write-p2 planned']);
    resumeRun(run);
    assert.deepEqual([run.state, run.endedAt, run.error], ['running', null, null]);
    const ended = after([stepEnded('write-p1'), stepEnded('write-p2'), operationEnded()], run);
    assert.deepEqual([ended.state, ended.diskOutcome], ['completed', 'complete']);
  });

  test('an interrupted run keeps what an earlier operation has completed', () => {
    const deployed = [
      plan('write-p1'),
      started('write-p1'),
      stepEnded('write-p1'),
      operationEnded(),
    ];
    const run = interrupted(
      [...deployed, plan('shutdown-host'), started('shutdown-host')],
      givenRun(),
      2,
    );
    assert.equal(run.diskOutcome, 'complete');
    const between = interrupted(deployed, givenRun(), 2);
    assert.equal(between.diskOutcome, 'complete');
    const written = interrupted(
      [...deployed, plan('write-p1'), started('write-p1')],
      givenRun(),
      2,
    );
    assert.equal(written.diskOutcome, 'unknown');
  });

  test('an interrupted run does not count its disk as untouched because an earlier interruption found it so', () => {
    const run = interrupted([
      plan('wait-for-data', 'write-p1', 'write-p2'),
      started('wait-for-data'),
    ]);
    assert.equal(run.diskOutcome, 'untouched');
    resumeRun(run);
    const again = interrupted([started('write-p1'), stepEnded('write-p1')], run);
    assert.equal(again.diskOutcome, 'unknown');
  });

  test('an interrupted run does not count its disk as untouched because a session was missed before', () => {
    const missed = operationEnded('failed', { diskOutcome: 'untouched', code: 'session-missed' });
    const run = after([plan('wait-for-data', 'write-p1'), missed]);
    run.state = 'running';
    const again = [plan('wait-for-data', 'write-p1'), started('write-p1'), stepEnded('write-p1')];
    assert.equal(interrupted(again, run).diskOutcome, 'unknown');
  });
});

test('a run is inside an operation from its plan to its end', () => {
  const run = givenRun();
  assert.equal(isInsideOperation(run, 'engine'), false);
  assert.equal(isInsideOperation(after([plan('x', 'y')], run), 'engine'), true);
  assert.equal(isInsideOperation(after([started('x')], run), 'engine'), true);
  after([stepEnded('x'), stepEnded('y', 'skipped'), operationEnded()], run, 2);
  assert.equal(isInsideOperation(run, 'engine'), false);
});

test('a run that ends has no step under way', () => {
  const run = after([plan('x', 'y', 'z'), started('x'), stepEnded('x'), started('y')]);
  endRun(run, 'aborted', NOW, null);
  assert.deepEqual(steps(run), ['x completed', 'y aborted', 'z skipped']);
});
