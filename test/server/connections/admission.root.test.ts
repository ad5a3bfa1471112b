/** Who is there stays: a stranger with a host's MAC address takes neither the host nor its work from an engine that answers. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toReport } from '../../../lib/errors.ts';
import { EngineInstanceId, EngineSecret, type RunId } from '../../../lib/model/ids.ts';
import type { Task } from '../../../lib/model/task.ts';
import { Admission, proofOf } from '../../../server/connections/admission.ts';
import { ChangeSignal } from '../../../server/events/change-signal.ts';
import { newHostId } from '../../../server/ids.ts';
import { freePort } from '../../support/ports.ts';
import { RunningServer, withServer } from '../running-server.ts';
import { type TestEngine } from '../test-engine.ts';
import { plan, started } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';
import { deployTask } from '../../support/task-requests.ts';
import { withDirectory } from '../../support/directories.ts';

const SECRET = EngineSecret.parse('5'.repeat(64));

type Ready = TestEngine & { hostId: NonNullable<TestEngine['hostId']> };

/** A deploy that is writing. */
async function deployTo(server: RunningServer, engine: Ready): Promise<RunId> {
  const { call } = await server.operator();
  await call(
    'task.create',
    deployTask({
      image: 'win11',
      targets: [engine.hostId],
      disk: { type: 'only' },
      transport: 'unicast',
      gatherMs: 0,
      afterwards: null,
    }),
  );
  const { runId } = await engine.nextWork();
  await engine.report(runId, 1, plan('write-disk'), started('write-disk'));
  engine.activeRunId = runId;
  return runId;
}

async function runOf(server: RunningServer): Promise<Task['runs'][number]> {
  const { call } = await server.operator();
  const [task] = await call('task.list', { limit: 1 });
  return task?.runs[0] ?? assert.fail('no task');
}

async function told(server: RunningServer): Promise<unknown[]> {
  const { call } = await server.operator();
  const entries = await call('log.watch', {});
  return entries.flatMap(({ event }) => (event.type === 'two-machines' ? [event] : []));
}

/** A server with other times than the tests' usual ones. */
async function withTimes(
  times: { readonly heartbeatMs?: number; readonly graceMs?: number },
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const server = Object.assign(new RunningServer(directory, await freePort()), times);
    try {
      await server.start();
      await use(server);
    } finally {
      await server.stop();
    }
  });
}

const isAlive = (engine: TestEngine): Promise<string> =>
  engine.peer.call('nextOperation', {}).then(
    () => 'works',
    (error: unknown) => toReport(error).code,
  );

describe('a stranger who says it is a host', () => {
  test('a stranger who says it is a host is refused while its engine answers, and operators are told once of both', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      for (let index = 0; index < 30; index += 1) {
        const stranger = await server.engine(1);
        await assert.rejects(stranger.logon(engine.hostId), {
          code: 'not-allowed',
          message: /another machine is host-525400000001, and answers$/,
        });
        assert.equal(await isAlive(stranger), 'unauthorized');
      }
      assert.equal(await isAlive(engine), 'works');
      const here = '127.0.0.1';
      assert.deepEqual(await told(server), [
        { type: 'two-machines', host: 'host-525400000001', address: here, refused: here },
      ]);
    });
  });

  test('a stranger who says it is a host changes nothing of the host, and nothing of its work', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const runId = await deployTo(server, engine);
      const stranger = await server.engine(1);
      stranger.systemInfo.memoryBytes = 1;
      await assert.rejects(stranger.logon(engine.hostId), { code: 'not-allowed' });
      await engine.report(runId, 3, started('sync-disk'));
      assert.deepEqual(
        [(await runOf(server)).state, (await runOf(server)).restarts],
        ['running', 0],
      );
      const { call } = await server.operator();
      const { systemInfo } = await call('host.show', { host: engine.hostId });
      assert.notEqual(systemInfo?.memoryBytes, 1);
    });
  });

  test('a stranger who says it is a host: one of a crowd that comes at once is as little, and the engine is not asked by each', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const crowd = await Promise.all(Array.from({ length: 40 }, () => server.engine(1)));
      const ends = await Promise.allSettled(crowd.map((each) => each.logon(engine.hostId)));
      assert.ok(ends.every(({ status }) => status === 'rejected'));
      assert.equal(await isAlive(engine), 'works');
      assert.ok(engine.pings <= 2, `${engine.pings} pings`);
    });
  });

  test('a stranger who says it is a host is no second host over one connection', async () => {
    await withServer(async (server) => {
      const other = await server.engine(2);
      const hostId = await other.register();
      const engine = await server.readyEngine(1);
      engine.systemInfo.interfaces = other.systemInfo.interfaces;
      engine.systemInfo.systemSerial = other.systemInfo.systemSerial;
      await assert.rejects(engine.logon(hostId), {
        code: 'not-allowed',
        message: /same connection/,
      });
    });
  });

  test('a stranger who says it is a host is none either when it logs on as both at once', async () => {
    await withServer(async (server) => {
      const other = await server.engine(2);
      const engine = await server.engine(1);
      other.systemInfo.systemSerial = engine.systemInfo.systemSerial;
      const wanted = [await engine.register(), await other.register()];
      engine.systemInfo.interfaces.push(...other.systemInfo.interfaces);
      const ends = await Promise.allSettled(wanted.map((hostId) => engine.logon(hostId)));
      assert.deepEqual(
        ends.map((end) => (end.status === 'rejected' ? toReport(end.reason).code : 'there')),
        ['there', 'not-allowed'],
      );
      const { call } = await server.operator();
      const states = (await call('host.list', { group: null })).map(({ state }) => state);
      assert.deepEqual(states.toSorted(), ['idle', 'off']);
    });
  });

  test('a stranger who says it is a host may be another one over a connection that was refused as the first', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(1);
      const stranger = newHostId();
      await assert.rejects(engine.logon(stranger), { code: 'not-found' });
      await engine.logon(await engine.register());
      assert.equal(await isAlive(engine), 'works');
    });
  });

  test('a stranger who says it is a host is not the start that has the run because it knows its name', async () => {
    await withTimes({ graceMs: 50 }, async (server) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      await deployTo(server, engine);
      engine.peer.close('end.done');
      await server.captured.line(
        ({ event, state }) => event === 'run-ended' && state === 'interrupted',
      );
      const stranger = await server.again(engine, 1);
      const { secret } = await server.engine(1);
      stranger.secret = secret;
      await assert.rejects(stranger.logon(engine.hostId), { code: 'unauthorized' });
      stranger.secret = undefined;
      await assert.rejects(stranger.logon(engine.hostId), { code: 'unauthorized' });
    });
  });

  test('a stranger who says it is a host does not get a run whose engine has just lost its connection, nor after a restart of the server', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      await deployTo(server, engine);
      engine.peer.close('end.done');
      await engine.peer.closed;
      for (const isRestarted of [false, true]) {
        if (isRestarted) {
          await server.stop();
          await server.start();
        }
        const stranger = await server.engine(1);
        const wish = stranger.logon(engine.hostId);
        void wish.catch(() => undefined);
        const back = await server.again(engine, 1);
        assert.equal(await back.logon(engine.hostId), true);
        await assert.rejects(wish, { code: 'not-allowed' });
        assert.deepEqual(
          [(await runOf(server)).state, (await runOf(server)).restarts],
          ['running', 0],
        );
        back.peer.close('end.done');
        await back.peer.closed;
      }
    });
  });
});

describe('the host itself', () => {
  test('the host itself takes its place at once when it connects again, though the server thinks it is there', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const runId = await deployTo(server, engine);
      const again = await server.again(engine, 1);
      assert.equal(await again.logon(engine.hostId), true);
      assert.equal((await engine.peer.closed).why.id, 'end.connected-again');
      assert.equal(await again.report(runId, 3, started('sync-disk')), 3);
      assert.deepEqual(await told(server), []);
    });
  });

  test('the host itself without power is not there: the next boot gets the host, and begins its run again', async () => {
    await withTimes({ heartbeatMs: 300, graceMs: 300 }, async (server) => {
      const mute = await server.engine(1, { isMute: true });
      const hostId = await mute.register();
      await mute.logon(hostId);
      const engine = Object.assign(mute, { hostId });
      await server.captureImage(engine);
      const runId = await deployTo(server, engine);
      const booted = await server.engine(1);
      assert.equal(await booted.register(), hostId);
      await booted.logon(hostId);
      assert.equal((await booted.nextWork()).runId, runId);
      assert.equal((await runOf(server)).restarts, 1);
      assert.deepEqual(await told(server), []);
    });
  });

  test('the host itself whose engine was started again by its supervisor begins its run again at once', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const runId = await deployTo(server, engine);
      engine.peer.close('end.done');
      await engine.peer.closed;
      const next = await server.engine(1);
      next.secret = engine.secret;
      await next.logon(await next.register());
      assert.equal((await next.nextWork()).runId, runId);
      assert.equal((await runOf(server)).restarts, 1);
    });
  });

  test('the host itself with an engine of version 0.2 connects again by the name of its start alone', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(1);
      engine.secret = undefined;
      const hostId = await engine.register();
      await engine.logon(hostId);
      const again = await server.again(engine, 1);
      await again.logon(hostId);
      assert.equal((await engine.peer.closed).why.id, 'end.connected-again');
      const other = await server.engine(1);
      await assert.rejects(other.logon(hostId), { code: 'not-allowed' });
    });
  });
});

test('The secret of a boot is nowhere in the server, only its hash; not in its log either.', async () => {
  await withServer(async (server) => {
    const engine = await server.readyEngine(1);
    await server.captureImage(engine);
    const { secret } = engine;
    assert.ok(secret !== undefined);
    const { call } = await server.operator();
    const everything = JSON.stringify([
      server.captured.lines,
      await call('task.list', { limit: 10 }),
      await call('host.list', { group: null }),
    ]);
    assert.equal(everything.includes(secret), false);
  });
});

test('A run that nobody waits for any more does not lock its host out for ever.', async () => {
  await withRoom({ graceMs: 0 }, async (room) => {
    const task = await room.capture(1);
    const runId = room.run(task, 1).id;
    await room.store.change(({ tasks }) => {
      const run = tasks[0]?.runs[0] ?? assert.fail('no run');
      Object.assign(run, { state: 'running', workerProof: proofOf(SECRET) });
    });
    const { store, connected, otherMachines } = room;
    const changes = new ChangeSignal((error) => assert.fail(String(error)));
    const { presence } = room.work;
    const admission = new Admission({ store, connected, presence, otherMachines, changes });
    void room.ended(runId).then(() => changes.emit());
    await admission.admit({
      kind: 'engine',
      host: store.read().hosts[0] ?? assert.fail('no host'),
      instanceId: EngineInstanceId.parse('engine-another001'),
      proof: null,
      address: '127.0.0.1',
      closed: new Promise(() => undefined),
    });
    assert.equal(room.run(task, 1).state, 'interrupted');
  });
});
