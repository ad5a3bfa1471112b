/** What may go wrong between a power cut and the second attempt: operators, old connections, rooms, stored images. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Task } from '../../../lib/model/task.ts';
import { bootChoices, type BootChoice } from '../../../lib/rules/boot-choice.ts';
import { resumableRuns } from '../../../lib/rules/run-resumption.ts';
import { expectedBootOf } from '../../../server/wake/expected-boot.ts';
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
import { type FakeEngine } from '../fake-engine.ts';

/** A host of a deploy by unicast that is gone in the middle of it, its disk half written. */
async function cutOff(room: Room, task: Task, index: number): Promise<void> {
  const { engine, runId } = await room.atWork(index, 'clear-disk', 'write-p1');
  room.disconnect(engine);
  await room.ended(runId);
  assert.equal(room.run(task, index).state, 'interrupted');
}

function boots(room: Room, index: number): BootChoice | undefined {
  const state = { hasBuild: true, isServing: true, now: Date.now() };
  const host = room.store.read().hosts[index - 1] ?? assert.fail();
  return bootChoices(room.store.read(), state).byMac.get(host.mac);
}

describe('an operator', () => {
  test('an operator: cancels what would begin again, with the others or alone', async () => {
    await withRoom({ hosts: 2, graceMs: 0 }, async (room) => {
      await room.addImage();
      const both = await room.deploy([1, 2], { transport: 'unicast' });
      await cutOff(room, both, 1);
      const { cancelled } = await room.tasks['task.cancel']({ task: both.id, host: null });
      assert.equal(cancelled.length, 2);
      const { state, diskOutcome } = room.run(both, 1);
      assert.deepEqual([state, diskOutcome], ['aborted', 'unknown']);
      assert.notEqual(room.store.read().hosts[0]?.halfWritten, null);
      assert.equal((await (await room.connect(1)).next()).type, 'idle');

      const alone = await room.deploy([2], { transport: 'unicast' });
      await cutOff(room, alone, 2);
      await room.tasks['task.cancel']({ task: alone.id, host: room.host(2) });
      assert.equal((await (await room.connect(2)).next()).type, 'idle');
      await assert.rejects(room.tasks['task.cancel']({ task: alone.id, host: null }), {
        code: 'not-allowed',
      });
    });
  });

  test('an operator who says that the disk is in order keeps it from being written', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      await cutOff(room, task, 1);
      assert.equal(boots(room, 1), 'engine');
      await room.tasks['host.clear']({ host: room.host(1) });
      assert.equal(boots(room, 1) ?? 'disk', 'disk');
      assert.equal((await (await room.connect(1)).next()).type, 'idle');
    });
  });

  test('an operator who cancels in the very moment is heard', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { runId } = await room.atWork(1, 'capture-p1');
      const again = room.newEngine(1);
      const online = room.work.presence.workerConnected(again.link, null);
      await room.work.cancel(runId, 'eva');
      await online;
      assert.equal((await again.next()).type, 'idle');
      assert.equal(room.run(task, 1).state, 'aborted');
    });
  });

  test('an operator cannot have two hosts capture to one name', async () => {
    await withRoom({ hosts: 2, graceMs: 0 }, async (room) => {
      const engine = await room.connect(1);
      const task = await room.capture(1, 'gold');
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('capture-p1'), started('capture-p1'));
      room.disconnect(engine);
      await room.ended(runId);
      await assert.rejects(room.capture(2, 'gold'), { code: 'not-allowed' });
      await room.tasks['task.cancel']({ task: task.id, host: null });
      await room.capture(2, 'gold');
    });
  });

  test('an operator who wakes the host is told that its engine will come', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      await room.addImage();
      await cutOff(room, await room.deploy([1]), 1);
      await room.store.change(({ hosts }) => {
        for (const host of hosts) host.halfWritten = null;
      });
      assert.equal(expectedBootOf({ ...room.context, hasBuild: true }, room.host(1)), 'engine');
    });
  });
});

describe('of two starts of the engine', () => {
  test('of two starts of the engine only the one that has the run is heard, and has its data', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const first = await room.connect(1);
      const { runId, token } = await first.nextWork();
      await first.report(runId, plan('write-p1', 'write-p2'), started('write-p1'));
      const second = await room.connect(1);
      const again = await second.nextWork();
      await second.report(runId, plan('write-p1', 'write-p2'), started('write-p1'));
      assert.throws(() => room.work.dataAccess.authorize(runId, token, ['deploy']));
      assert.doesNotThrow(() => room.work.dataAccess.authorize(runId, again.token, ['deploy']));
      // It was not dead: another machine with the same adapter, or a cable that was out.
      await assert.rejects(first.report(runId, stepEnded('write-p1'), operationEnded()), {
        code: 'not-found',
      });
      assert.equal(await room.work.presence.workerConnected(first.link, runId), false);
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('of two starts of the engine: the second is heard from its first word, also when the run was waiting', async () => {
    await withRoom({ hosts: 2, graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const first = await room.connect(1);
      const { runId } = await first.nextWork();
      const missed = operationEnded('failed', {
        diskOutcome: 'untouched',
        code: 'session-missed',
      });
      await first.report(
        runId,
        plan('check-target', 'clear-disk'),
        started('check-target'),
        missed,
      );
      assert.equal(room.run(task, 1).state, 'waiting');
      const second = await room.connect(1);
      await second.nextWork();
      await second.report(runId, plan('check-target', 'clear-disk'), started('clear-disk'));
      room.disconnect(second);
      await room.ended(runId);
      assert.equal(room.run(task, 1).diskOutcome, 'unknown');
      assert.notEqual(room.store.read().hosts[0]?.halfWritten, null);
    });
  });

  test('of two starts of the engine neither begins again what one and the same has lost track of', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { engine } = await room.atWork(1, 'capture-p1');
      await room.work.presence.workerConnected(engine.link, null);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });

  test('of two starts of the engine: a host that dies before it says what it will do comes to rest', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      for (let start = 1; start <= 3; start += 1) {
        assert.equal((await (await room.connect(1)).next()).type, 'capture');
      }
      assert.equal((await (await room.connect(1)).next()).type, 'idle');
      const { state, error } = room.run(task, 1);
      assert.equal(state, 'interrupted');
      assert.match(error?.message ?? '', /again and again before it began$/);
    });
  });

  test('of two starts of the engine: two that come at once begin it again once', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { runId } = await room.atWork(1, 'capture-p1');
      const [second, third] = [room.newEngine(1), room.newEngine(1)];
      await Promise.all([
        room.work.presence.workerConnected(second.link, null),
        room.work.presence.workerConnected(third.link, null),
      ]);
      assert.equal(room.run(task, 1).restarts, 1);
      assert.equal((await third.nextWork()).runId, runId);
    });
  });
});

describe('a room', () => {
  /** All these hosts receive, and write. */
  async function transmit(
    room: Room,
    task: Task,
    indexes: readonly number[],
  ): Promise<FakeEngine[]> {
    const engines: FakeEngine[] = [];
    for (const index of indexes) {
      const engine = await room.connect(index);
      const { runId } = await engine.nextWork();
      const { sessionId } = room.run(task, index);
      assert.ok(sessionId !== null);
      const ready = { type: 'session-ready', sessionId } as const;
      await engine.report(runId, plan('wait', 'write-p1'), ready);
      engines.push(engine);
    }
    for (const [at, engine] of engines.entries()) {
      await engine.report(room.run(task, indexes[at] ?? 0).id, started('write-p1'));
    }
    assert.deepEqual(
      room.sessions.views.map(({ state }) => state),
      ['sending'],
    );
    return engines;
  }

  async function powerCut(room: Room, task: Task, indexes: readonly number[]): Promise<void> {
    const engines = await transmit(room, task, indexes);
    for (const [at, engine] of engines.entries()) {
      room.disconnect(engine);
      await room.ended(room.run(task, indexes[at] ?? 0).id);
    }
  }

  test('a room whose power went comes back as one transmission', async () => {
    await withRoom({ hosts: 3, graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2, 3]);
      await powerCut(room, task, [1, 2, 3]);
      const sessions = new Set<string>();
      for (const index of [1, 2, 3]) {
        const engine = await room.connect(index);
        const operation = await engine.nextWork();
        assert.equal(transportOf(operation), 'multicast');
        const { sessionId } = room.run(task, index);
        assert.ok(sessionId !== null);
        sessions.add(sessionId);
        await engine.report(operation.runId, plan('wait', 'write-p1'), {
          type: 'session-ready',
          sessionId,
        });
        const view = room.sessions.views.find(({ id }) => id === sessionId);
        assert.equal(view?.state, index < 3 ? 'gathering' : 'sending');
      }
      assert.equal(sessions.size, 1);
    });
  });

  test('a room of which one host alone comes back does not wait for those that work', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      await transmit(room, task, [1, 2]);
      assert.equal(transportOf(await (await room.connect(1)).next()), 'unicast');
    });
  });

  test('a room waits for a member that was restarted while all others were ready', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2, 3]);
      for (const index of [1, 2, 3]) {
        const engine = await room.connect(index);
        const { runId } = await engine.nextWork();
        const { sessionId } = room.run(task, index);
        assert.ok(sessionId !== null);
        await engine.report(runId, plan('wait'), started('wait'));
        if (index < 3) await engine.report(runId, { type: 'session-ready', sessionId });
      }
      const again = await room.connect(3);
      assert.deepEqual(
        room.sessions.views.map(({ state }) => state),
        ['gathering'],
      );
      assert.equal(transportOf(await again.next()), 'multicast');
    });
  });

  test('a room: member that is dropped from the transmission before does not lose its second attempt', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      await transmit(room, task, [1, 2]);
      const { id, sessionId: before } = room.run(task, 1);
      assert.ok(before !== null);
      const again = await room.connect(1);
      await again.nextWork();
      room.sessions.listener.onDropped(id, before);
      // Behind what comes of that.
      await room.store.change(() => undefined);
      await setImmediate();
      assert.deepEqual(
        again.told.filter((text) => text.startsWith('cancel')),
        [],
      );
      const other = room.run(task, 2);
      assert.equal(other.sessionId, before);
    });
  });
});

test('A capture that is stored already is not made a second time; what comes after it is done.', async () => {
  await withRoom({}, async (room) => {
    const task = await room.capture(1, 'gold', 'reboot');
    const engine = await room.connect(1);
    const { runId } = await engine.nextWork();
    await engine.report(runId, plan('capture-p1', 'store-image'), stepEnded('capture-p1'));
    await sendStreams(room.images, runId);
    await engine.report(runId, started('store-image'), { type: 'captured', image: capturedDisk() });
    const again = await room.connect(1);
    assert.equal((await again.nextWork()).type, 'shutdown');
    const end = operationEnded('completed', { operationIndex: 1, diskOutcome: 'untouched' });
    await again.report(runId, end);
    const { state, steps } = room.run(task, 1);
    assert.equal(state, 'completed');
    assert.deepEqual(
      steps.map((step) => [step.id, step.state]),
      [
        ['capture-p1', 'completed'],
        ['store-image', 'skipped'],
      ],
    );
    assert.equal(room.store.read().images[0]?.versions.length, 1);
  });
});

test('What was under way when the server went off for the night is not done in the morning.', async () => {
  await withRoom({}, async (room) => {
    await room.addImage();
    const task = await room.deploy([1]);
    const { runId } = await room.atWork(1, 'write-p1');
    const at = Date.parse(room.run(task, 1).steps[0]?.startedAt ?? '');
    const hours = (count: number): boolean =>
      resumableRuns(room.store.read().tasks, at + count * 3_600_000).has(runId);
    assert.deepEqual([hours(11), hours(12)], [true, false]);
  });
});
