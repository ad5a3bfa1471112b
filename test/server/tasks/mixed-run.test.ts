/**
 * A run whose operations are done by all three kinds of workers. No kind of the product is an agent's or the server's
 * yet: in this file "partition" is the agent's and "capture" the server's, by the traits that everything asks.
 */

import assert from 'node:assert/strict';
import { before, describe, mock, test } from 'node:test';
import type { Operation } from '../../../lib/model/operation.ts';
import { OPERATION_KINDS } from '../../../lib/model/operations/table.ts';
import type { Run, Task } from '../../../lib/model/task.ts';
import { bootChoiceOf } from '../../../lib/rules/boot-choice.ts';
import { OPERATIONS } from '../../../server/tasks/operations/table.ts';
import type { ServerOperations } from '../../../server/tasks/operations/row.ts';
import {
  type FakeEngine,
  operationEnded,
  plan,
  started,
  stepEnded,
  withRoom,
  type Room,
  type RoomOptions,
} from '../sample-room.ts';
import { IMAGE, VERSION } from '../image-store/sample-manifest.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { english } from '../../support/messages.ts';
import type { Message } from '../../../lib/model/message.ts';

const DISK = { type: 'only' } as const;
const BY_ENGINE: Operation = {
  ...{ type: 'deploy', disk: DISK, imageId: IMAGE, versionId: VERSION },
  ...{ transport: 'unicast', gatherMs: 0 },
};
const BY_AGENT: Operation = { type: 'partition', disk: DISK, imageId: IMAGE, versionId: VERSION };
const BY_SERVER: Operation = {
  ...{ type: 'capture', disk: DISK, imageName: 'told', compression: 'zstd' },
};
const LAST: Operation = { type: 'shutdown', mode: 'power-off' };

before(() => {
  mock.property(OPERATION_KINDS.partition.traits, 'worker', 'agent');
  mock.property(OPERATION_KINDS.capture.traits, 'worker', 'server');
});

/** The server's part, which the test lets go on: how often it was begun, and how it ends. */
class Notice {
  begun = 0;
  isRepeatable = true;
  #settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #begun: (() => void)[] = [];

  get operations(): ServerOperations {
    return {
      ...OPERATIONS,
      capture: {
        by: 'server',
        resolve: OPERATIONS.capture.resolve,
        isRepeatable: this.isRepeatable,
        steps: () => [
          {
            id: 'tell',
            title: verbatim('tell somebody'),
            work: async ({ signal }) => this.#work(signal),
          },
        ],
      },
    };
  }

  async #work(signal: AbortSignal): Promise<Message> {
    this.begun += 1;
    const done = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      signal.addEventListener('abort', () => reject(new Error('stopped')));
    });
    for (const tell of this.#begun.splice(0)) tell();
    await done;
    return verbatim('somebody was told');
  }

  /** Resolves when it has been begun so many times. */
  async hasBegun(times = 1): Promise<void> {
    while (this.begun < times) await new Promise<void>((resolve) => this.#begun.push(resolve));
  }

  end(): void {
    this.#settle?.resolve();
  }

  fail(): void {
    this.#settle?.reject(new Error('nobody is there'));
  }
}

type Setting = { readonly room: Room; readonly notice: Notice; readonly task: Task };

/** A room of one host with an image, and a task of these operations. */
async function withTask(
  operations: readonly Operation[],
  use: (setting: Setting) => Promise<void>,
  { wake = false, ...options }: RoomOptions & { readonly wake?: boolean } = {},
): Promise<void> {
  const notice = new Notice();
  await withRoom({ ...options, operations: notice.operations }, async (room) => {
    await room.addImage();
    const task = await room.addTask([1], operations, { wake });
    await use({ room, notice, task });
  });
}

function stateOf({ room, task }: Setting): string {
  const { state, operationIndex, move } = room.run(task, 1);
  return `${state} at ${operationIndex}${move === undefined ? '' : `, sent to the ${move.to}`}`;
}

function bootsOf({ room }: Setting): string {
  const data = room.store.read();
  const [host] = data.hosts;
  assert.ok(host !== undefined);
  return bootChoiceOf(host, data, { hasBuild: true, isServing: true, now: Date.now() });
}

/** Resolves when the run is so: what the server does itself goes on by itself. */
async function becomes(setting: Setting, expected: string): Promise<void> {
  const { room } = setting;
  for (let seen = -1; stateOf(setting) !== expected;) {
    if (seen === room.changes) await new Promise((resolve) => setImmediate(resolve));
    seen = room.changes;
  }
}

/** The worker does the operation that it is given now, to its end. */
async function doNext(worker: FakeEngine, stepId: string, writes = false): Promise<void> {
  const { runId, operationIndex } = await worker.nextWork();
  const diskOutcome = writes ? 'complete' : 'untouched';
  await worker.report(runId, plan(stepId), started(stepId));
  const end = operationEnded('completed', { operationIndex, diskOutcome });
  await worker.report(runId, stepEnded(stepId), end);
}

/** To where the agent is at its operation, after those of the engine and of the server. */
async function atAgent(setting: Setting): Promise<{ agent: FakeEngine; run: Run }> {
  const { room, notice, task } = setting;
  const engine = await room.connect(1);
  await doNext(engine, 'write-p1', true);
  await notice.hasBegun();
  notice.end();
  await becomes(setting, 'waiting at 2');
  assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
  room.disconnect(engine);
  const agent = await room.connect(1, null, { kind: 'agent' });
  const { runId } = await agent.nextWork();
  await agent.report(runId, plan('join-domain'), started('join-domain'));
  return { agent, run: room.run(task, 1) };
}

const MIXED = [BY_ENGINE, BY_SERVER, BY_AGENT, LAST];

describe('a run of engine, server, agent and engine again', () => {
  test('goes from one to the next, and the host boots what is wanted next', async () => {
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

  test('loses nothing by a restart of the server in each of its parts', async () => {
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
  test('goes on when the host is lost, and the host is waited for and woken afterwards', async () => {
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

  test('that fails ends the run with what it said', async () => {
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

  test('that cannot be done twice fails when the server was restarted in the middle', async () => {
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

  test('is not begun for ever by a server that falls over at it', async () => {
    await withTask([BY_SERVER, LAST], async (setting) => {
      const { notice, room } = setting;
      for (const times of [1, 2, 3]) {
        await notice.hasBegun(times);
        await room.restart();
      }
      assert.equal(stateOf(setting), 'failed at 0');
    });
  });

  test('two after the other are both done', async () => {
    await withTask([BY_SERVER, BY_SERVER, LAST], async (setting) => {
      const { notice } = setting;
      await notice.hasBegun(1);
      notice.end();
      await notice.hasBegun(2);
      notice.end();
      await becomes(setting, 'waiting at 2');
    });
  });

  test('holds later work of its host up, which goes on when it is cancelled', async () => {
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
  test('is interrupted when the agent is lost and does not come back', async () => {
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

  test('is done again when the engine comes instead, which is sent back to the disk', async () => {
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

  test('is not concerned by what an engine of the host asks for or reports', async () => {
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

describe('a cancelled run ends', () => {
  const aborted = async (setting: Setting): Promise<void> => {
    const { room, task } = setting;
    await room.work.cancel(room.run(task, 1).id, 'eva');
  };

  test('at once while its host is on its way, and the host has its next work', async () => {
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

  test('when its agent says that it has stopped', async () => {
    await withTask(MIXED, async (setting) => {
      const { agent, run } = await atAgent(setting);
      await aborted(setting);
      assert.ok(agent.told.includes('cancel aborted: cancelled by eva'));
      const end = operationEnded('aborted', { operationIndex: 2, diskOutcome: 'untouched' });
      await agent.report(run.id, end);
      assert.equal(stateOf(setting), 'aborted at 2');
    });
  });

  test('when its engine completes the operation that was cancelled too late', async () => {
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
  test('and does not arrive in time fails its run, which says where it was expected', async () => {
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

  test('has its time once more when the server was restarted meanwhile', async () => {
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

  test('has its time whatever becomes of the clock, within a day', async () => {
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

  test('is told again when its connection was lost before it heard it', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room, task } = setting;
      const engine = await room.connect(1);
      for (let times = 0; times < 4; times += 1)
        assert.equal((await engine.next()).type, 'restart');
      assert.equal(room.run(task, 1).move?.orders, 1);
    });
  });

  test('and comes up in the same system each time fails its run', async () => {
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

  test('while its disk is half written is not sent to it', async () => {
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

  test('by an engine that is too old for that fails its run', async () => {
    await withTask([BY_AGENT], async (setting) => {
      const { room, task } = setting;
      const engine = await room.connect(1, null, { canRestart: false });
      assert.deepEqual(await engine.next(), { type: 'idle' });
      assert.equal(room.run(task, 1).error?.code, 'protocol-mismatch');
    });
  });
});
