import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newRunId } from '../../../server/ids.ts';
import { operationEnded, plan, stepEnded } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';

describe('cancelling', () => {
  test('cancelling a run that waits ends it', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { id } = room.run(task, 1);
      await room.work.cancel(id, 'eva');
      const run = room.run(task, 1);
      assert.deepEqual(
        [run.state, run.diskOutcome, run.error?.code, run.error?.message],
        ['aborted', 'untouched', 'cancelled', 'cancelled by eva'],
      );
      assert.equal((await (await room.connect(1)).next()).type, 'idle');
    });
  });

  test('cancelling a run that is under way tells its engine, whose word then ends it', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { engine, runId } = await room.atWork(1, 'capture-p1');
      await room.work.cancel(runId, 'eva');
      assert.deepEqual(engine.told, ['cancel aborted: cancelled by eva']);
      assert.deepEqual(
        [room.run(task, 1).state, room.run(task, 1).cancelRequested],
        ['running', true],
      );
      const end = operationEnded('aborted', { diskOutcome: 'untouched', code: 'cancelled' });
      await engine.report(runId, stepEnded('capture-p1', 'aborted'), end);
      assert.equal(room.run(task, 1).state, 'aborted');
    });
  });

  test('cancelling a run whose engine never says that it stopped ends it too', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const { runId } = await room.atWork(1, 'capture-p1');
      await room.work.cancel(runId, 'eva');
      await room.ended(runId);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });

  test('cancelling a run whose engine is away interrupts it, and the engine must stop when it is back', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const { engine, runId } = await room.atWork(1, 'write-p1');
      room.disconnect(engine);
      await room.work.cancel(runId, 'eva');
      const { state, diskOutcome, error } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, error?.code], ['interrupted', 'unknown', 'cancelled']);
      assert.equal(await room.work.presence.workerConnected(engine.link, runId), false);
      const end = operationEnded('aborted', { diskOutcome: 'cleared', code: 'cancelled' });
      await engine.report(runId, end);
      assert.deepEqual(
        [room.run(task, 1).state, room.run(task, 1).diskOutcome],
        ['aborted', 'cleared'],
      );
    });
  });

  test('cancelling a run between two operations ends it when its engine asks for work', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1], { afterwards: 'power-off' });
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('write-p1'), stepEnded('write-p1'), operationEnded());
      await room.work.cancel(runId, 'eva');
      assert.equal((await engine.next()).type, 'idle');
      const { state, diskOutcome, error } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, error?.code], ['aborted', 'complete', 'cancelled']);
    });
  });

  test('cancelling a run while its work is being made ready keeps the engine from it', async () => {
    const during: { act: () => Promise<void> } = { act: () => Promise.resolve() };
    await withRoom({ hosts: 2, onRoute: () => during.act() }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const engine = await room.connect(1);
      const { id } = room.run(task, 1);
      during.act = () => room.work.cancel(id, 'eva');
      assert.equal((await engine.next()).type, 'idle');
      assert.equal(room.run(task, 1).state, 'aborted');
      // Nobody waits for the one that was cancelled.
      for (const { members, state } of room.sessions.views) {
        assert.deepEqual([members, state], [[], 'failed']);
      }
    });
  });

  test('cancelling a run before its plan keeps the engine from beginning', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await room.work.cancel(runId, 'eva');
      await assert.rejects(engine.report(runId, plan('capture-p1')), { code: 'cancelled' });
    });
  });

  test('cancelling a run that has ended, or none, changes nothing', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      const { state, error } = room.run(task, 1);
      await room.work.cancel(runId, 'eva');
      assert.deepEqual([room.run(task, 1).state, room.run(task, 1).error], [state, error]);
      await room.work.cancel(newRunId(), 'eva');
    });
  });
});
