import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsToResumeWaking } from '../../../server/wake/resume-wakes.ts';
import { withRoom } from '../sample-room.ts';

test('A new start of the server wakes whom fresh tasks wait for, and nobody else.', async () => {
  await withRoom({ hosts: 5 }, async (room) => {
    await room.addImage();
    const woken = await room.deploy([1, 2, 3], { wake: true });
    await room.deploy([4], { wake: false });
    const engine = await room.connect(1);
    await engine.nextWork();
    await room.work.cancel(room.run(woken, 2).id, 'eva');
    const madeAt = Date.parse(woken.createdAt);
    const names = (now: number): string[] =>
      hostsToResumeWaking(room.store.read(), now).map(({ id }) => id);
    assert.deepEqual(names(madeAt + 599_999), [room.host(3)]);
    assert.deepEqual(names(madeAt + 600_000), []);
  });
});
