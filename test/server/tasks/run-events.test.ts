/** What becomes of a run by what its host reports. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { isInsideOperation } from '../../../lib/rules/run-resumption.ts';
import { endRun } from '../../../server/tasks/run-events.ts';
import {
  capturedDisk,
  operationEnded,
  plan,
  started,
  stepEnded,
} from '../../support/run-events.ts';
import { english } from '../../support/messages.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { after, steps, givenRun, NOW, SESSION } from './given-run.ts';

describe('a plan', () => {
  test('a plan of an operation without a disk leaves the disk of the operation before it', () => {
    const run = after([plan('write-p1'), operationEnded()], givenRun(), 2);
    const restart = { ...plan('shutdown-host'), disk: '' } as const;
    assert.equal(after([restart], run, 2).disk, '/dev/sda (QEMU HARDDISK, QM00001)');
    assert.equal(after([restart]).disk, null);
  });

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
        plan('write-p1'),
        started('write-p1'),
        stepEnded('write-p1'),
        operationEnded(),
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
      type: 'step-ended',
      stepId: 'write-p1',
      state: 'failed',
      doneBytes: 77,
      notes: [verbatim('half of it')],
      error: { ...error, causes: ['c'] },
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
      plan('wait-for-data'),
      started('wait-for-data'),
      stepEnded('wait-for-data', 'failed'),
      missed,
      plan('wait-for-data'),
      started('wait-for-data'),
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
