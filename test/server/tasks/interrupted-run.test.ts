/** What an interrupted run says of its disk. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Run } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { interruptRun, resumeRun } from '../../../server/tasks/run-events.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { givenRun, after, NOW, GONE, steps } from './given-run.ts';

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
