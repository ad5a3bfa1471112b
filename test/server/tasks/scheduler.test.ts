import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { IMAGE, VERSION } from '../image-store/sample-manifest.ts';
import { operationEnded, plan, stepEnded } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';

describe('the next operation', () => {
  test('the next operation is none when there is no work', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      assert.deepEqual(await engine.next(), { type: 'idle' });
    });
  });

  test('the next operation is that of the oldest task, one after the other', async () => {
    await withRoom({}, async (room) => {
      const first = await room.capture(1, 'one');
      const second = await room.capture(1, 'two');
      const engine = await room.connect(1);
      for (const task of [first, second]) {
        const { runId, type } = await engine.nextWork();
        assert.deepEqual([runId, type], [room.run(task, 1).id, 'capture']);
        await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      }
      assert.equal((await engine.next()).type, 'idle');
    });
  });

  test('the next operation is only work of its own host, with the token of that run', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      const task = await room.capture(1);
      const other = await room.connect(2);
      assert.equal((await other.next()).type, 'idle');
      const engine = await room.connect(1);
      const { runId, token, operationIndex } = await engine.nextWork();
      assert.deepEqual([runId, operationIndex], [room.run(task, 1).id, 0]);
      assert.ok(room.tokens.opens(runId, engine.link.instanceId, token));
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('the next operation is announced to the hosts that are connected, and changes are signalled', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      const engine = await room.connect(1);
      const idle = await room.connect(3);
      const before = room.changes;
      await room.deploy([1, 2]);
      assert.deepEqual([engine.told, idle.told], [['work'], []]);
      assert.ok(room.changes > before);
    });
  });

  test('the next operation is given again to the same start of the engine whose answer was lost', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      room.disconnect(engine);
      await room.work.presence.workerConnected(engine.link, null);
      assert.equal((await engine.nextWork()).runId, runId);
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('the next operation after the first one is the next one of the same run', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1], { afterwards: 'reboot' });
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('write-p1'), stepEnded('write-p1'), operationEnded());
      const next = await engine.nextWork();
      assert.deepEqual([next.type, next.runId, next.operationIndex], ['shutdown', runId, 1]);
      const end = operationEnded('completed', { operationIndex: 1, diskOutcome: 'untouched' });
      await engine.report(runId, end);
      const run = room.run(task, 1);
      assert.deepEqual([run.state, run.diskOutcome], ['completed', 'complete']);
      assert.equal((await engine.next()).type, 'idle');
    });
  });

  test('the next operation whose image is damaged fails its run, and the host goes on with the next one', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const damaged = await room.deploy([1]);
      const sound = await room.capture(1, 'other');
      const manifest = join(room.images.versionPath(IMAGE, VERSION), 'manifest.json');
      await writeFile(manifest, `${await readFile(manifest, 'utf8')} `);
      const engine = await room.connect(1);
      assert.equal((await engine.nextWork()).runId, room.run(sound, 1).id);
      const run = room.run(damaged, 1);
      assert.deepEqual(
        [run.state, run.error?.code, run.diskOutcome],
        ['failed', 'image-damaged', 'untouched'],
      );
      await room.ended(run.id);
    });
  });

  test('the next operation of an engine that is gone when the answer is ready does not stay under way for ever', async () => {
    const during: { act: () => Promise<void> } = { act: () => Promise.resolve() };
    await withRoom({ hosts: 2, graceMs: 0, onRoute: () => during.act() }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const engine = await room.connect(1);
      during.act = () => {
        room.disconnect(engine);
        return Promise.resolve();
      };
      await engine.next();
      await room.ended(room.run(task, 1).id);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });
});
