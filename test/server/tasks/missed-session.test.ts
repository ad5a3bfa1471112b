/** A run whose host missed its session or was dropped from it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '../../../lib/model/error-treatment.ts';
import { SessionId } from '../../../lib/model/ids.ts';
import type { Run } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { restartOperation, markDropped } from '../../../server/tasks/run-events.ts';
import { operationEnded, plan, started } from '../../support/run-events.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { after, givenRun, SESSION, NOW, GONE } from './given-run.ts';

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

  test('a host that its session dropped and is restarted then has not been dropped from what comes', () => {
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
