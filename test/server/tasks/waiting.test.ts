/** Work waits for its hosts until a given time, and no longer, whatever server and clock do meanwhile. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Task } from '../../../lib/model/task.ts';
import { bootChoices } from '../../../lib/rules/boot-choice.ts';
import { sendStreams } from '../image-store/sample-manifest.ts';
import {
  capturedDisk,
  operationEnded,
  plan,
  started,
  stepEnded,
  transportOf,
} from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { shutdownTask } from '../../support/task-requests.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function stateOf(room: Room, task: Task, index: number): readonly unknown[] {
  const { state, error, diskOutcome } = room.run(task, index);
  return [state, error?.code ?? null, diskOutcome];
}

const NOT_IN_TIME = ['failed', 'not-in-time', 'untouched'];

/** What the host would boot at the room's time. */
function boots(room: Room, index: number): string {
  const now = Date.now() + room.clockIsAheadMs;
  const choices = bootChoices(room.store.read(), { hasBuild: true, isServing: true, now });
  const { mac } = room.store.read().hosts[index - 1] ?? assert.fail();
  return choices.byMac.get(mac) ?? choices.others;
}

function waitMsOf({ waits }: Task): number {
  return Date.parse(waits.until) - Date.parse(waits.since);
}

describe('work waits', () => {
  test('work waits for a day, or as long as the settings say, or the operator', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      assert.equal(waitMsOf(await room.deploy([1])), DAY);
      assert.equal(waitMsOf(await room.deploy([1], { waitMs: 90_000 })), 90_000);
      await room.store.change(({ settings }) => {
        settings.waitHours = 2;
      });
      assert.equal(waitMsOf(await room.capture(1, 'gold')), 2 * HOUR);
      const shutdown = await room.tasks['task.create'](
        shutdownTask({
          targets: [room.host(1)],
          mode: 'reboot',
          waitMs: HOUR,
        }),
      );
      assert.equal(waitMsOf(room.task(shutdown)), HOUR);
    });
  });

  test('work waits until then, and after that its host boots its disk and gets nothing', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      room.clockIsAheadMs = DAY - 60_000;
      await room.work.overdue.end();
      assert.deepEqual([room.run(task, 1).state, boots(room, 1)], ['waiting', 'engine']);
      room.clockIsAheadMs = DAY + 60_000;
      // Before anything has ended it.
      assert.deepEqual([room.run(task, 1).state, boots(room, 1)], ['waiting', 'disk']);
      await room.work.overdue.end();
      assert.deepEqual(stateOf(room, task, 1), NOT_IN_TIME);
      assert.match(room.run(task, 1).error?.message ?? '', /it was not seen until 20\d\d-/);
      assert.equal((await (await room.connect(1)).next()).type, 'idle');
    });
  });

  test('work waits not a moment longer: a host that comes before the end was noticed is not overwritten', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const old = await room.deploy([1], { waitMs: HOUR });
      const fresh = await room.deploy([1], { waitMs: 3 * DAY });
      room.clockIsAheadMs = 2 * DAY;
      const engine = await room.connect(1);
      assert.equal((await engine.nextWork()).runId, room.run(fresh, 1).id);
      assert.deepEqual(stateOf(room, old, 1), NOT_IN_TIME);
      assert.match(room.run(old, 1).error?.message ?? '', /it had other work until/);
    });
  });

  test('work waits for each host of its own: the others have what they got', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2], { transport: 'unicast' });
      const { engine, runId } = await room.atWork(1, 'clear-disk', 'write-p1');
      room.clockIsAheadMs = DAY + HOUR;
      await room.work.overdue.end();
      assert.equal(room.run(task, 1).state, 'running');
      await engine.report(runId, operationEnded());
      assert.deepEqual(
        [room.run(task, 1).state, stateOf(room, task, 2)],
        ['completed', NOT_IN_TIME],
      );
    });
  });

  test('work waits and the server that was down meanwhile says so as soon as it is back', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      room.clockIsAheadMs = 30 * DAY;
      await room.restart();
      assert.deepEqual([stateOf(room, task, 1), boots(room, 1)], [NOT_IN_TIME, 'disk']);
    });
  });
});

describe('work that has begun', () => {
  test('work that has begun is tried again after a transmission that missed it, though its time is over', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2], { waitMs: 60_000 });
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('wait-session', 'write-p1'), started('wait-session'));
      const missed = operationEnded('failed', { diskOutcome: 'untouched', code: 'session-missed' });
      await engine.report(runId, stepEnded('wait-session', 'failed'), missed);
      room.clockIsAheadMs = HOUR;
      await room.work.overdue.end();
      assert.equal(room.run(task, 1).state, 'waiting');
      assert.equal(transportOf(await engine.next()), 'unicast');
    });
  });

  test('work that has begun does not go on when the host left before it was tried again, and comes a month later', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const first = await room.atWork(1, 'clear-disk', 'write-p1');
      room.disconnect(first.engine);
      // It begins again, and is gone before it asks.
      room.disconnect(await room.connect(1));
      assert.equal(room.run(task, 1).state, 'waiting');
      room.clockIsAheadMs = 30 * DAY;
      const late = await room.connect(1);
      assert.equal((await late.next()).type, 'idle');
      assert.deepEqual(stateOf(room, task, 1), ['failed', 'not-in-time', 'unknown']);
      assert.notEqual(room.store.read().hosts[0]?.halfWritten, null);
    });
  });

  test('work that has begun ends when a capture was done, however long the rest of the task takes', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1, 'gold', 'reboot');
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await sendStreams(room.images, runId);
      room.clockIsAheadMs = DAY + HOUR;
      await engine.report(runId, { type: 'captured', image: capturedDisk() }, operationEnded());
      assert.equal((await engine.nextWork()).type, 'shutdown');
      assert.equal(room.run(task, 1).state, 'running');
    });
  });
});

test('a server that cannot write starts all the same, and ends what is overdue when it can', async () => {
  await withRoom({}, async (room) => {
    await room.addImage();
    const task = await room.deploy([1]);
    room.clockIsAheadMs = 2 * DAY;
    // Nothing fits into its store any more.
    await room.restart({ maxStoreBytes: 1000 });
    await room.captured.line(({ event }) => event === 'fault');
    assert.equal(room.run(task, 1).state, 'waiting');
    await room.restart({ maxStoreBytes: 1_000_000 });
    assert.deepEqual(stateOf(room, task, 1), NOT_IN_TIME);
  });
});

/** The server looks, and again when the clock has stayed as it is for an hour. */
async function stays(room: Room): Promise<void> {
  await room.work.overdue.end();
  room.uptimeMs += HOUR;
  await room.work.overdue.end();
}

describe('a clock that starts years too early', () => {
  test('a clock that starts years too early and is set within the hour changes nothing of what waits', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1], { waitMs: 2 * HOUR });
      room.clockIsAheadMs = -1095 * DAY;
      await room.restart();
      room.uptimeMs += HOUR - 1;
      await room.work.overdue.end();
      assert.deepEqual([room.task(task).waits, boots(room, 1)], [task.waits, 'engine']);
      room.clockIsAheadMs = 0;
      await stays(room);
      assert.deepEqual(room.task(task).waits, task.waits);
      assert.equal((await (await room.connect(1)).nextWork()).runId, room.run(task, 1).id);
    });
  });

  test('a clock that starts years too early does not end what waits between two attempts, unless it stays so', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const first = await room.atWork(1, 'clear-disk', 'write-p1');
      room.disconnect(first.engine);
      room.disconnect(await room.connect(1));
      room.clockIsAheadMs = -1095 * DAY;
      await room.restart();
      assert.deepEqual([room.run(task, 1).state, boots(room, 1)], ['waiting', 'engine']);
      room.clockIsAheadMs = 0;
      await room.work.overdue.end();
      assert.equal(room.run(task, 1).state, 'waiting');
      room.clockIsAheadMs = -1095 * DAY;
      await stays(room);
      assert.deepEqual(stateOf(room, task, 1), ['failed', 'not-in-time', 'unknown']);
    });
  });
});

describe('a clock that is set', () => {
  test('a clock that is set: back behind the order makes the work wait as long as was asked for, and not longer', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      // The order was given by a clock that was three years ahead.
      const task = await room.deploy([1], { waitMs: 2 * HOUR });
      const back = -1095 * DAY;
      room.clockIsAheadMs = back;
      await stays(room);
      assert.equal(room.run(task, 1).state, 'waiting');
      assert.equal(waitMsOf(room.task(task)), 2 * HOUR);
      room.clockIsAheadMs = back + HOUR;
      await room.work.overdue.end();
      assert.equal(room.run(task, 1).state, 'waiting');
      room.clockIsAheadMs = back + 2 * HOUR + 60_000;
      await room.work.overdue.end();
      assert.deepEqual(stateOf(room, task, 1), NOT_IN_TIME);
    });
  });

  test('a clock that is set: back while the server was down: the same', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      room.clockIsAheadMs = -1095 * DAY;
      await room.restart();
      await stays(room);
      assert.equal(waitMsOf(room.task(task)), DAY);
      room.clockIsAheadMs += 2 * DAY;
      assert.equal((await (await room.connect(1)).next()).type, 'idle');
    });
  });

  test('a clock that is set: forward ends what waits: nobody knows how long it was', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      room.clockIsAheadMs = 1095 * DAY;
      assert.equal((await (await room.connect(1)).next()).type, 'idle');
      assert.deepEqual(stateOf(room, task, 1), NOT_IN_TIME);
    });
  });
});
