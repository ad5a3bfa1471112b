/** A host that is moved between its two systems, and runs that are cancelled meanwhile. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { operationEnded } from '../../support/run-events.ts';
import {
  atAgent,
  bootsOf,
  BY_AGENT,
  BY_ENGINE,
  doNext,
  LAST,
  MIXED,
  stateOf,
  withTask,
  sharedWork,
  type Setting,
} from './mixed-work.ts';

before(sharedWork);

describe('a cancelled run ends', () => {
  const aborted = async (setting: Setting): Promise<void> => {
    const { room, task } = setting;
    await room.work.cancel(room.run(task, 1).id, 'eva');
  };

  test('a cancelled run ends at once while its host is on its way, and the host has its next work', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room } = setting;
      const engine = await room.connect(1);
      assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
      await room.addTask([1], [LAST]);
      engine.told.length = 0;
      await aborted(setting);
      assert.equal(stateOf(setting), 'aborted at 0');
      assert.ok(engine.told.includes('work'), engine.told.join());
      assert.equal((await engine.nextWork()).type, 'shutdown');
    });
  });

  test('a cancelled run ends when its agent says that it has stopped', async () => {
    await withTask(MIXED, async (setting) => {
      const { agent, run } = await atAgent(setting);
      await aborted(setting);
      assert.ok(agent.told.includes('cancel aborted: cancelled by eva'));
      const end = operationEnded('aborted', { operationIndex: 2, diskOutcome: 'untouched' });
      await agent.report(run.id, end);
      assert.equal(stateOf(setting), 'aborted at 2');
    });
  });

  test('a cancelled run ends when its engine completes the operation that was cancelled too late', async () => {
    await withTask(MIXED, async (setting) => {
      const { room, notice } = setting;
      const { engine, runId } = await room.atWork(1, 'write-p1');
      await aborted(setting);
      await engine.report(runId, operationEnded('completed', { operationIndex: 0 }));
      assert.equal(stateOf(setting), 'aborted at 1');
      assert.equal(notice.begun, 0);
    });
  });
});

describe('a host that is told to restart', () => {
  test('a host that is told to restart and does not arrive in time fails its run, which says where it was expected', async () => {
    for (const [kind, worker, where] of [
      ['engine', BY_AGENT, 'its own system'],
      ['agent', BY_ENGINE, 'the engine'],
    ] as const) {
      await withTask(
        [worker, LAST],
        async (setting) => {
          const { room, task } = setting;
          const there = await room.connect(1, null, { kind });
          assert.equal((await there.next()).type, 'restart');
          room.disconnect(there);
          await room.ended(room.run(task, 1).id);
          assert.equal(stateOf(setting), 'failed at 0');
          const { error } = room.run(task, 1);
          assert.deepEqual(
            [error?.code, error?.message],
            [
              'not-in-time',
              `waiting for the host to come up in ${where}: it was not seen there in time`,
            ],
          );
        },
        { arrivalMs: { engine: 5, agent: 5 } },
      );
    }
  });

  test('a host that is told to restart and asks again before it does is told again, and nothing is stored', async () => {
    await withTask([BY_AGENT, LAST], async ({ room, task }) => {
      const engine = await room.connect(1);
      assert.equal((await engine.next()).type, 'restart');
      const before = room.store.read();
      const run = room.run(task, 1);
      assert.equal((await engine.next()).type, 'restart');
      assert.equal(room.run(task, 1), run);
      assert.equal(room.store.read(), before);
    });
  });

  test('a host that is told to restart has its time once more when the server was restarted meanwhile', async () => {
    await withTask([BY_AGENT, LAST], async (setting) => {
      const { room, task } = setting;
      const engine = await room.connect(1);
      await engine.next();
      room.disconnect(engine);
      await room.restart({ arrivalMs: { engine: 5, agent: 5 } });
      await room.ended(room.run(task, 1).id);
      assert.equal(stateOf(setting), 'failed at 0');
    });
  });

  test('a host that is told to restart has its time whatever becomes of the clock, within a day', async () => {
    await withTask([BY_AGENT, LAST], async (setting) => {
      const { room } = setting;
      const engine = await room.connect(1);
      await engine.next();
      room.disconnect(engine);
      for (const ms of [3_600_000, -3_600_000, 0]) {
        room.clockIsAheadMs = ms;
        await room.work.overdue.end();
        assert.equal(stateOf(setting), 'waiting at 0, sent to the agent');
      }
      await doNext(await room.connect(1, null, { kind: 'agent' }), 'join-domain');
      assert.equal(stateOf(setting), 'waiting at 1');
    });
  });

  test('a host that is told to restart is told again when its connection was lost before it heard it', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room, task } = setting;
      const engine = await room.connect(1);
      for (let times = 0; times < 4; times += 1)
        assert.equal((await engine.next()).type, 'restart');
      assert.equal(room.run(task, 1).move?.orders, 1);
    });
  });

  test('a host that is told to restart and comes up in the same system each time fails its run', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room, task } = setting;
      for (let times = 0; times < 3; times += 1) {
        const engine = await room.connect(1);
        assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
        room.disconnect(engine);
      }
      const engine = await room.connect(1);
      assert.deepEqual(await engine.next(), { type: 'idle' });
      assert.equal(
        room.run(task, 1).error?.message,
        'restarting the host into its own system: it came up in the engine each time',
      );
    });
  });

  test('a host that is told to restart while its disk is half written is not sent to it', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room, task } = setting;
      await room.store.change(({ hosts }) => {
        const [host] = hosts;
        const { id: runId } = room.run(task, 1);
        if (host !== undefined)
          host.halfWritten = { runId, disk: '/dev/sda', since: '2026-11-21T10:00:00.000Z' };
      });
      assert.deepEqual(await (await room.connect(1)).next(), { type: 'idle' });
      assert.equal(room.run(task, 1).error?.code, 'not-allowed');
      assert.equal(bootsOf(setting), 'engine');
    });
  });

  test('a host that is told to restart by an engine that is too old for that fails its run', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room, task } = setting;
      const engine = await room.connect(1, null, { canRestart: false });
      assert.deepEqual(await engine.next(), { type: 'idle' });
      assert.equal(room.run(task, 1).error?.code, 'protocol-mismatch');
    });
  });
});
