import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at } from '../../support/lists.ts';
import { gather, onlySession } from '../gathered.ts';
import {
  operationEnded,
  plan,
  ready,
  started,
  stepEnded,
  transportOf,
} from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';
import { type FakeEngine } from '../fake-engine.ts';

describe('the transport of a deploy', () => {
  test('the transport of a deploy is unicast for one host alone', async () => {
    await withRoom({}, async (room) => {
      await room.addImage();
      await room.deploy([1]);
      assert.equal(transportOf(await (await room.connect(1)).next()), 'unicast');
      assert.deepEqual(room.sessions.views, []);
    });
  });

  test('the transport of a deploy is one session for several hosts', async () => {
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

  test('the transport of a deploy is what the operator says', async () => {
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

  test('the transport of a deploy is unicast for the last one of several when the others have been cancelled', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2]);
      await room.work.cancel(room.run(task, 2).id, 'eva');
      assert.equal(transportOf(await (await room.connect(1)).next()), 'unicast');
    });
  });

  test('the transport of a deploy after an earlier operation is one session for all that did it, one by one or together', async () => {
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

  test('the transport of a deploy of different tasks is never the same session', async () => {
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
  test('a session begins when every host of the task is ready', async () => {
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

  test('a session waits for hosts that are still away, and an operator can end the waiting', async () => {
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

  test('a session begins without the late ones when the gathering is over', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const task = await room.deploy([1, 2], { gatherMs: 1 });
      const [engine] = await gather(room, 1);
      await engine?.report(room.run(task, 1).id, ready(onlySession(room)));
      await room.captured.line(({ event }) => event === 'session-start');
      assert.equal(onlySession(room).state, 'sending');
    });
  });

  test('a session does not take late hosts in: one gets unicast, several a session of their own', async () => {
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

  test('a session begins when the host it still waits for is cancelled', async () => {
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

  test('a session begins when a member that is not ready fails', async () => {
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

  test('a session ends when all its members have left before it began', async () => {
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

  test('a session that was missed gives the host another try, by unicast', async () => {
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

  test('a session that an operator names but nobody knows is not found', async () => {
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
