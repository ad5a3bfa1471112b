import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostId, RunId } from '../../../lib/model/ids.ts';
import type { Progress } from '../../../lib/model/step.ts';
import { ConnectedWorkers } from '../../../server/workers/connected-workers.ts';

const AT_FULL_SPEED: Progress = {
  doneBytes: 500,
  totalBytes: 1000,
  fraction: 0.5,
  bytesPerSecond: 100,
  remainingMs: 5000,
};
const AT_REST: Progress = { ...AT_FULL_SPEED, bytesPerSecond: 0, remainingMs: null };

test('A host that reports no more stands still: its last rate is not shown on.', () => {
  let now = 0;
  const connected = new ConnectedWorkers(() => now);
  const runId = RunId.parse('run-0000000001');
  const report = {
    runId,
    hostId: HostId.parse('host-0000000001'),
    stepId: 'write-p1',
    step: AT_FULL_SPEED,
    total: AT_FULL_SPEED,
  };
  connected.setProgress(report);
  now = 5000;
  assert.deepEqual(connected.progress, [report]);
  now = 5001;
  assert.deepEqual(connected.progress, [{ ...report, step: AT_REST, total: AT_REST }]);
  connected.setProgress({ ...report, step: null });
  assert.deepEqual(connected.progress, [{ ...report, step: null }]);
  connected.removeProgress(runId);
  assert.deepEqual(connected.progress, []);
});
