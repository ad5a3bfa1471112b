/** What operators are told of images, from what the store was and is. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { storeEvents } from '../../../server/events/store-events.ts';
import { sendStreams } from '../image-store/sample-manifest.ts';
import { capturedDisk, operationEnded } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';

async function capture(room: Room, name: string): Promise<void> {
  await room.capture(1, name);
  const engine = await room.connect(1);
  const { runId } = await engine.nextWork();
  await sendStreams(room.images, runId);
  const image = capturedDisk();
  await engine.report(runId, { type: 'captured', image }, operationEnded());
}

/** The events about images that `change` makes. */
async function imageEventsOf(room: Room, change: () => Promise<unknown>): Promise<unknown[]> {
  const before = room.store.read();
  await change();
  return storeEvents({ before, after: room.store.read(), by: 'eva' }).filter(({ type }) =>
    type.startsWith('image-'),
  );
}

describe('the log tells of an image', () => {
  test('the log tells of an image: each time that it is captured, and not when an old version goes', async () => {
    await withRoom({ keepVersions: 2 }, async (room) => {
      const captured = [{ type: 'image-captured', image: 'win11' }];
      for (let count = 0; count < 4; count += 1) {
        assert.deepEqual(await imageEventsOf(room, () => capture(room, 'win11')), captured);
      }
      const trim = (): Promise<void> =>
        room.store.change(({ images }) => {
          images[0]?.versions.pop();
        });
      assert.deepEqual(await imageEventsOf(room, trim), []);
      const removeNewest = (): Promise<void> =>
        room.store.change(({ images }) => {
          images[0]?.versions.shift();
        });
      assert.deepEqual(await imageEventsOf(room, removeNewest), []);
    });
  });

  test('the log tells of an image when it is renamed, protected, opened and deleted', async () => {
    await withRoom({}, async (room) => {
      await capture(room, 'win11');
      const calls = room.tasks;
      const rename = { image: 'win11', name: 'win10' };
      assert.deepEqual(await imageEventsOf(room, () => calls['image.rename'](rename)), [
        { type: 'image-renamed', from: 'win11', image: 'win10', by: 'eva' },
      ]);
      for (const isProtected of [true, false]) {
        const protect = { image: 'win10', isProtected };
        assert.deepEqual(await imageEventsOf(room, () => calls['image.protect'](protect)), [
          { type: 'image-protected', image: 'win10', isProtected, by: 'eva' },
        ]);
      }
      assert.deepEqual(await imageEventsOf(room, () => calls['image.delete']({ image: 'win10' })), [
        { type: 'image-deleted', image: 'win10', by: 'eva' },
      ]);
    });
  });
});
