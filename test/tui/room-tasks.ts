/** The tasks of the room, one under way, and its transmission. */

import { RunProgress, Session, Task } from '../../lib/model/task.ts';
import {
  doneRun,
  failedRun,
  SAMPLE_SESSION,
  sampleRun,
  sampleStep,
  sampleTask,
  workingRun,
} from '../support/tasks.ts';
import { message } from '../../lib/model/messages/table.ts';
import { GB } from './room-units.ts';

export function deploying(): Task {
  const runs = Array.from({ length: 20 }, (_, index) => {
    const number = index + 1;
    if (number === 4) return failedRun(number);
    if (number === 9) return sampleRun(number);
    return { ...workingRun(number), sessionId: 'session-0000000001' };
  });
  return {
    ...sampleTask(runs),
    title: message('task.deploy', { image: 'win11', targets: ['room-1'], more: 0 }),
    createdAt: '2026-11-21T08:00:00.000Z',
  };
}

export function ended(number: number): Task {
  const runs: Parameters<typeof sampleTask>[0] = [
    { ...doneRun(1), endedAt: '2026-11-21T07:12:34.000Z' },
    { ...failedRun(2), endedAt: '2026-11-21T07:05:00.000Z' },
    {
      ...doneRun(3),
      state: 'warned',
      endedAt: '2026-11-21T07:12:34.000Z',
      steps: [
        sampleStep(
          'check-target',
          message('step.check-target', {
            disk: {
              address: '/dev/sda',
              model: 'Samsung SSD 860',
              serial: 'S3Z8NB03',
              wwn: null,
              sizeBytes: 500_107_862_016,
            },
          }),
          'completed',
        ),
        {
          ...sampleStep(
            'write-ntfs-backup-p1',
            message('step.write-ntfs-backup', { partition: 1 }),
            'warned',
          ),
          notes: [message('note.no-room-for-ntfs-backup')],
        },
        sampleStep('sync-disk', message('step.sync-disk', { address: '/dev/sda' }), 'completed'),
      ],
    },
  ];
  const base = sampleTask(runs.slice(0, number));
  const id = `task-${String(number).padStart(10, '0')}`;
  return Task.parse({
    ...base,
    id,
    title:
      number === 2
        ? message('task.capture', { host: 'pc-07', image: 'win11' })
        : message('task.deploy', {
            image: 'debian-12 Lehrerzimmer',
            targets: ['Übungsraum 2'],
            more: 0,
          }),
    createdAt: `2026-11-2${number === 2 ? 1 : 0}T07:00:00.000Z`,
    operations: number === 2 ? [CAPTURE] : base.operations,
    runs: base.runs.map((run) => ({ ...run, taskId: id })),
  });
}

const CAPTURE = {
  type: 'capture',
  disk: { type: 'only' },
  imageName: 'win11',
  compression: 'zstd',
};

export function progressOf(share: number): RunProgress[] {
  return Array.from({ length: 20 }, (_, index) => {
    const digits = String(index + 1).padStart(10, '0');
    const fraction = Math.min(1, share + (index % 5) / 200);
    const progress = {
      doneBytes: Math.round(96 * GB * fraction),
      totalBytes: 96 * GB,
      fraction,
      bytesPerSecond: 96_800_000 + index * 100_000,
      remainingMs: (1 - fraction) * 600_000,
    };
    return RunProgress.parse({
      runId: `run-${digits}`,
      hostId: `host-${digits}`,
      stepId: 'write-p1',
      step: progress,
      total: progress,
    });
  });
}

export function sessionAt(share: number): Session {
  return Session.parse({
    ...SAMPLE_SESSION,
    members: Array.from({ length: 20 }, (_, index) => {
      const number = index + 1;
      const digits = String(number).padStart(10, '0');
      return { hostId: `host-${digits}`, runId: `run-${digits}`, ready: true };
    }),
    expected: 20,
    totalBytes: 96 * GB,
    sentBytes: Math.round(96 * GB * share),
  });
}
