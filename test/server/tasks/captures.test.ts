/** What an unfinished capture and its image's name, protection and versions have to do with each other. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Handlers } from '../../../lib/protocol/contract.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import type { OperatorMethods } from '../../../lib/protocol/operator-api/table.ts';
import { sendStreams } from '../image-store/sample-manifest.ts';
import { capturedDisk, operationEnded, plan, started } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { type FakeEngine } from '../fake-engine.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

type ImageCalls = Pick<Handlers<OperatorMethods>, 'image.rename' | 'image.protect'>;

function imagesOf(room: Room): ImageCalls {
  return room.tasks;
}

/** The capture of `name` as the engine's next work, sent whole, but not reported yet. */
async function sent(room: Room, engine: FakeEngine, name: string): Promise<() => Promise<unknown>> {
  await room.capture(1, name);
  const { runId } = await engine.nextWork();
  await engine.report(runId, plan('capture-p1'), started('capture-p1'));
  await sendStreams(room.images, runId);
  return async () =>
    engine.report(
      runId,
      { type: 'captured', image: capturedDisk() },
      operationEnded('completed', { diskOutcome: 'untouched' }),
    );
}

async function captured(room: Room, engine: FakeEngine, name: string): Promise<void> {
  await (
    await sent(room, engine, name)
  )();
}

/** The images of the room by name, with the ids of their versions, newest first. */
function versionsOf(room: Room): Record<string, string[]> {
  return Object.fromEntries(
    room.store.read().images.map(({ name, versions }) => [name, versions.map(({ id }) => id)]),
  );
}

test('what a capture warned of is kept with the version that it made, of its last beginning alone', async () => {
  await withRoom({}, async (room) => {
    const engine = await room.connect(1);
    await room.capture(1, 'win11');
    const { runId } = await engine.nextWork();
    const warned = (stepId: string, note: string): RunEvent => {
      return {
        type: 'step-ended',
        stepId,
        state: 'warned',
        doneBytes: 5,
        notes: [verbatim(note)],
        error: null,
      };
    };
    await engine.report(runId, plan('check-source', 'capture-p1'), started('check-source'));
    await engine.report(runId, warned('check-source', 'of a beginning that was broken off'));
    await engine.report(runId, plan('check-source', 'capture-p1', 'capture-p2'));
    await engine.report(runId, warned('check-source', 'one'), warned('capture-p1', 'two'));
    await engine.report(runId, warned('capture-p2', 'two'));
    await sendStreams(room.images, runId);
    await engine.report(runId, { type: 'captured', image: capturedDisk() });
    const [version] = room.store.read().images[0]?.versions ?? [];
    assert.deepEqual(version?.warnings, [verbatim('one'), verbatim('two')]);
  });
});

describe('a protected image', () => {
  test('a protected image keeps its versions when a capture to it was waiting, which fails before it reads', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      for (let count = 0; count < 2; count += 1) await captured(room, engine, 'win11');
      const before = versionsOf(room);
      const task = await room.capture(1, 'WIN11');
      await imagesOf(room)['image.protect']({ image: 'win11', isProtected: true });
      assert.equal((await engine.next()).type, 'idle');
      const { state, error, diskOutcome } = room.run(task, 1);
      assert.deepEqual([state, error?.code, diskOutcome], ['failed', 'not-allowed', 'untouched']);
      assert.match(error?.message ?? '', /is protected/);
      assert.deepEqual(versionsOf(room), before);
    });
  });

  test('a protected image cannot become one while a version of it is being captured', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await captured(room, engine, 'win11');
      const end = await sent(room, engine, 'win11');
      const protect = { image: 'win11', isProtected: true };
      await assert.rejects(imagesOf(room)['image.protect'](protect), {
        code: 'not-allowed',
        message: /a version of it is being captured/,
      });
      await end();
      assert.equal((await imagesOf(room)['image.protect'](protect)).isProtected, true);
    });
  });

  test('a protected image takes no version of a capture that was given up before it was protected', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const engine = await room.connect(1);
      await captured(room, engine, 'win11');
      const before = versionsOf(room);
      const end = await sent(room, engine, 'win11');
      const [task] = room.store.read().tasks.slice(-1);
      assert.ok(task !== undefined);
      room.disconnect(engine);
      await room.ended(room.run(task, 1).id);
      await room.tasks['task.cancel']({ task: task.id, host: null });
      await imagesOf(room)['image.protect']({ image: 'win11', isProtected: true });
      await room.work.presence.workerConnected(engine.link, null);
      await assert.rejects(end, { code: 'not-allowed' });
      assert.deepEqual(versionsOf(room), before);
      assert.equal((await room.images.listVersions()).length, 1);
    });
  });

  test('a protected image loses no version when fewer are kept than before', async () => {
    await withRoom({ keepVersions: 3 }, async (room) => {
      const engine = await room.connect(1);
      for (let count = 0; count < 3; count += 1) await captured(room, engine, 'win11');
      await imagesOf(room)['image.protect']({ image: 'win11', isProtected: true });
      const before = versionsOf(room);
      await room.restart({ keepVersions: 1 });
      const again = await room.connect(1);
      await captured(room, again, 'other');
      assert.deepEqual(versionsOf(room).win11, before.win11);
      assert.equal((await room.images.listVersions()).length, 4);
    });
  });
});

describe('the name that an unfinished capture has', () => {
  test('the name that an unfinished capture has is given to no other image, whether the capture waits or runs', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await captured(room, engine, 'old');
      const refused = {
        code: 'not-allowed',
        message: /renaming the image "old" to "FRESH": an unfinished capture will make an image/,
        hint: /capture pc-1 to fresh/,
      };
      const rename = { image: 'old', name: 'FRESH' };
      const task = await room.capture(1, 'fresh');
      await assert.rejects(imagesOf(room)['image.rename'](rename), refused);
      const { runId } = await engine.nextWork();
      await assert.rejects(imagesOf(room)['image.rename'](rename), refused);
      await sendStreams(room.images, runId);
      await engine.report(runId, { type: 'captured', image: capturedDisk() }, operationEnded());
      assert.equal(room.run(task, 1).state, 'completed');
      assert.deepEqual(
        Object.values(versionsOf(room)).map(({ length }) => length),
        [1, 1],
      );
    });
  });

  test('the name that an unfinished capture has is not taken from the image that gets a version of it', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await captured(room, engine, 'win11');
      const end = await sent(room, engine, 'win11');
      await assert.rejects(imagesOf(room)['image.rename']({ image: 'win11', name: 'win10' }), {
        code: 'not-allowed',
        message: /an unfinished capture will make a version of it/,
      });
      // Other capitals are the same name.
      await imagesOf(room)['image.rename']({ image: 'win11', name: 'Win11' });
      await end();
      assert.deepEqual(
        Object.entries(versionsOf(room)).map(([name, { length }]) => [name, length]),
        [['Win11', 2]],
      );
    });
  });

  test('the name that an unfinished capture has is free again when the capture has ended, even if its task goes on', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await room.capture(1, 'win11', 'reboot');
      const { runId } = await engine.nextWork();
      await sendStreams(room.images, runId);
      await engine.report(runId, { type: 'captured', image: capturedDisk() }, operationEnded());
      assert.equal((await engine.nextWork()).type, 'shutdown');
      await imagesOf(room)['image.rename']({ image: 'win11', name: 'win10' });
      assert.deepEqual(Object.keys(versionsOf(room)), ['win10']);
    });
  });

  test('the name that an unfinished capture has is not taken from a capture that was given up: what it sends is thrown away', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const engine = await room.connect(1);
      await captured(room, engine, 'old');
      const end = await sent(room, engine, 'fresh');
      const [task] = room.store.read().tasks.slice(-1);
      assert.ok(task !== undefined);
      room.disconnect(engine);
      await room.ended(room.run(task, 1).id);
      const rename = { image: 'old', name: 'fresh' };
      await assert.rejects(imagesOf(room)['image.rename'](rename), { code: 'not-allowed' });
      await room.tasks['task.cancel']({ task: task.id, host: null });
      await imagesOf(room)['image.rename'](rename);
      await room.work.presence.workerConnected(engine.link, null);
      await assert.rejects(end, { code: 'not-allowed' });
      assert.deepEqual(
        Object.entries(versionsOf(room)).map(([name, { length }]) => [name, length]),
        [['fresh', 1]],
      );
    });
  });
});
