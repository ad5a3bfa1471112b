/** States of a host's screen to try things on. */

import {
  initialState,
  type ConsoleState,
  type StateName,
  type WorkTitle,
} from '../../../engine/console/state.ts';
import type { ErrorReport } from '../../../lib/model/error-report.ts';
import type { HostStanding } from '../../../lib/protocol/engine-api.ts';
import { message } from '../../../lib/model/messages/table.ts';

export const NOW = Date.parse('2026-11-21T12:00:00.000Z');

export const STANDING: HostStanding = {
  hostName: 'room1-pc01',
  approval: 'approved',
  halfWritten: null,
};

export const ERROR: ErrorReport = {
  code: 'tool-failed',
  message: 'write partition 1 (ntfs, 12.3 GB)',
  causes: ['running partclone.restore (exit status 1)', 'target partition is smaller'],
  hint: 'See what the program said',
};

export const STARTING: ConsoleState = {
  ...initialState(
    {
      language: 'en',
      programVersion: '0.2.0',
      buildId: '20261121-1200-abcd',
      server: '10.77.0.1:7077',
      mac: '52:54:00:77:00:01',
    },
    NOW - 100_000,
  ),
  addresses: ['eth0 10.77.0.10'],
};

export const IDLE: ConsoleState = {
  ...STARTING,
  standing: STANDING,
  connection: { type: 'online' },
  activity: { type: 'idle' },
};

export const OFFLINE: Extract<ConsoleState['connection'], { type: 'offline' }> = {
  type: 'offline',
  since: NOW - 187_000,
  attempts: 12,
  problem: { type: 'no-answer', server: '10.77.0.1:7077' },
};

const TITLE: WorkTitle = { type: 'deploy', image: 'win11', disk: { type: 'only' } };

export const WORKING: ConsoleState = {
  ...IDLE,
  activity: {
    type: 'working',
    title: TITLE,
    startedAt: NOW - 65_000,
    step: {
      title: message('step.write-partition', {
        partition: 2,
        filesystem: 'ntfs',
        sizeBytes: 12_000_000_000,
      }),
      number: 5,
      count: 12,
    },
    progress: {
      stepId: 'write-p2',
      step: {
        doneBytes: 3_200_000_000,
        totalBytes: 12_000_000_000,
        fraction: 0.27,
        bytesPerSecond: 98_300_000,
        remainingMs: 90_000,
      },
      total: {
        doneBytes: 5_000_000_000,
        totalBytes: 12_000_000_000,
        fraction: 0.423,
        bytesPerSecond: 98_300_000,
        remainingMs: 130_000,
      },
    },
    warnings: [message('note.sent-again', { times: 2 })],
  },
};

export const HALF_WRITTEN: ConsoleState = {
  ...IDLE,
  standing: {
    ...STANDING,
    halfWritten: { disk: '/dev/sda (DISK, 4711)', since: '2026-11-21T10:00:00.000Z', error: ERROR },
  },
};

/** One state of each name. */
export const STATES: Readonly<Record<StateName, ConsoleState>> = {
  starting: STARTING,
  connecting: { ...IDLE, connection: OFFLINE },
  pending: { ...IDLE, standing: { ...STANDING, approval: 'pending' } },
  idle: IDLE,
  working: WORKING,
  done: { ...IDLE, activity: { type: 'done', title: TITLE, at: NOW - 5000, warnings: [] } },
  failed: { ...IDLE, activity: { type: 'failed', title: TITLE, at: NOW - 5000, error: ERROR } },
  'half-written': HALF_WRITTEN,
  leaving: { ...IDLE, activity: { type: 'leaving', mode: 'reboot' } },
  fatal: { ...STARTING, activity: { type: 'fatal', error: ERROR } },
};
