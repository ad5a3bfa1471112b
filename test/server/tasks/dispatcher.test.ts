import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Session } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { newRunId } from '../../../server/ids.ts';
import { IMAGE, sendStreams, STREAMS, VERSION } from '../image-store/sample-manifest.ts';
import {
  capturedDisk,
  operationEnded,
  plan,
  started,
  transportOf,
  stepEnded,
  withRoom,
  type FakeEngine,
  type Room,
} from '../sample-room.ts';

function ready(session: Session): RunEvent {
  return { type: 'session-ready', sessionId: session.id };
}

function onlySession(room: Room): Session {
  const [session, ...others] = room.sessions.views;
  assert.ok(session !== undefined);
  assert.deepEqual(others, []);
  return session;
}

/** Connects hosts 1 to `count` and lets each fetch its deploy. */
async function gather(room: Room, count: number): Promise<FakeEngine[]> {
  const engines: FakeEngine[] = [];
  for (let index = 1; index <= count; index += 1) {
    const engine = await room.connect(index);
    assert.equal(transportOf(await engine.next()), 'multicast');
    engines.push(engine);
  }
  return engines;
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  assert.ok(item !== undefined);
  return item;
}

describe('the next operation', () => {
  test('is none when there is no work', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      assert.deepEqual(await engine.next(), { type: 'idle' });
    });
  });

  test('is that of the oldest task, one after the other', async () => {
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

  test('is only work of its own host, with the token of that run', async () => {
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

  test('is announced to the hosts that are connected, and changes are signalled', async () => {
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

  test('is given again to the same start of the engine whose answer was lost', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      room.disconnect(engine);
      await room.work.presence.engineConnected(engine.link, null);
      assert.equal((await engine.nextWork()).runId, runId);
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('after the first one is the next one of the same run', async () => {
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

  test('whose image is damaged fails its run, and the host goes on with the next one', async () => {
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

  test('of an engine that is gone when the answer is ready does not stay under way for ever', async () => {
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

describe('the transport of a deploy', () => {
  test('is unicast for one host alone', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      await room.deploy([1]);
      assert.equal(transportOf(await (await room.connect(1)).next()), 'unicast');
      assert.deepEqual(room.sessions.views, []);
    });
  });

  test('is one session for several hosts', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2, 3]);
      await gather(room, 3);
      const session = onlySession(room);
      assert.deepEqual(
        session.members.map(({ hostId }) => hostId),
        [room.host(1), room.host(2), room.host(3)],
      );
      assert.deepEqual([session.state, session.expected], ['gathering', 3]);
      for (const index of [1, 2, 3]) assert.equal(room.run(task, index).sessionId, session.id);
    });
  });

  test('is what the operator says', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      await room.deploy([1, 2], { transport: 'unicast' });
      await room.deploy([3], { transport: 'multicast' });
      for (const [index, type] of [
        [1, 'unicast'],
        [2, 'unicast'],
        [3, 'multicast'],
      ] as const) {
        assert.equal(transportOf(await (await room.connect(index)).next()), type);
      }
    });
  });

  test('is unicast for the last one of several when the others have been cancelled', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      await room.work.cancel(room.run(task, 2).id, 'eva');
      assert.equal(transportOf(await (await room.connect(1)).next()), 'unicast');
    });
  });

  test('after an earlier operation is one session for all that did it, one by one or together', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      const task = room.task(
        await room.tasks['task.create']({
          targets: [1, 2, 3].map((index) => room.host(index)),
          disk: { type: 'only' },
          operations: [
            { type: 'partition', image: 'win11' },
            { type: 'deploy', image: 'win11', transport: 'auto', gatherMs: 3_600_000 },
          ],
        }),
      );
      const engines: FakeEngine[] = [];
      for (const index of [1, 2, 3]) {
        const engine = await room.connect(index);
        assert.equal(transportOf(await engine.next()), 'partition');
        engines.push(engine);
      }
      // One comes while the others still write their tables, and those two are done at the same time.
      const runs = [1, 2, 3].map((index) => room.run(task, index).id);
      for (const index of [0, 1, 2]) {
        await at(engines, index).report(
          at(runs, index),
          plan('write-table'),
          started('write-table'),
        );
      }
      const done = async (index: number): Promise<unknown> =>
        at(engines, index).report(at(runs, index), stepEnded('write-table'), operationEnded());
      await done(0);
      assert.equal(transportOf(await at(engines, 0).next()), 'multicast');
      assert.equal(onlySession(room).expected, 3);
      await Promise.all([done(1), done(2)]);
      for (const index of [1, 2]) {
        assert.equal(transportOf(await at(engines, index).next()), 'multicast');
      }
      assert.deepEqual([onlySession(room).members.length, onlySession(room).expected], [3, 3]);
      for (const index of [0, 1, 2]) {
        assert.equal(onlySession(room).state, 'gathering');
        await at(engines, index).report(at(runs, index), ready(onlySession(room)));
      }
      assert.equal(onlySession(room).state, 'sending');
    });
  });

  test('of different tasks is never the same session', async () => {
    await withRoom({ hosts: 4 }, async (room) => {
      await room.addImage();
      await room.deploy([1, 2]);
      await room.deploy([3, 4]);
      await gather(room, 4);
      const [one, other] = room.sessions.views;
      assert.ok(one !== undefined && other !== undefined);
      assert.notEqual(one.portBase, other.portBase);
      assert.deepEqual(
        [one, other].map(({ members }) => members.length),
        [2, 2],
      );
    });
  });
});

describe('a session', () => {
  test('begins when every host of the task is ready', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const [one, two] = await gather(room, 2);
      const session = onlySession(room);
      await one?.report(room.run(task, 1).id, ready(session));
      assert.equal(onlySession(room).state, 'gathering');
      await two?.report(room.run(task, 2).id, ready(session));
      assert.equal(onlySession(room).state, 'sending');
    });
  });

  test('waits for hosts that are still away, and an operator can end the waiting', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2, 3]);
      const [one, two] = await gather(room, 2);
      const session = onlySession(room);
      assert.throws(() => room.sessions.startNow(session.id), {
        code: 'not-allowed',
        message: /no host is ready yet/,
      });
      await one?.report(room.run(task, 1).id, ready(session));
      await two?.report(room.run(task, 2).id, ready(session));
      assert.deepEqual([onlySession(room).state, onlySession(room).expected], ['gathering', 3]);
      room.sessions.startNow(session.id);
      assert.equal(onlySession(room).state, 'sending');
      assert.throws(() => room.sessions.startNow(session.id), {
        code: 'not-allowed',
        message: /it has begun already/,
      });
    });
  });

  test('begins without the late ones when the gathering is over', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2], { gatherMs: 1 });
      const [engine] = await gather(room, 1);
      await engine?.report(room.run(task, 1).id, ready(onlySession(room)));
      await room.captured.line(({ event }) => event === 'session-start');
      assert.equal(onlySession(room).state, 'sending');
    });
  });

  test('does not take late hosts in: one gets unicast, several a session of their own', async () => {
    await withRoom({ hosts: 5 }, async (room) => {
      await room.addImage();
      const single = await room.deploy([1, 2]);
      const [one] = await gather(room, 1);
      await one?.report(room.run(single, 1).id, ready(onlySession(room)));
      room.sessions.startNow(onlySession(room).id);
      assert.equal(transportOf(await (await room.connect(2)).next()), 'unicast');

      const several = await room.deploy([3, 4, 5]);
      const early = await room.connect(3);
      await early.next();
      const first = at(room.sessions.views, 1);
      await early.report(room.run(several, 3).id, ready(first));
      room.sessions.startNow(first.id);
      for (const index of [4, 5]) {
        assert.equal(transportOf(await (await room.connect(index)).next()), 'multicast');
      }
      assert.equal(at(room.sessions.views, 2).members.length, 2);
    });
  });

  test('begins when the host it still waits for is cancelled', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2, 3]);
      const [one, two] = await gather(room, 2);
      const session = onlySession(room);
      await one?.report(room.run(task, 1).id, ready(session));
      await two?.report(room.run(task, 2).id, ready(session));
      await room.work.cancel(room.run(task, 3).id, 'eva');
      assert.equal(onlySession(room).state, 'sending');
    });
  });

  test('begins when a member that is not ready fails', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const [one, two] = await gather(room, 2);
      await one?.report(room.run(task, 1).id, ready(onlySession(room)));
      const busy = operationEnded('failed', { diskOutcome: 'untouched', code: 'disk-busy' });
      await two?.report(room.run(task, 2).id, busy);
      const { state, members } = onlySession(room);
      assert.deepEqual([state, members.length], ['sending', 1]);
    });
  });

  test('ends when all its members have left before it began', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const engines = await gather(room, 2);
      for (const [index, engine] of engines.entries()) {
        const busy = operationEnded('failed', { diskOutcome: 'untouched', code: 'disk-busy' });
        await engine.report(room.run(task, index + 1).id, busy);
      }
      assert.equal(onlySession(room).state, 'failed');
    });
  });

  test('that was missed gives the host another try, by unicast', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      const [one] = await gather(room, 2);
      assert.ok(one !== undefined);
      const { id } = room.run(task, 1);
      const missed = operationEnded('failed', { diskOutcome: 'untouched', code: 'session-missed' });
      await one.report(id, plan('wait-for-data'), missed);
      assert.deepEqual([room.run(task, 1).state, room.run(task, 1).sessionId], ['waiting', null]);
      assert.deepEqual(one.told, ['work']);
      const again = await one.nextWork();
      assert.deepEqual([again.runId, transportOf(again)], [id, 'unicast']);
    });
  });

  test('that an operator names but nobody knows is not found', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      await room.deploy([1, 2]);
      await gather(room, 1);
      const { id } = onlySession(room);
      await room.restart();
      assert.throws(() => room.sessions.startNow(id), { code: 'not-found' });
    });
  });
});

describe('cancelling', () => {
  test('a run that waits ends it', async () => {
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

  test('a run that is under way tells its engine, whose word then ends it', async () => {
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

  test('a run whose engine never says that it stopped ends it too', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const { runId } = await room.atWork(1, 'capture-p1');
      await room.work.cancel(runId, 'eva');
      await room.ended(runId);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });

  test('a run whose engine is away interrupts it, and the engine must stop when it is back', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const { engine, runId } = await room.atWork(1, 'write-p1');
      room.disconnect(engine);
      await room.work.cancel(runId, 'eva');
      const { state, diskOutcome, error } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, error?.code], ['interrupted', 'unknown', 'cancelled']);
      assert.equal(await room.work.presence.engineConnected(engine.link, runId), false);
      const end = operationEnded('aborted', { diskOutcome: 'cleared', code: 'cancelled' });
      await engine.report(runId, end);
      assert.deepEqual(
        [room.run(task, 1).state, room.run(task, 1).diskOutcome],
        ['aborted', 'cleared'],
      );
    });
  });

  test('a run between two operations ends it when its engine asks for work', async () => {
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

  test('a run while its work is being made ready keeps the engine from it', async () => {
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

  test('a run before its plan keeps the engine from beginning', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await room.work.cancel(runId, 'eva');
      await assert.rejects(engine.report(runId, plan('capture-p1')), { code: 'cancelled' });
    });
  });

  test('a run that has ended, or none, changes nothing', async () => {
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

describe('a connection that is lost', () => {
  test('leaves the run under way for its engine to take up', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { engine, runId } = await room.atWork(1, 'capture-p1');
      room.disconnect(engine);
      assert.equal(room.run(task, 1).state, 'running');
      assert.equal(await room.work.presence.engineConnected(engine.link, runId), true);
      await engine.report(runId, stepEnded('capture-p1'));
      assert.equal(room.run(task, 1).steps[0]?.state, 'completed');
    });
  });

  test('interrupts the run when the engine does not come back in time', async () => {
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

  test('does not keep what the engine says late from counting', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      const { engine, runId } = await room.atWork(1, 'write-p1');
      room.disconnect(engine);
      await room.ended(runId);
      assert.equal(await room.work.presence.engineConnected(engine.link, runId), true);
      await engine.report(runId, stepEnded('write-p1'), operationEnded());
      const { state, diskOutcome, error } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, error], ['completed', 'complete', null]);
    });
  });

  test('is found out also when the grace time ends while a report of the engine is being stored', async () => {
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

  test('is found out also while the engine that has come back is being taken in', async () => {
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
      assert.equal(await room.work.presence.engineConnected(engine.link, runId), true);
      await room.timesEnded(runId, 2);
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });

  test('that a newer one has replaced already means nothing', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      const newer = await room.connect(1, runId);
      assert.deepEqual(engine.told, ['close: the host has connected again']);
      room.disconnect(engine);
      assert.equal(room.live.engineOf(room.host(1)), newer.link);
      assert.equal(room.run(task, 1).state, 'running');
    });
  });

  test('takes a member out of the session that gathers', async () => {
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

describe('an engine that was started anew', () => {
  test('begins again what the one before it was doing, and what that had captured goes', async () => {
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
        /^do capture-p1: the host was started anew while the run was under way$/,
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

  test('begins again within the hour also when the run was given up, and only then', async () => {
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

  test('comes to rest when the host falls over each time, its disk known as half written', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      const task = await room.deploy([1]);
      for (let start = 1; start <= 3; start += 1) {
        await room.atWork(1, 'write-p1');
      }
      const engine = await room.connect(1);
      const { state, diskOutcome, error, restarts } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome, restarts], ['interrupted', 'unknown', 2]);
      assert.match(error?.message ?? '', /^do write-p1: the host was started anew/);
      assert.equal(room.store.read().hosts[0]?.halfWritten?.runId, room.run(task, 1).id);
      assert.equal((await engine.next()).type, 'idle');
    });
  });

  test('does not begin again what was cancelled, what other work came after, or a shutdown', async () => {
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

  test('reports on an operation between two starts as if it were the first', async () => {
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

  test('cannot report on runs of other hosts, or on none', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      const other = await room.connect(2);
      await assert.rejects(other.report(runId, operationEnded()), { code: 'not-found' });
      await assert.rejects(other.report(newRunId(), operationEnded()), { code: 'not-found' });
    });
  });

  test('that asks for work without a word on how the last ended has its run interrupted', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const { engine } = await room.atWork(1, 'capture-p1');
      assert.equal((await engine.next()).type, 'idle');
      assert.equal(room.run(task, 1).state, 'interrupted');
    });
  });
});

describe('a server that was started anew', () => {
  test('knows every task, and gives out the work that waits', async () => {
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

  test('goes on with a run whose engine is still at it', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      await engine.report(runId, plan('capture-p1'), started('capture-p1'));
      await sendStreams(room.images, runId);
      await room.restart();
      assert.equal(room.run(task, 1).state, 'running');
      assert.equal(await room.work.presence.engineConnected(engine.link, runId), true);
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

  test('interrupts a run whose engine does not come back', async () => {
    await withRoom({ graceMs: 0 }, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await room.restart();
      await room.ended(runId);
      assert.match(room.run(task, 1).error?.message ?? '', /the server was restarted/);
    });
  });

  test('stops its timers when it is closed, also for engines that leave after that', async () => {
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

describe('a report', () => {
  test('is acknowledged by the number of its last event', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      assert.equal(await engine.report(runId, plan('x', 'y'), started('x')), 2);
      assert.equal(await engine.report(runId, stepEnded('x')), 3);
      assert.equal(await engine.report(runId), 3);
    });
  });

  test('that comes again counts once', async () => {
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

  test('that comes over two connections at once counts once', async () => {
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

  test('after the end of a run is acknowledged and changes nothing', async () => {
    await withRoom({}, async (room) => {
      const task = await room.capture(1);
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      assert.equal(await engine.report(runId, operationEnded('completed')), 2);
      assert.equal(room.run(task, 1).state, 'failed');
    });
  });

  test('of progress is shown while the run is under way, and not after', async () => {
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
        ...{ runId, firstSequence: 1, events: [], progress },
      });
      assert.deepEqual(room.live.progress, [{ runId, hostId: room.host(1), ...progress }]);
      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      await room.work.reports.receive(engine.link, {
        ...{ runId, firstSequence: 2, events: [], progress },
      });
      assert.deepEqual(room.live.progress, []);
    });
  });
});

describe('a captured image', () => {
  /** Lets host 1 capture to `name` and answers the run. */
  async function capture(room: Room, engine: FakeEngine, name = 'win11'): Promise<void> {
    const task = await room.capture(1, name);
    const { runId } = await engine.nextWork();
    await sendStreams(room.images, runId);
    await engine.report(runId, { type: 'captured', image: capturedDisk() });
    await engine.report(runId, operationEnded('completed', { diskOutcome: 'untouched' }));
    assert.equal(room.run(task, 1).state, 'completed');
  }

  test('is in the store and in the directory when its event is acknowledged', async () => {
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

  test('that is reported twice is one version', async () => {
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

  test('that lacks a stream is refused, and no image appears', async () => {
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

  test('of the same name is a newer version of it, whatever the capitals', async () => {
    await withRoom({}, async (room) => {
      const engine = await room.connect(1);
      await capture(room, engine, 'win11');
      await capture(room, engine, 'WIN11');
      const [image, ...others] = room.store.read().images;
      assert.deepEqual([image?.name, image?.versions.length, others], ['win11', 2, []]);
    });
  });

  test('leaves only so many versions as are kept, the newest', async () => {
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

  test('leaves the version that a deploy under way still needs', async () => {
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

  test('that was interrupted leaves nothing behind when its run has failed', async () => {
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

describe('the data of a run', () => {
  test('is opened by its own token while its operation is under way, and by nothing else', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const capture = await room.capture(1, 'other');
      const deploy = await room.deploy([2]);
      const waiting = room.run(capture, 1).id;
      const refused = { code: 'unauthorized', message: 'opening the image data of a run' };
      const open = (...args: Parameters<typeof room.work.dataAccess.authorize>): unknown =>
        room.work.dataAccess.authorize(...args);
      assert.throws(() => open(waiting, room.tokens.tokenOf(waiting, null), ['capture']), refused);

      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      const other = await (await room.connect(2)).nextWork();
      assert.equal(other.runId, room.run(deploy, 2).id);
      assert.doesNotThrow(() => open(runId, token, ['capture']));
      assert.doesNotThrow(() => open(other.runId, other.token, ['deploy']));
      assert.throws(() => open(runId, token, ['deploy']), refused);
      assert.throws(() => open(runId, other.token, ['capture']), refused);
      assert.throws(() => open(runId, '', ['capture']), refused);
      assert.throws(() => open(runId, `${token}0`, ['capture']), refused);
      assert.throws(() => open(runId, token.toUpperCase(), ['capture']), refused);
      assert.throws(() => open(newRunId(), token, ['capture']), refused);

      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      assert.throws(() => open(runId, token, ['capture']), refused);
    });
  });

  test('has another token on every server', async () => {
    await withRoom({}, async (room) => {
      const id = newRunId();
      const token = room.tokens.tokenOf(id, null);
      await room.restart();
      assert.equal(room.tokens.tokenOf(id, null), token);
      await rm(join(room.directory, 'data/run-token.key'));
      await room.restart();
      assert.notEqual(room.tokens.tokenOf(id, null), token);
    });
  });
});
