import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { newRunId } from '../../../server/ids.ts';
import { sendStreams } from '../image-store/sample-manifest.ts';
import { at } from '../../support/lists.ts';
import {
  capturedDisk,
  operationEnded,
  plan,
  ready,
  started,
  stepEnded,
} from '../../support/run-events.ts';
import { gather, onlySession } from '../gathered.ts';
import { withRoom } from '../sample-room.ts';

describe('a connection that is lost', () => {
  test('a connection that is lost leaves the run under way for its engine to take up', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { engine, runId } = await room.atWork(1, 'capture-p1');
      room.disconnect(engine);
      assert.equal(room.run(task, 1).state, 'running');
      assert.equal(await room.work.presence.workerConnected(engine.link, runId), true);
      await engine.report(runId, stepEnded('capture-p1'));
      assert.equal(room.run(task, 1).steps[0]?.state, 'completed');
    });
  });

  test('a connection that is lost interrupts the run when the engine does not come back in time', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const { engine, runId } = await room.atWork(1, 'write-p1', 'write-p2');
      room.disconnect(engine);
      await room.ended(runId);
      const { state, diskOutcome, error } = room.run(task, 1);
      assert.deepEqual(
        [state, diskOutcome, error?.code],
        ['interrupted', 'unknown', 'interrupted'],
      );
      assert.match(
        error?.message ?? '',
        /^do write-p1: the connection to the host was lost .*, and it did not come back$/,
      );
    });
  });

  test('a connection that is lost does not keep what the engine says late from counting', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const { engine, runId } = await room.atWork(1, 'write-p1');
      room.disconnect(engine);
      await room.ended(runId);
      assert.equal(await room.work.presence.workerConnected(engine.link, runId), true);
      await engine.report(runId, stepEnded('write-p1'), operationEnded());
      const { state, diskOutcome, error } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, error], ['completed', 'complete', null]);
    });
  });

  test('a connection that is lost is found out also when the grace time ends while a report of the engine is being stored', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const { engine, runId } = await room.atWork(1, 'capture-p1');
      await sendStreams(room.images, runId);
      const commit = room.images.commit.bind(room.images);
      room.images.commit = async (...args) => {
        await room.ended(runId);
        return commit(...args);
      };
      const report = engine.report(runId, { type: 'captured', image: capturedDisk() });
      room.disconnect(engine);
      await report;
      await room.timesEnded(runId, 2);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });

  test('a connection that is lost is found out also while the engine that has come back is being taken in', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      await room.addImage();
      const old = await room.deploy([1]);
      await room.store.change(({ tasks }) => {
        const run = at(at(tasks, 0).runs, 0);
        Object.assign(run, { state: 'interrupted', endedAt: new Date(0).toISOString() });
      });
      const task = await room.deploy([1]);
      const { engine, runId } = await room.atWork(1, 'write-p1');
      room.disconnect(engine);
      await room.ended(runId);
      const discard = room.images.discard.bind(room.images);
      room.images.discard = async (discarded) => {
        if (discarded === room.run(old, 1).id) room.disconnect(engine);
        return discard(discarded);
      };
      assert.equal(await room.work.presence.workerConnected(engine.link, runId), true);
      await room.timesEnded(runId, 2);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });

  test('a connection that is lost that a newer one has replaced already means nothing', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      const newer = await room.connect(1, runId);
      assert.deepEqual(engine.told, ['close: end.connected-again']);
      room.disconnect(engine);
      assert.equal(room.connected.workerOn(room.host(1)), newer.link);
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('a connection that is lost takes a member out of the session that gathers', async () => {
    await withRoom({ hosts: 2, graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const [one, two] = await gather(room, 2);
      assert.ok(one !== undefined && two !== undefined);
      await one.report(room.run(task, 1).id, ready(onlySession(room)));
      room.disconnect(two);
      await room.ended(room.run(task, 2).id);
      assert.deepEqual([onlySession(room).state, onlySession(room).members.length], ['sending', 1]);
    });
  });
});

describe('an engine that was restarted', () => {
  test('an engine that was restarted begins again what the one before it was doing, and what that had captured goes', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { runId } = await room.atWork(1, 'capture-p1', 'store-p1');
      await sendStreams(room.images, runId);
      const again = await room.connect(1);
      const { state, error, steps } = room.run(task, 1);
      assert.deepEqual([state, error], ['waiting', null]);
      assert.deepEqual(
        steps.map(({ id, state: ended }) => [id, ended]),
        [['capture-p1', 'aborted']],
      );
      assert.match(
        steps[0]?.error?.message ?? '',
        /^do capture-p1: the host was restarted while the run was under way$/,
      );
      assert.equal(existsSync(join(room.directory, 'images/.incoming', runId)), false);
      assert.equal((await again.nextWork()).runId, runId);
      // Its events count, though they have numbers that the first start has used.
      await again.report(runId, plan('capture-p1'), stepEnded('capture-p1'));
      await sendStreams(room.images, runId);
      await again.report(runId, { type: 'captured', image: capturedDisk() });
      await again.report(runId, operationEnded('completed', { diskOutcome: 'untouched' }));
      assert.equal(room.run(task, 1).state, 'completed');
      assert.equal(room.store.read().images[0]?.versions.length, 1);
    });
  });

  test('an engine that was restarted begins again within the hour also when the run was given up, and only then', async () => {
    for (const minutes of [59, 61]) {
      await withRoom({ graceMs: 0 }, async (room) => {
        await room.addImage();
        const task = await room.deploy([1]);
        const { engine, runId } = await room.atWork(1, 'write-p1');
        room.disconnect(engine);
        await room.ended(runId);
        await room.store.change(({ tasks }) => {
          const run = at(tasks, 0).runs.find(({ id }) => id === runId) ?? assert.fail();
          run.endedAt = new Date(Date.now() - minutes * 60_000).toISOString();
        });
        const again = await room.connect(1);
        const next = await again.next();
        const { state, diskOutcome } = room.run(task, 1);
        assert.equal(diskOutcome, 'unknown');
        assert.deepEqual(
          [next.type, state],
          minutes < 60 ? ['deploy', 'running'] : ['idle', 'interrupted'],
        );
      });
    }
  });

  test('an engine that was restarted comes to rest when the host falls over each time, its disk known as half written', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      for (let start = 1; start <= 3; start += 1) {
        await room.atWork(1, 'write-p1');
      }
      const engine = await room.connect(1);
      const { state, diskOutcome, error, restarts } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, restarts], ['interrupted', 'unknown', 2]);
      assert.match(error?.message ?? '', /^do write-p1: the host was restarted/);
      assert.equal(room.store.read().hosts[0]?.halfWritten?.runId, room.run(task, 1).id);
      assert.equal((await engine.next()).type, 'idle');
    });
  });

  test('an engine that was restarted does not begin again what was cancelled, what other work came after, or a shutdown', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const cancelled = await room.deploy([1]);
      await room.atWork(1, 'write-p1');
      await room.work.cancel(room.run(cancelled, 1).id, 'eva');
      await room.connect(1);
      assert.equal(room.run(cancelled, 1).state, 'interrupted');

      const earlier = await room.deploy([1], { afterwards: 'reboot' });
      const { engine, runId: id } = await room.atWork(1, 'write-p1');
      await engine.report(id, stepEnded('write-p1'), operationEnded());
      await engine.nextWork();
      await engine.report(id, plan('shutdown-host'), started('shutdown-host'));
      await room.connect(1);
      assert.equal(room.run(earlier, 1).state, 'interrupted');

      const superseded = await room.deploy([1]);
      await room.atWork(1, 'write-p1');
      const later = await room.deploy([1]);
      const last = await room.connect(1);
      assert.equal(room.run(superseded, 1).state, 'interrupted');
      assert.equal((await last.nextWork()).runId, room.run(later, 1).id);
    });
  });

  test('an engine that was restarted reports on an operation between two starts as if it were the first', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1], { afterwards: 'reboot' });
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('write-p1'), stepEnded('write-p1'), operationEnded());
      const again = await room.connect(1);
      assert.equal((await again.nextWork()).type, 'shutdown');
      const end = operationEnded('completed', { operationIndex: 1, diskOutcome: 'untouched' });
      await again.report(runId, end);
      assert.equal(room.run(task, 1).state, 'completed');
      assert.equal((await again.next()).type, 'idle');
    });
  });

  test('an engine that was restarted cannot report on runs of other hosts, or on none', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      const other = await room.connect(2);
      await assert.rejects(other.report(runId, operationEnded()), { code: 'not-found' });
      await assert.rejects(other.report(newRunId(), operationEnded()), { code: 'not-found' });
    });
  });

  test('an engine that was restarted that asks for work without a word on how the last ended has its run interrupted', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { engine } = await room.atWork(1, 'capture-p1');
      assert.equal((await engine.next()).type, 'idle');
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });
});

describe('a server that was restarted', () => {
  test('a server that was restarted knows every task, and gives out the work that waits', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const before = room.task(task);
      await room.restart();
      assert.deepEqual(room.task(task), before);
      await gather(room, 2);
      assert.equal(onlySession(room).members.length, 2);
    });
  });

  test('a server that was restarted goes on with a run whose engine is still at it', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      await engine.report(runId, plan('capture-p1'), started('capture-p1'));
      await sendStreams(room.images, runId);
      await room.restart();
      assert.equal(room.run(task, 1).state, 'running');
      assert.equal(await room.work.presence.workerConnected(engine.link, runId), true);
      // The token that the engine has still opens its data.
      assert.equal(room.work.dataAccess.authorize(runId, token, ['capture']).run.id, runId);
      await room.images.openStaging(runId);
      await engine.report(runId, stepEnded('capture-p1'));
      await engine.report(runId, { type: 'captured', image: capturedDisk() });
      await engine.report(runId, operationEnded('completed', { diskOutcome: 'untouched' }));
      assert.equal(room.run(task, 1).state, 'completed');
      assert.equal(room.store.read().images.length, 1);
    });
  });

  test('a server that was restarted interrupts a run whose engine does not come back', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await room.restart();
      await room.ended(runId);
      assert.match(room.run(task, 1).error?.message ?? '', /the server was restarted/);
    });
  });

  test('a server that was restarted stops its timers when it is closed, also for engines that leave after that', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      await engine.nextWork();
      room.work.close();
      room.disconnect(engine);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(room.run(task, 1).state, 'running');
    });
  });
});
