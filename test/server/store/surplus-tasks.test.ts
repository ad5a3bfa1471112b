/** The store has room for what comes, however much was done with it before. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TaskId } from '../../../lib/model/ids.ts';
import type { Task } from '../../../lib/model/task.ts';
import { surplusTasks } from '../../../server/store/surplus-tasks.ts';
import { operationEnded, plan } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

const MAX_BYTES = 256 * 1024;

/** A task that has ended, with a run of some 16 kB; there is room for 17 of them. */
async function addEnded(room: Room): Promise<Task> {
  const task = await room.deploy([1]);
  await end(room, task);
  return room.task(task);
}

async function end(room: Room, task: Task): Promise<void> {
  const step = { totalBytes: null, writes: true, startedAt: null, endedAt: null, doneBytes: 0 };
  await room.store.change(({ tasks }) => {
    const [run] = tasks.find(({ id }) => id === task.id)?.runs ?? [];
    assert.ok(run !== undefined);
    run.state = 'completed';
    run.steps = Array.from({ length: 40 }, (_, index) => ({
      ...step,
      id: `step-${index}`,
      title: verbatim('x'.repeat(200)),
      state: 'completed',
      notes: [],
      error: null,
    }));
  });
}

const idsOf = (tasks: readonly Task[]): string[] => tasks.map(({ id }) => id);

describe('a store', () => {
  test('a store in which a great many tasks have ended takes new ones and their reports; the oldest go', async () => {
    await withRoom({ hosts: 2, maxStoreBytes: MAX_BYTES }, async (room) => {
      await room.addImage();
      const waiting = await room.deploy([2]);
      const ended: Task[] = [];
      for (let count = 0; count < 40; count += 1) ended.push(await addEnded(room));
      const [first, ...others] = room.store.read().tasks;
      assert.equal(first?.id, waiting.id);
      // What is left are the newest.
      assert.deepEqual(idsOf(others), idsOf(ended.slice(-others.length)));
      assert.ok(others.length >= 5, `${others.length} are left`);
      assert.ok(room.store.sizeBytes <= (MAX_BYTES * 3) / 4);
      const engine = await room.connect(2);
      const { runId } = await engine.nextWork();
      const names = Array.from({ length: 100 }, (_, index) => `write-p${index}`);
      await engine.report(runId, plan(...names), operationEnded());
      assert.equal(room.run(waiting, 2).state, 'completed');
    });
  });

  test('a store that is nearly full when it is opened takes reports at once', async () => {
    await withRoom({ maxStoreBytes: 100 * MAX_BYTES }, async (room) => {
      await room.addImage();
      const waiting = await room.deploy([1]);
      const many = await Promise.all(Array.from({ length: 20 }, async () => room.deploy([1])));
      for (const task of many) await end(room, task);
      const { sizeBytes } = room.store;
      await room.restart({ maxStoreBytes: sizeBytes });
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('write-p1'), operationEnded());
      assert.equal(room.run(waiting, 1).state, 'completed');
      const [, ...left] = room.store.read().tasks;
      assert.deepEqual(idsOf(left), idsOf(many.slice(-left.length)));
      assert.ok(left.length >= 5 && left.length < many.length);
    });
  });
});

describe('of ended tasks', () => {
  test('of ended tasks as many are kept as there is room for beside the others, and never more than a thousand', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await addEnded(room);
      const many = (count: number): Task[] => Array.from({ length: count }, () => ({ ...task }));
      const numbered = (count: number): Task[] =>
        many(count).map((each, index) => ({
          ...each,
          id: TaskId.parse(`task-${String(index).padStart(10, '0')}`),
        }));
      const gone = (count: number, sizeBytes: number, taskBytes: number): number =>
        surplusTasks(numbered(count), { sizeBytes, maxBytes: 8000, bytesOf: () => taskBytes }).size;
      assert.equal(gone(40, 4000, 100), 0);
      assert.equal(gone(41, 4100, 100), 1);
      // 2000 bytes are others'.
      assert.equal(gone(40, 6000, 100), 20);
      // All is: an eighth is theirs.
      assert.equal(gone(40, 12_000, 100), 30);
      assert.equal(gone(1001, 1001, 1), 1);
      assert.equal(gone(1, 9000, 9000), 1);
      const [oldest] = numbered(41);
      const room41 = { sizeBytes: 4100, maxBytes: 8000, bytesOf: () => 100 };
      assert.deepEqual([...surplusTasks(numbered(41), room41)], [oldest?.id]);
    });
  });
});
