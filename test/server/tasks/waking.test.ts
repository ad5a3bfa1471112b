/** Which hosts a task wakes, of those that are off. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WantedOperation } from '../../../lib/model/operation.ts';
import type { Task } from '../../../lib/model/task.ts';
import { hostsToResumeWaking } from '../../../server/wake/resume-wakes.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { becomes, BY_SERVER, Notice, sharedWork } from './mixed-work.ts';

const TOLD: WantedOperation = { type: 'capture', imageName: 'told', compression: 'zstd' };
const OFF: WantedOperation = { type: 'shutdown', mode: 'power-off' };

sharedWork();

/** Makes a task that wakes the one host of `room`. */
async function make(room: Room, operations: readonly WantedOperation[]): Promise<Task> {
  return room.task(
    await room.tasks['task.create']({
      targets: [room.host(1)],
      disk: { type: 'only' },
      operations: [...operations],
      wake: true,
    }),
  );
}

function woken(room: Room): unknown[] {
  return room.wakeScheduler.wakes.map(({ hostId }) => hostId);
}

describe('a task that wakes its hosts', () => {
  test('a task that wakes its hosts wakes one for work of its engine', async () => {
    await withRoom({}, async (room) => {
      await make(room, [OFF]);
      assert.deepEqual(woken(room), [room.host(1)]);
    });
  });

  test("a task that wakes its hosts wakes none for the server's own work", async () => {
    await withRoom({ operations: new Notice().operations }, async (room) => {
      await make(room, [TOLD]);
      assert.deepEqual(woken(room), []);
    });
  });

  test('a task that wakes its hosts wakes one whose engine comes after the server when the server is done', async () => {
    const notice = new Notice();
    await withRoom({ operations: notice.operations }, async (room) => {
      const task = await make(room, [TOLD, OFF]);
      assert.deepEqual([woken(room), room.absent], [[], []]);
      await notice.hasBegun();
      notice.end();
      await becomes({ room, notice, task }, 'waiting at 1');
      assert.deepEqual(room.absent, [room.host(1)]);
    });
  });

  test("a task that wakes its hosts wakes none for the server's own work when the server was restarted", async () => {
    await withRoom({ hosts: 2, operations: new Notice().operations }, async (room) => {
      // Of a host that still has to do something else first: it has not begun.
      const own = await room.addTask([1], [BY_SERVER], { wake: true });
      await room.store.change(({ tasks }) => {
        for (const { runs } of tasks) for (const run of runs) run.state = 'waiting';
      });
      const others = await room.addTask([2], [{ type: 'shutdown', mode: 'reboot' }], {
        wake: true,
      });
      assert.equal(room.run(own, 1).state, 'waiting');
      const hosts = hostsToResumeWaking(room.store.read(), Date.parse(others.createdAt));
      assert.deepEqual(
        hosts.map(({ id }) => id),
        [room.host(2)],
      );
    });
  });
});
