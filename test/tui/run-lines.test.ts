/** What is said of one host's part of a task, without a terminal. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarizeRun, taskViewOf } from '../../lib/client/task-view.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { runLines } from '../../tui/presentation/tasks/run-lines.ts';
import { sampleRun, sampleTask, workingRun } from '../support/tasks.ts';
import { sampleStatus } from '../support/servers.ts';

const MODEL: Model = newModel({
  area: { left: 0, top: 0, width: 80, height: 24 },
  unicode: true,
  language: 'en',
  now: Date.parse('2026-11-21T12:00:00.000Z'),
  operator: 'anna',
});

/** The lines of the first run of the first task; `tasks` are the runs of each. */
function linesOf(...tasks: readonly (readonly ReturnType<typeof sampleRun>[])[]): string {
  const status = sampleStatus(tasks.map((runs) => sampleTask(runs)));
  const [task] = status.tasks;
  assert.ok(task !== undefined);
  const [run] = task.runs;
  assert.ok(run !== undefined);
  const lines = runLines(summarizeRun(taskViewOf(task, status), run), { ...MODEL, status }, 78);
  return lines.map((spans) => spans.map(({ text }) => text).join('')).join('\n');
}

describe('the lines of a run', () => {
  test('the lines of a run: a step that nobody ended is not under way when its run is over', () => {
    const running = workingRun(1);
    assert.match(linesOf([running]), /● write partition 1/);
    const [step] = running.steps;
    assert.ok(step?.startedAt != null);
    const endedAt = new Date(Date.parse(step.startedAt) + 25_000).toISOString();
    const lost = linesOf([{ ...running, state: 'interrupted', endedAt }]);
    assert.match(lost, /✗ write partition 1.* 25 s/);
  });

  test('the lines of a run: a run that has no disk of its own names none', () => {
    assert.match(linesOf([workingRun(1)]), /^ ?Disk /m);
    assert.doesNotMatch(linesOf([{ ...workingRun(1), disk: '' }]), /^ ?Disk /m);
  });

  test('the lines of a run: a run without a plan says what it waits for', () => {
    const waiting = sampleRun(1);
    assert.match(
      linesOf([waiting]),
      /No plan yet\.\n waits for the host until 2026-11-22 \d\d:\d\d$/,
    );
    const other = { ...workingRun(1), id: 'run-0000000099' };
    assert.match(
      linesOf([waiting], [other]),
      /waits until the host has done its other task, at most until/,
    );
    assert.match(linesOf([{ ...waiting, missedSessions: 1 }], [other]), /next transmission$/);
  });
});
