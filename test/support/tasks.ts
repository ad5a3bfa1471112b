/** Tasks, their runs in every state, progress and a session, as a server shows them. */

import type { z } from 'zod';
import { HostId, RunId, TaskId } from '../../lib/model/ids.ts';
import { RunProgress, Session, Task } from '../../lib/model/task.ts';
import { newRun } from '../../server/tasks/new-run.ts';
import { message, verbatim } from '../../lib/model/messages/table.ts';
import type { Message } from '../../lib/model/message.ts';
import { TIME } from './times.ts';

type RunInput = z.input<typeof Task>['runs'][0];

/** A run of the sample task on host `number`; waiting unless `change` says otherwise. */
export function sampleRun(number: number, change: Partial<RunInput> = {}): RunInput {
  const digits = String(number).padStart(10, '0');
  return {
    ...newRun({
      id: RunId.parse(`run-${digits}`),
      taskId: TaskId.parse('task-0000000001'),
      hostId: HostId.parse(`host-${digits}`),
    }),
    ...change,
  };
}

/** A running run in the middle of writing its first partition. */
export function workingRun(number: number): RunInput {
  return sampleRun(number, {
    state: 'running',
    disk: '/dev/sda (Samsung SSD 860, serial S3Z8NB01, 500107862016 bytes)',
    diskIdentity: identity('S3Z8NB01'),
    startedAt: TIME,
    steps: [sampleStep('write-p1', WRITE, 'running')],
  });
}

export function failedRun(number: number): RunInput {
  return sampleRun(number, {
    state: 'failed',
    disk: '/dev/sda (Samsung SSD 860, serial S3Z8NB02, 500107862016 bytes)',
    diskIdentity: identity('S3Z8NB02'),
    diskOutcome: 'cleared',
    startedAt: TIME,
    endedAt: TIME,
    steps: [sampleStep('write-p1', WRITE, 'failed')],
    error: {
      code: 'disk-write-failed',
      message: 'writing to /dev/sda1',
      hint: 'Replace the disk.',
      causes: ['No space left on device'],
    },
  });
}

export function doneRun(number: number): RunInput {
  return sampleRun(number, {
    state: 'completed',
    diskOutcome: 'complete',
    startedAt: TIME,
    endedAt: TIME,
    steps: [sampleStep('write-p1', WRITE, 'completed')],
  });
}

function identity(serial: string): NonNullable<RunInput['diskIdentity']> {
  const sizeBytes = 500_107_862_016;
  return { address: '/dev/sda', model: 'Samsung SSD 860', serial, wwn: null, sizeBytes };
}

const WRITE = message('step.write-partition', {
  partition: 1,
  filesystem: 'ntfs',
  sizeBytes: 60_000_000,
});

export function sampleStep(
  id: string,
  title: string | Message,
  state: RunInput['steps'][0]['state'],
): RunInput['steps'][0] {
  return {
    id,
    title: typeof title === 'string' ? verbatim(title) : title,
    state,
    totalBytes: 60_000_000,
    writes: true,
    startedAt: TIME,
    endedAt: state === 'running' ? null : TIME,
    doneBytes: state === 'running' ? 0 : 60_000_000,
    notes: [],
    error: null,
  };
}

export function sampleTask(runs: readonly RunInput[]): Task {
  return Task.parse({
    id: 'task-0000000001',
    title: message('task.deploy', { image: 'win11', targets: ['room-1'], more: 0 }),
    createdAt: TIME,
    createdBy: 'anna',
    operations: [
      {
        type: 'deploy',
        disk: { type: 'only' },
        imageId: 'image-0000000001',
        versionId: 'version-0000000002',
        transport: 'auto',
        gatherMs: 120_000,
      },
    ],
    wake: false,
    waits: { since: TIME, until: '2026-11-22T10:00:00.000Z' },
    runs,
  });
}

export function sampleProgress(number: number, fraction: number): RunProgress {
  const digits = String(number).padStart(10, '0');
  const progress = {
    doneBytes: Math.round(60_000_000 * fraction),
    totalBytes: 60_000_000,
    fraction,
    bytesPerSecond: 12_300_000,
    remainingMs: 42_000,
  };
  return RunProgress.parse({
    runId: `run-${digits}`,
    hostId: `host-${digits}`,
    stepId: 'write-p1',
    step: progress,
    total: progress,
  });
}

export const SAMPLE_SESSION = Session.parse({
  id: 'session-0000000001',
  taskId: 'task-0000000001',
  imageId: 'image-0000000001',
  versionId: 'version-0000000002',
  state: 'sending',
  interfaceName: 'eth0',
  portBase: 9000,
  dataAddress: '232.10.0.1',
  members: [
    { hostId: 'host-0000000001', runId: 'run-0000000001', ready: true },
    { hostId: 'host-0000000002', runId: 'run-0000000002', ready: false },
  ],
  expected: 3,
  createdAt: TIME,
  startedAt: TIME,
  endedAt: null,
  totalBytes: 42_000_000,
  sentBytes: 10_500_000,
  resentShare: 0.0123,
  error: null,
});
