/** A run that engine, server and agent share. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { english } from '../../support/messages.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import {
  atAgent,
  becomes,
  bootsOf,
  BY_SERVER,
  doNext,
  LAST,
  MIXED,
  stateOf,
  withTask,
  sharedWork,
} from './mixed-work.ts';

before(sharedWork);

describe('a run of engine, server, agent and engine again', () => {
  test('a run of engine, server, agent and engine again goes from one to the next, and the host boots what is wanted next', async () => {
    await withTask(MIXED, async (setting) => {
      const { room, notice, task } = setting;
      const engine = await room.connect(1);
      assert.deepEqual([stateOf(setting), bootsOf(setting)], ['waiting at 0', 'engine']);
      await doNext(engine, 'write-p1', true);
      await notice.hasBegun();
      await becomes(setting, 'running at 1');
      assert.equal(bootsOf(setting), 'disk');
      assert.deepEqual(await engine.next(), { type: 'idle' });
      assert.equal(stateOf(setting), 'running at 1');

      engine.told.length = 0;
      notice.end();
      await becomes(setting, 'waiting at 2');
      assert.deepEqual(engine.told, ['work']);
      assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
      assert.equal(stateOf(setting), 'waiting at 2, sent to the agent');
      assert.equal(bootsOf(setting), 'disk');
      room.disconnect(engine);

      const agent = await room.connect(1, null, { kind: 'agent' });
      await doNext(agent, 'join-domain');
      assert.deepEqual([stateOf(setting), bootsOf(setting)], ['waiting at 3', 'engine']);
      assert.deepEqual(await agent.next(), { type: 'restart', into: 'engine' });
      room.disconnect(agent);

      const last = await room.connect(1);
      await doNext(last, 'shutdown-host');
      const { state, steps, diskOutcome } = room.run(task, 1);
      assert.deepEqual([state, diskOutcome], ['completed', 'complete']);
      assert.deepEqual(
        steps.map(({ id, by = 'engine', notes }) => [id, by, english(notes)]),
        [
          ['write-p1', 'engine', ''],
          ['tell', 'server', 'somebody was told'],
          ['join-domain', 'agent', ''],
          ['shutdown-host', 'engine', ''],
        ],
      );
    });
  });

  test('a run of engine, server, agent and engine again loses nothing by a restart of the server in each of its parts', async () => {
    await withTask(MIXED, async (setting) => {
      const { room, notice, task } = setting;
      let engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(runId, plan('write-p1'), started('write-p1'));
      await room.restart();
      assert.equal(await room.work.presence.workerConnected(engine.link, runId), true);
      const end = operationEnded('completed', { operationIndex: 0, diskOutcome: 'complete' });
      await engine.report(runId, stepEnded('write-p1'), end);

      await notice.hasBegun(1);
      await room.restart();
      await notice.hasBegun(2);
      const note = 'the server was restarted: it is done again';
      assert.deepEqual(
        room.run(task, 1).steps.map(({ state, notes }) => [state, english(notes)]),
        [
          ['completed', ''],
          ['aborted', note],
          ['running', ''],
        ],
      );
      notice.end();
      await becomes(setting, 'waiting at 2');

      engine = await room.connect(1);
      assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
      await room.restart();
      assert.equal(stateOf(setting), 'waiting at 2, sent to the agent');

      const agent = await room.connect(1, null, { kind: 'agent' });
      await agent.nextWork();
      await agent.report(runId, plan('join-domain'), started('join-domain'));
      await room.restart();
      assert.equal(await room.work.presence.workerConnected(agent.link, runId), true);
      const ended = operationEnded('completed', { operationIndex: 2, diskOutcome: 'untouched' });
      await agent.report(runId, stepEnded('join-domain'), ended);
      assert.equal(stateOf(setting), 'waiting at 3');
      await room.restart();
      await doNext(await room.connect(1), 'shutdown-host');
      assert.equal(room.run(task, 1).state, 'completed');
    });
  });
});

describe('an operation of the server', () => {
  test('an operation of the server goes on when the host is lost, and the host is waited for and woken afterwards', async () => {
    await withTask(
      MIXED,
      async (setting) => {
        const { room, notice } = setting;
        const engine = await room.connect(1);
        await doNext(engine, 'write-p1', true);
        await notice.hasBegun();
        room.disconnect(engine);
        await room.connect(1);
        assert.equal(stateOf(setting), 'running at 1');
        const again = await room.connect(1);
        room.disconnect(again);
        notice.end();
        await becomes(setting, 'waiting at 2');
        assert.deepEqual(room.absent, [room.host(1)]);
      },
      { graceMs: 1, wake: true },
    );
  });

  test('an operation of the server that fails ends the run with what it said', async () => {
    await withTask([BY_SERVER, LAST], async (setting) => {
      const { notice, room, task } = setting;
      await notice.hasBegun();
      notice.fail();
      await becomes(setting, 'failed at 0');
      const { error, diskOutcome } = room.run(task, 1);
      assert.match(error?.message ?? '', /nobody is there/);
      assert.equal(diskOutcome, 'untouched');
    });
  });

  test('an operation of the server that cannot be done twice fails when the server was restarted in the middle', async () => {
    await withTask([BY_SERVER, LAST], async (setting) => {
      const { notice, room, task } = setting;
      await notice.hasBegun();
      notice.isRepeatable = false;
      await room.restart({ operations: notice.operations });
      assert.equal(stateOf(setting), 'failed at 0');
      assert.equal(
        room.run(task, 1).error?.message,
        'tell somebody: the server was restarted in the middle of it',
      );
      assert.equal(notice.begun, 1);
    });
  });

  test('an operation of the server is not begun for ever by a server that falls over at it', async () => {
    await withTask([BY_SERVER, LAST], async (setting) => {
      const { notice, room } = setting;
      for (const times of [1, 2, 3]) {
        await notice.hasBegun(times);
        await room.restart();
      }
      assert.equal(stateOf(setting), 'failed at 0');
    });
  });

  test('an operation of the server: two after the other are both done', async () => {
    await withTask([BY_SERVER, BY_SERVER, LAST], async (setting) => {
      const { notice } = setting;
      await notice.hasBegun(1);
      notice.end();
      await notice.hasBegun(2);
      notice.end();
      await becomes(setting, 'waiting at 2');
    });
  });

  test('an operation of the server holds later work of its host up, which goes on when it is cancelled', async () => {
    await withTask([BY_SERVER, LAST], async (setting) => {
      const { notice, room, task } = setting;
      await room.addTask([1], [LAST]);
      await notice.hasBegun();
      const engine = await room.connect(1);
      assert.deepEqual(await engine.next(), { type: 'idle' });
      engine.told.length = 0;
      await room.work.cancel(room.run(task, 1).id, 'eva');
      await becomes(setting, 'aborted at 0');
      assert.equal(room.run(task, 1).error?.code, 'cancelled');
      assert.ok(engine.told.includes('work'), engine.told.join());
      assert.equal((await engine.nextWork()).type, 'shutdown');
    });
  });
});

describe('a run that its agent is at', () => {
  test('a run that its agent is at is interrupted when the agent is lost and does not come back', async () => {
    await withTask(
      MIXED,
      async (setting) => {
        const { agent, run } = await atAgent(setting);
        setting.room.disconnect(agent);
        await setting.room.ended(run.id);
        assert.equal(stateOf(setting), 'interrupted at 2');
      },
      { graceMs: 1 },
    );
  });

  test('a run that its agent is at is done again when the engine comes instead, which is sent back to the disk', async () => {
    await withTask(MIXED, async (setting) => {
      const { room } = setting;
      const { agent } = await atAgent(setting);
      const engine = await room.connect(1);
      assert.ok(agent.isClosed);
      assert.equal(stateOf(setting), 'waiting at 2');
      assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
      room.disconnect(engine);
      await doNext(await room.connect(1, null, { kind: 'agent' }), 'join-domain');
      assert.equal(stateOf(setting), 'waiting at 3');
    });
  });

  test('a run that its agent is at is not concerned by what an engine of the host asks for or reports', async () => {
    await withTask(MIXED, async (setting) => {
      const { room } = setting;
      const { agent, run } = await atAgent(setting);
      const other = room.newEngine(1);
      await assert.rejects(other.report(run.id, started('write-p1')), { code: 'not-found' });
      room.disconnect(other);
      assert.equal(stateOf(setting), 'running at 2');
      assert.equal(agent.isClosed, false);
    });
  });
});
