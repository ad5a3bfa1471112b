import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../lib/model/task.ts';
import { isCapturing } from '../../../server/tasks/capturing.ts';
import { withRoom } from '../sample-room.ts';

test('A host captures from being given that until it has ended; of the same tasks the runs are looked at once.', async () => {
  await withRoom({ hosts: 2 }, async (room) => {
    await room.capture(1);
    const both = (tasks: readonly Task[]): boolean[] =>
      [1, 2].map((index) => isCapturing(tasks, room.host(index)));
    assert.deepEqual(both(room.store.read().tasks), [false, false]);
    const engine = await room.connect(1);
    const { runId } = await engine.nextWork();
    const { tasks } = room.store.read();
    assert.deepEqual(both(tasks), [true, false]);
    let looked = 0;
    const watched = new Proxy(tasks, {
      get: (list, key): unknown => {
        looked += 1;
        return Reflect.get(list, key);
      },
    });
    assert.deepEqual(both(watched), [true, false]);
    const before = looked;
    assert.ok(before > 0);
    for (let time = 0; time < 100; time += 1) both(watched);
    assert.equal(looked, before);
    await room.work.cancel(runId, 'eva');
    room.disconnect(engine);
    await room.work.cancel(runId, 'eva');
    assert.deepEqual(both(room.store.read().tasks), [false, false]);
  });
});
