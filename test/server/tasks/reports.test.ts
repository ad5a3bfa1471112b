import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';

describe('a report', () => {
  test('a report is acknowledged by the number of its last event', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      assert.equal(await engine.report(runId, plan('x', 'y'), started('x')), 2);
      assert.equal(await engine.report(runId, stepEnded('x')), 3);
      assert.equal(await engine.report(runId), 3);
    });
  });

  test('a report that comes again counts once', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      const events = [plan('x', 'y'), started('x')];
      await engine.reportAt(runId, 1, ...events);
      const before = room.run(task, 1);
      assert.equal(await engine.reportAt(runId, 1, ...events), 2);
      assert.deepEqual(room.run(task, 1), before);
      // Half of it is new.
      assert.equal(await engine.reportAt(runId, 2, started('x'), stepEnded('x')), 3);
      assert.deepEqual(
        room.run(task, 1).steps.map(({ state }) => state),
        ['completed', 'planned'],
      );
    });
  });

  test('a report that comes over two connections at once counts once', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.reportAt(runId, 1, plan('x'), started('x'));
      const end = [stepEnded('x'), operationEnded('failed', { code: 'disk-busy' })];
      const numbers = await Promise.all([
        engine.reportAt(runId, 3, ...end),
        engine.reportAt(runId, 3, ...end),
      ]);
      assert.deepEqual(numbers, [4, 4]);
      assert.equal(room.run(task, 1).state, 'failed');
    });
  });

  test('a report after the end of a run is acknowledged and changes nothing', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      assert.equal(await engine.report(runId, operationEnded('completed')), 2);
      assert.equal(room.run(task, 1).state, 'failed');
    });
  });

  test('a report of progress is shown while the run is under way, and not after', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      const total = {
        doneBytes: 5,
        totalBytes: 10,
        fraction: 0.5,
        bytesPerSecond: 1,
        remainingMs: 5000,
      };
      const progress = { stepId: 'capture-p1', step: total, total };
      await room.work.reports.receive(engine.link, {
        runId,
        firstSequence: 1,
        events: [],
        progress,
      });
      assert.deepEqual(room.connected.progress, [{ runId, hostId: room.host(1), ...progress }]);
      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      await room.work.reports.receive(engine.link, {
        runId,
        firstSequence: 2,
        events: [],
        progress,
      });
      assert.deepEqual(room.connected.progress, []);
    });
  });

  test('a report of a plan that does not say how the host is left, of an operation that ends the engine, is refused', async () => {
    await withRoom({}, async (room) => {
      const task = await room.addTask([1], [{ type: 'shutdown', mode: 'reboot' }]);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await assert.rejects(engine.report(runId, { ...planned('x'), leave: null }), {
        code: 'bad-message',
        message: /the plan of shutdown does not say how it leaves the host/,
      });
      assert.deepEqual(room.run(task, 1).steps, []);
      assert.equal(await engine.report(runId, { ...planned('x'), leave: 'reboot' }), 1);
    });
  });

  test('a report of a plan that ends the engine, of an operation that does not, is refused', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await assert.rejects(engine.report(runId, { ...planned('x'), leave: 'reboot' }), {
        code: 'bad-message',
        message: /the plan of capture ends with reboot/,
      });
      assert.equal(await engine.report(runId, { ...planned('x'), leave: null }), 1);
    });
  });

  test('a report of a plan by an engine of protocol 3, which does not say how the host is left, is taken', async () => {
    await withRoom({}, async (room) => {
      await room.addTask([1], [{ type: 'shutdown', mode: 'reboot' }]);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      assert.equal(await engine.report(runId, planned('x')), 1);
    });
  });
});

/** As an engine of protocol 3 sends it. */
function planned(stepId: string): Extract<RunEvent, { type: 'plan' }> {
  const event = plan(stepId);
  assert.ok(event.type === 'plan');
  return event;
}
