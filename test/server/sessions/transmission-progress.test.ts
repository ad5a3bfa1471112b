import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '../../../lib/model/task.ts';
import { transmissionProgress } from '../../../server/sessions/transmission-progress.ts';
import { sampleProgress, SAMPLE_SESSION, sampleTask, workingRun } from '../../support/tasks.ts';

const inSession = (number: number) => ({ ...workingRun(number), sessionId: SAMPLE_SESSION.id });
const SENDING: Session = { ...SAMPLE_SESSION, bytesPerSecond: 1_000_000 };

test('all hosts of a transmission are as far as it is, also one that reports nothing', () => {
  const tasks = [sampleTask([inSession(1), inSession(2), workingRun(3)])];
  const reported = [sampleProgress(1, 0.1), sampleProgress(3, 0.9)];
  const progress = transmissionProgress(reported, [SENDING], tasks);
  const total = {
    doneBytes: 10_500_000,
    totalBytes: 42_000_000,
    fraction: 0.25,
    bytesPerSecond: 1_000_000,
    remainingMs: 31_500,
  };
  assert.deepEqual(progress, [
    { ...sampleProgress(1, 0.1), total },
    sampleProgress(3, 0.9),
    { runId: 'run-0000000002', hostId: 'host-0000000002', stepId: null, step: null, total },
  ]);
});

test('while it stands there is no time left, and when all is sent the rate is that of each host', () => {
  const tasks = [sampleTask([inSession(1)])];
  const of = (session: Session) =>
    transmissionProgress([sampleProgress(1, 0.8)], [session], tasks)[0]?.total;
  assert.equal(of({ ...SENDING, bytesPerSecond: 0 })?.remainingMs, null);
  const finished = of({ ...SAMPLE_SESSION, state: 'finished', sentBytes: 42_000_000 });
  assert.deepEqual([finished?.fraction, finished?.bytesPerSecond], [1, 12_300_000]);
});

test('a host that was dropped, and those of a transmission that failed, are as far as they say', () => {
  const reported = [sampleProgress(1, 0.8)];
  const dropped = { ...inSession(1), droppedFrom: SAMPLE_SESSION.id };
  assert.deepEqual(transmissionProgress(reported, [SENDING], [sampleTask([dropped])]), reported);
  const failed: Session = { ...SAMPLE_SESSION, state: 'failed' };
  assert.deepEqual(
    transmissionProgress(reported, [failed], [sampleTask([inSession(1)])]),
    reported,
  );
});
