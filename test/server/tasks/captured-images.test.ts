import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { sendStreams, STREAMS } from '../image-store/sample-manifest.ts';
import { capturedDisk, operationEnded } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { type FakeEngine } from '../fake-engine.ts';

describe('a captured image', () => {
  /** Lets host 1 capture to `name` and returns the run. */
  async function capture(room: Room, engine: FakeEngine, name = 'win11'): Promise<void> {
    const task = await room.capture(1, name);
    const { runId } = await engine.nextWork();
    await sendStreams(room.images, runId);
    await engine.report(runId, { type: 'captured', image: capturedDisk() });
    await engine.report(runId, operationEnded('completed', { diskOutcome: 'untouched' }));
    assert.equal(room.run(task, 1).state, 'completed');
  }

  test('a captured image is in the store and in the directory when its event is acknowledged', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await capture(room, engine);
      const [image] = room.store.read().images;
      const [version] = image?.versions ?? [];
      assert.ok(image !== undefined && version !== undefined);
      assert.deepEqual([image.name, version.hostName], ['win11', 'pc-1']);
      const { id, manifestSha256 } = version;
      const { problems } = await room.images.verify(image.id, id, manifestSha256);
      assert.deepEqual(problems, []);
    });
  });

  test('a captured image that is reported twice is one version', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await sendStreams(room.images, runId);
      const captured: RunEvent = { type: 'captured', image: capturedDisk() };
      const numbers = await Promise.all([
        engine.reportAt(runId, 1, captured),
        engine.reportAt(runId, 1, captured),
      ]);
      assert.deepEqual(numbers, [1, 1]);
      // As if the acknowledgement had been lost with the record of the first: a server that forgot it.
      await room.store.change((data) => {
        data.images = [];
        for (const run of data.tasks.flatMap(({ runs }) => runs)) run.eventSequence = 0;
      });
      await engine.reportAt(runId, 1, captured);
      const [image, ...others] = room.store.read().images;
      assert.deepEqual([image?.versions.length, others], [1, []]);
    });
  });

  test('a captured image that lacks a stream is refused, and no image appears', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await sendStreams(room.images, runId, { ...STREAMS, 'p2.raw.zst': Buffer.from('other') });
      await assert.rejects(engine.report(runId, { type: 'captured', image: capturedDisk() }), {
        code: 'hash-mismatch',
      });
      assert.deepEqual(room.store.read().images, []);
      assert.deepEqual(await room.images.listVersions(), []);
    });
  });

  test('a captured image of the same name is a newer version of it, whatever the capitals', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await capture(room, engine, 'win11');
      await capture(room, engine, 'WIN11');
      const [image, ...others] = room.store.read().images;
      assert.deepEqual([image?.name, image?.versions.length, others], ['win11', 2, []]);
    });
  });

  test('a captured image leaves only so many versions as are kept, the newest', async () => {
    await withRoom({ keepVersions: 2 }, async (room) => {
      const engine = await room.connect(1);
      for (let count = 0; count < 3; count += 1) await capture(room, engine);
      const [image] = room.store.read().images;
      assert.ok(image !== undefined);
      assert.equal(image.versions.length, 2);
      const stored = await room.images.listVersions();
      assert.deepEqual(
        stored.map(({ versionId }) => versionId).sort(),
        image.versions.map(({ id }) => id).sort(),
      );
      const [newest, older] = image.versions;
      assert.ok((newest?.capturedAt ?? '') >= (older?.capturedAt ?? ''));
    });
  });

  test('a captured image leaves the version that a deploy under way still needs', async () => {
    await withRoom({ hosts: 2, keepVersions: 1 }, async (room) => {
      const engine = await room.connect(1);
      await capture(room, engine);
      const [first] = room.store.read().images[0]?.versions ?? [];
      const task = await room.deploy([2]);
      await capture(room, engine);
      const versions = (): string[] =>
        room.store.read().images.flatMap((image) => image.versions.map(({ id }) => id));
      assert.equal(versions().length, 2);
      const target = await room.connect(2);
      const deploy = await target.nextWork();
      assert.equal(deploy.type === 'deploy' && deploy.image.versionId, first?.id);
      await target.report(room.run(task, 2).id, operationEnded());
      await capture(room, engine);
      assert.equal(versions().length, 1);
    });
  });

  test('a captured image that was interrupted leaves nothing behind when its run has failed', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await sendStreams(room.images, runId);
      const failed = operationEnded('failed', {
        diskOutcome: 'untouched',
        code: 'disk-read-failed',
      });
      await engine.report(runId, failed);
      assert.equal(existsSync(join(room.directory, 'images/.incoming', runId)), false);
    });
  });
});
