import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatMoment } from '../../../lib/format.ts';
import { bar } from '../../../lib/progress-bar.ts';
import { progressBlock } from '../../../cli/print/progress-block.ts';
import { ProgressLines } from '../../../cli/print/progress-lines.ts';
import { sessionLine } from '../../../cli/print/session.ts';
import { countLine, exitStatusOfTask, troubleLines } from '../../../cli/print/task-end.ts';
import { taskViewOf, type TaskView } from '../../../lib/client/task-view.ts';
import { widthOf } from '../../../lib/columns.ts';
import type { Run, Session, Task } from '../../../lib/model/task.ts';
import {
  doneRun,
  failedRun,
  sampleProgress,
  sampleRun,
  SAMPLE_SESSION,
  sampleStep,
  sampleTask,
  workingRun,
} from '../../support/tasks.ts';
import { sampleStatus } from '../../support/servers.ts';
import { textsOf } from '../../../cli/text/catalogue.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

const ENGLISH = textsOf('en');

const viewOf = (
  task: Task,
  progress: TaskView['progress'] = [],
  sessions: readonly Session[] = [],
): TaskView => taskViewOf(task, sampleStatus([task], progress, sessions));

const THREE = viewOf(
  sampleTask([workingRun(1), sampleRun(2), doneRun(3)]),
  [sampleProgress(1, 0.5)],
  [SAMPLE_SESSION],
);

/** When the sample's task waits no more, in local time. */
const UNTIL = formatMoment('2026-11-22T10:00:00.000Z');

describe('the block on a terminal', () => {
  test('the block on a terminal has a line per host, a total and the session', () => {
    assert.deepEqual(progressBlock(ENGLISH, THREE, { columns: 120, rows: 24 }, false), [
      'pc-01  running       write partition 1 (ntfs, 60.0 MB)              ###########-----------   50 %  12.3 MB/s       42 s',
      `pc-02  waiting       waits for the host until ${UNTIL}      ----------------------    0 %`,
      'pc-03  done                                                         ######################  100 %',
      'total  ############------------  50 %  1 of 3 done  12.3 MB/s  42 s left',
      'session-0000000001 sending: 1 of 3 ready, 10.5 MB of 42.0 MB sent (25 %), 1.2 % sent again',
    ]);
  });

  test('the block on a terminal fits every terminal, however small', () => {
    const many = viewOf(
      sampleTask(Array.from({ length: 200 }, (_, index) => workingRun(index + 1))),
    );
    for (const view of [THREE, many]) {
      for (const columns of [1, 20, 40, 60, 80, 133]) {
        for (const rows of [2, 3, 5, 24]) {
          const lines = progressBlock(ENGLISH, view, { columns, rows }, true);
          assert.ok(lines.length <= Math.max(1, rows - 1), `${columns}x${rows}`);
          for (const line of lines) assert.ok(widthOf(line) <= Math.max(0, columns - 1), line);
        }
      }
    }
  });

  test('the block on a terminal shows failures and the slowest first when not all hosts fit, and counts the others', () => {
    const runs = Array.from({ length: 20 }, (_, index) => workingRun(index + 1));
    const task = sampleTask([...runs, doneRun(21), failedRun(22)]);
    const progress = runs.map((_, index) => sampleProgress(index + 1, (20 - index) / 21));
    const lines = progressBlock(ENGLISH, viewOf(task, progress), { columns: 100, rows: 6 }, true);
    assert.match(lines[0] ?? '', /^pc-22 {2}failed/);
    assert.match(lines[1] ?? '', /^pc-20 {2}running/);
    assert.match(lines[2] ?? '', /^pc-19 {2}running/);
    assert.equal(lines[3], 'and 19 more: 18 running, 1 done');
    assert.match(lines[4] ?? '', /^total/);
  });

  test('the block on a terminal does not fall back to zero between two steps', () => {
    const between = viewOf(
      sampleTask([
        sampleRun(1, {
          state: 'running',
          steps: [
            sampleStep('write-p1', 'write partition 1', 'completed'),
            { ...sampleStep('write-p2', 'write partition 2', 'running'), totalBytes: 180_000_000 },
          ],
        }),
      ]),
    );
    assert.match(progressBlock(ENGLISH, between, { columns: 90, rows: 9 }, true)[0] ?? '', / 25 %/);
  });

  test('the block on a terminal makes names harmless', () => {
    const evil: TaskView = {
      ...THREE,
      hostNames: { ...THREE.hostNames, [THREE.task.runs[0]?.hostId ?? '']: 'a\u001b[2Jb\r\n' },
    };
    for (const line of progressBlock(ENGLISH, evil, { columns: 100, rows: 24 }, true)) {
      assert.doesNotMatch(line, /[\u0000-\u001f]/);
    }
  });
});

describe('lines without a terminal', () => {
  test('lines without a terminal come when a state or a step changes, and every ten seconds for the whole task', () => {
    const lines = new ProgressLines(ENGLISH);
    const started = viewOf(sampleTask([sampleRun(1), sampleRun(2)]));
    assert.deepEqual(lines.update(started, 0), [
      `pc-01: waiting: waits for the host until ${UNTIL}`,
      `pc-02: waiting: waits for the host until ${UNTIL}`,
    ]);
    assert.deepEqual(lines.update(started, 500), []);
    const working = viewOf(sampleTask([workingRun(1), sampleRun(2)]), [sampleProgress(1, 0.5)]);
    assert.deepEqual(lines.update(working, 1000), [
      'pc-01: running: write partition 1 (ntfs, 60.0 MB)',
    ]);
    assert.deepEqual(lines.update(working, 9999), []);
    assert.deepEqual(lines.update(working, 10_000), [
      'deploy win11 to room-1: 25 %, 0 of 2 hosts done, 12.3 MB/s, 42 s left',
    ]);
    assert.deepEqual(lines.update(working, 19_999), []);
    const ended = viewOf(sampleTask([doneRun(1), failedRun(2)]));
    assert.deepEqual(lines.update(ended, 20_000), [
      'pc-01: done',
      'pc-02: failed: writing to /dev/sda1',
      'deploy win11 to room-1: 50 %, 1 of 2 hosts done',
    ]);
  });

  test('lines without a terminal tell how a session goes on', () => {
    const lines = new ProgressLines(ENGLISH);
    const task = sampleTask([sampleRun(1)]);
    const gathering: Session = { ...SAMPLE_SESSION, state: 'gathering' };
    assert.equal(
      lines.update(viewOf(task, [], [gathering]), 0)[0],
      'session-0000000001 waiting for hosts: 1 of 3 ready',
    );
    assert.deepEqual(lines.update(viewOf(task, [], [gathering]), 1), []);
    assert.match(lines.update(viewOf(task, [], [SAMPLE_SESSION]), 2)[0] ?? '', /sending/);
  });
});

describe('a transmission that waits for a host that does not answer', () => {
  const [first, second] = SAMPLE_SESSION.members;
  assert.ok(first !== undefined && second !== undefined);
  const waiting: Session = {
    ...SAMPLE_SESSION,
    bytesPerSecond: 0,
    silent: { runIds: [second.runId], dropsInMs: 14_200 },
  };

  test('a transmission that waits for a host that does not answer names it, and when it is dropped', () => {
    assert.equal(
      sessionLine(ENGLISH, waiting, THREE),
      'session-0000000001 sending: waiting for pc-02, which does not answer: dropped in 14 s, 10.5 MB of 42.0 MB sent (25 %)',
    );
    const runIds = [first.runId, second.runId];
    assert.match(
      sessionLine(ENGLISH, { ...waiting, silent: { runIds, dropsInMs: 0 } }, THREE),
      /waiting for pc-01 and 1 more, which do not answer: dropped in 0 s/,
    );
    const narrow = progressBlock(
      ENGLISH,
      { ...THREE, sessions: [waiting] },
      { columns: 80, rows: 9 },
      true,
    );
    assert.match(narrow.at(-1) ?? '', /waiting for pc-02, which does not answer/);
  });

  test('a transmission that waits for a host that does not answer is news when it begins and when it is over, not at every second of it', () => {
    const lines = new ProgressLines(ENGLISH);
    const said = (session: Session): string[] =>
      lines
        .update({ ...THREE, sessions: [session] }, 0)
        .filter((line) => line.startsWith(session.id));
    assert.equal(said(SAMPLE_SESSION).length, 1);
    assert.match(said(waiting).join(), /waiting for pc-02/);
    const later = { runIds: [second.runId], dropsInMs: 13_200 };
    assert.deepEqual(said({ ...waiting, silent: later }), []);
    assert.equal(said(SAMPLE_SESSION).length, 1);
  });
});

test('the rate of a transmission counts once, however many hosts receive it', () => {
  const [one, two] = [1, 2].map((number) => ({
    ...workingRun(number),
    sessionId: SAMPLE_SESSION.id,
  }));
  assert.ok(one !== undefined && two !== undefined);
  const alone = workingRun(3);
  const ended = { ...doneRun(4), sessionId: SAMPLE_SESSION.id };
  const progress = [1, 2, 3].map((number) => sampleProgress(number, 0.5));
  const block = progressBlock(
    ENGLISH,
    viewOf(sampleTask([one, two, alone, ended]), progress),
    { columns: 120, rows: 24 },
    false,
  );
  assert.match(block.at(-1) ?? '', / 24\.6 MB\/s /);
});

describe('the end of a task', () => {
  test('the end of a task names what failed, on what, why, the hint, and what is on the disk', () => {
    const view = viewOf(sampleTask([doneRun(1), failedRun(2)]));
    assert.deepEqual(troubleLines(ENGLISH, view), [
      'pc-02: failed: write partition 1 (ntfs, 60.0 MB): writing to /dev/sda1: No space left on device',
      '  disk: it was half written and then made unbootable (/dev/sda (Samsung SSD 860, serial S3Z8NB02, 500107862016 bytes))',
      '  hint: Replace the disk.',
    ]);
    assert.equal(countLine(ENGLISH, view), '1 of 2 hosts done');
    assert.equal(exitStatusOfTask(view.task), 13);
  });

  test('the end of a task names what failed last, not what an attempt before failed in', () => {
    const failed = failedRun(1);
    const dropped = {
      ...sampleStep('write-p1', 'write partition 1', 'failed'),
      error: {
        code: 'session-failed' as const,
        message: 'it was dropped',
        hint: 'Wait.',
        causes: [],
      },
    };
    const line = (steps: Run['steps']): string | undefined =>
      troubleLines(ENGLISH, viewOf(sampleTask([{ ...failed, steps }])))[0];
    const step = sampleStep('write-p2', 'write partition 2', 'failed');
    assert.match(line([dropped, step]) ?? '', /^pc-01: failed: write partition 2: writing to/);
    assert.match(line([dropped]) ?? '', /^pc-01: failed: writing to/);
  });

  test('the end of a task shows warnings of hosts that are done', () => {
    const warned = sampleRun(1, {
      state: 'warned',
      steps: [
        {
          ...sampleStep('write-p1', 'write partition 1', 'warned'),
          notes: [verbatim('copied 1:1')],
        },
      ],
    });
    const view = viewOf(sampleTask([warned]));
    assert.deepEqual(troubleLines(ENGLISH, view), [
      'pc-01: warning: write partition 1: copied 1:1',
    ]);
    assert.equal(countLine(ENGLISH, view), '1 of 1 host done');
    assert.equal(exitStatusOfTask(view.task), 0);
  });

  test('the end of a task has the exit status 17 for several failed hosts, and for one without an error', () => {
    assert.equal(exitStatusOfTask(sampleTask([failedRun(1), failedRun(2)])), 17);
    assert.equal(exitStatusOfTask(sampleTask([sampleRun(1, { state: 'interrupted' })])), 17);
    const cancelled = { code: 'cancelled', message: 'x', hint: '', causes: [] } as const;
    const aborted = sampleRun(1, { state: 'aborted', error: { ...cancelled, causes: [] } });
    assert.equal(exitStatusOfTask(sampleTask([aborted, doneRun(2)])), 16);
  });
});

describe('small parts', () => {
  test('small parts: a bar is as wide as it should be, in blocks or in ASCII', () => {
    assert.equal(bar(0.5, 8, false), '####----');
    assert.equal(bar(0.5625, 4, true), '██▎░');
    for (const fraction of [-1, 0, 0.001, 0.33, 0.999, 1, 2]) {
      for (const unicode of [true, false]) {
        assert.equal(widthOf(bar(fraction, 10, unicode)), 10, String(fraction));
      }
    }
  });

  test('small parts: a session that failed says why', () => {
    const failed: Session = {
      ...SAMPLE_SESSION,
      state: 'failed',
      error: { code: 'session-failed', message: 'sending', hint: '', causes: ['no route'] },
    };
    assert.match(
      sessionLine(ENGLISH, failed),
      /failed: 1 of 3 ready, .* sent \(25 %\), sending: no route$/,
    );
  });
});
