/** What the server takes for recent when its clock was wrong, or is. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRecent } from '../../lib/rules/recent.ts';
import { type Run, type Task } from '../../lib/model/task.ts';
import { isRecentlyInterrupted } from '../../lib/rules/run-resumption.ts';
import { bootChoices } from '../../lib/rules/boot-choice.ts';
import { resumableRuns } from '../../lib/rules/run-resumption.ts';
import { runsWithStaging } from '../../server/tasks/captures.ts';
import { unfinishedCaptures } from '../../lib/rules/image-uses.ts';
import { hostsToResumeWaking } from '../../server/wake/resume-wakes.ts';
import { withRoom, type Room } from './sample-room.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-30T12:00:00.000Z');

function at(ms: number): string {
  return new Date(NOW + ms).toISOString();
}

/** A capture that was cut off, as it is in the store, ended `ms` after NOW by the clock of that time. */
async function cutOff(room: Room, ms: number): Promise<Task> {
  const task = await room.capture(1, 'gold');
  await room.store.change(({ tasks }) => {
    const run = tasks.find(({ id }) => id === task.id)?.runs[0] ?? assert.fail();
    run.state = 'interrupted';
    run.startedAt = at(ms - MINUTE);
    run.endedAt = at(ms);
    run.diskOutcome = 'untouched';
  });
  return room.task(task);
}

/** All that depends on when the run was cut off. */
function verdicts(room: Room, task: Task): Record<string, boolean> {
  const data = room.store.read();
  const run = task.runs[0] ?? assert.fail();
  const choices = bootChoices(data, { hasBuild: true, isServing: true, now: NOW });
  return {
    isRecentlyInterrupted: isRecentlyInterrupted(run, NOW),
    beginsAgain: resumableRuns(data.tasks, NOW).has(run.id),
    boots: choices.byMac.size > 0,
    keepsName: unfinishedCaptures(data.tasks, 'gold', NOW).length > 0,
    keepsStaging: runsWithStaging(data.tasks, NOW).includes(run.id),
  };
}

function all(value: boolean): Record<string, boolean> {
  const names = ['isRecentlyInterrupted', 'beginsAgain', 'boots', 'keepsName', 'keepsStaging'];
  return Object.fromEntries(names.map((name) => [name, value]));
}

describe('a run that was cut off', () => {
  const cases: readonly [string, number, boolean][] = [
    ['a minute ago', -MINUTE, true],
    ['two minutes ahead, by a clock that went a little fast', 2 * MINUTE, true],
    ['a day ago', -DAY, false],
    ['an hour ahead', HOUR, false],
    ['a day ahead', DAY, false],
    ['in three years', 1095 * DAY, false],
    ['in 1970', -NOW, false],
  ];
  for (const [when, ms, isFresh] of cases) {
    test(`a run that was cut off: ${when} is ${isFresh ? '' : 'not '}done again`, async () => {
      await withRoom({}, async (room) => {
        const task = await cutOff(room, ms);
        // What it had sent is only kept: a server that starts before its clock is set must not throw it away.
        const keepsStaging = isFresh || ms > 0;
        assert.deepEqual(verdicts(room, task), { ...all(isFresh), keepsStaging });
      });
    });
  }

  test('a run that was cut off is done again by its last step, though an earlier one began when the clock was ahead', async () => {
    await withRoom({}, async (room) => {
      const task = await cutOff(room, -MINUTE);
      const [run] = task.runs;
      assert.ok(run !== undefined);
      const step = {
        id: 'capture-p1',
        title: verbatim('x'),
        totalBytes: null,
        writes: false,
        state: 'completed' as const,
        endedAt: null,
        doneBytes: 0,
        notes: [],
        error: null,
      };
      const withSteps = (...times: number[]): Task => ({
        ...task,
        runs: [
          { ...run, steps: times.map((ms): Run['steps'][0] => ({ ...step, startedAt: at(ms) })) },
        ],
      });
      const again = (...times: number[]): boolean =>
        resumableRuns([withSteps(...times)], NOW).size > 0;
      assert.equal(again(900 * DAY, -2 * MINUTE), true);
      assert.equal(again(-2 * MINUTE, 900 * DAY), false);
    });
  });
});

test('a task of the future does not wake its hosts at each start of the server', async () => {
  await withRoom({}, async (room) => {
    await room.addImage();
    for (const [ms, count] of [
      [-MINUTE, 1],
      [-HOUR, 0],
      [DAY, 0],
      [1095 * DAY, 0],
    ] as const) {
      const task = await room.deploy([1], { wake: true });
      await room.store.change(({ tasks }) => {
        const made = tasks.find(({ id }) => id === task.id) ?? assert.fail();
        made.createdAt = at(ms);
      });
      assert.equal(hostsToResumeWaking(room.store.read(), NOW).length, count);
      await room.tasks['task.cancel']({ task: task.id, host: null });
    }
  });
});

test('what never was, and what is no time, is not recent', () => {
  assert.equal(isRecent(null, NOW, DAY), false);
  assert.equal(isRecent('', NOW, DAY), false);
});
