import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { ANSWERS_NOTHING } from '../../../lib/protocol/answering.ts';
import { ENGINE_METHODS } from '../../../lib/protocol/engine-api.ts';
import { Peer } from '../../../lib/protocol/peer.ts';
import { ENGINE_PROTOCOL_VERSION } from '../../../lib/protocol/version.ts';
import { Admission } from '../../../server/connections/admission.ts';
import { ChangeSignal } from '../../../server/events/change-signal.ts';
import { serveWorker } from '../../../server/connections/worker-gateway.ts';
import { Refusals } from '../../../server/net/refusals.ts';
import { Registrations } from '../../../server/hosts/registrations.ts';
import { RunLogs } from '../../../server/tasks/run-logs.ts';
import { newHostId } from '../../../server/ids.ts';
import { RUN } from '../image-store/sample-manifest.ts';
import { withServer } from '../running-server.ts';
import { withRoom } from '../sample-room.ts';
import { sampleHost } from '../store/sample-data.ts';
import { shutdownTask } from '../../support/task-requests.ts';

describe('registering', () => {
  test('registering makes a host known that is called after its MAC address', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(7);
      const hostId = await engine.register();
      const operator = await server.operator();
      const host = await operator.call('host.show', { host: hostId });
      assert.deepEqual(
        [host.name, host.mac, host.state, host.address],
        ['host-525400000007', '52:54:00:00:00:07', 'off', null],
      );
      assert.deepEqual(host.systemInfo, engine.systemInfo);
    });
  });

  test('registering finds the host again, also over another connection', async () => {
    await withServer(async (server) => {
      const first = await server.engine(7);
      const ids = await Promise.all([first.register(), first.register()]);
      const second = await server.engine(7);
      assert.deepEqual([...ids, await second.register()], [ids[0], ids[0], ids[0]]);
      const operator = await server.operator();
      assert.equal((await operator.call('host.list', { group: null })).length, 1);
    });
  });

  test('registering is refused to an engine of another version', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(1);
      await assert.rejects(engine.register(99), {
        code: 'protocol-mismatch',
        message: `the engine speaks protocol 99, the server ${ENGINE_PROTOCOL_VERSION}`,
      });
      const hostId = await engine.register();
      await assert.rejects(engine.logon(hostId, 99), { code: 'protocol-mismatch' });
    });
  });

  test('registering of another machine with the same network adapter is refused', async () => {
    await withServer(async (server) => {
      await server.readyEngine(1);
      const other = await server.engine(1);
      other.systemInfo.systemSerial = 'ANOTHER';
      await assert.rejects(other.register(), {
        code: 'not-allowed',
        message: /ANOTHER.*has another one/,
      });
    });
  });
});

describe('logging on', () => {
  test('logging on comes before everything but registering', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(1);
      await engine.register();
      const refused = { code: 'unauthorized', message: 'asking for work before logging on' };
      const report = { firstSequence: 1, events: [], progress: null };
      const { peer } = engine;
      await assert.rejects(peer.call('nextOperation', {}), refused);
      await assert.rejects(peer.call('statusUpdate', { ...report, runId: RUN }), refused);
      await assert.rejects(peer.call('logoff', { reason: 'x' }), refused);
    });
  });

  test('logging on is refused to a host that is not known with this MAC address', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(1);
      await assert.rejects(engine.logon(newHostId()), { code: 'not-found' });
      const hostId = await engine.register();
      const other = await server.engine(2);
      await assert.rejects(other.logon(hostId), { code: 'not-found' });
    });
  });

  test('logging on makes the host idle, at the address it comes from', async () => {
    await withServer(async (server) => {
      const { hostId } = await server.readyEngine(1);
      const operator = await server.operator();
      const { state, address } = await operator.call('host.show', { host: hostId });
      assert.deepEqual([state, address], ['idle', '127.0.0.1']);
    });
  });

  test('logging on again over the same connection says what has changed on the host', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      engine.systemInfo.memoryBytes = 1234;
      assert.equal(await engine.logon(engine.hostId), true);
      const operator = await server.operator();
      const host = await operator.call('host.show', { host: engine.hostId });
      assert.equal(host.systemInfo?.memoryBytes, 1234);
      assert.equal((await engine.peer.call('nextOperation', {})).type, 'idle');
    });
  });

  test('logging on over a newer connection of the same start ends the older one', async () => {
    await withServer(async (server) => {
      const older = await server.readyEngine(1);
      const newer = await server.again(older, 1);
      await newer.logon(older.hostId);
      assert.equal((await older.peer.closed).why.id, 'end.connected-again');
      assert.equal((await newer.peer.call('nextOperation', {})).type, 'idle');
      const operator = await server.operator();
      assert.equal((await operator.call('host.show', { host: older.hostId })).state, 'idle');
    });
  });

  test('logging on of an engine that is gone before it is done leaves the host off', async () => {
    await withRoom({}, async (room) => {
      const changes = new ChangeSignal(() => undefined);
      const { directory: dataDirectory } = room;
      const runLogs = await RunLogs.open({ dataDirectory, knownRuns: () => new Set() });
      const http = createServer();
      const sockets = new WebSocketServer({ server: http });
      sockets.on('connection', (socket) => {
        const { store, connected, work, otherMachines, captured } = room;
        const { presence } = work;
        const { log } = captured;
        const admission = new Admission({ store, connected, presence, otherMachines, changes });
        const connection = {
          address: '127.0.0.1',
          limit: () => undefined,
          onKnown: () => undefined,
        };
        serveWorker(socket, connection, {
          store,
          work,
          changes,
          runLogs,
          otherMachines,
          admission,
          registrations: new Registrations(),
          refusals: new Refusals(log),
          log,
          heartbeatMs: 60_000,
          neighbourOf: () => Promise.resolve(null),
        });
        // The call is on its way to the store when its connection ends.
        socket.once('message', () => socket.terminate());
      });
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      const { port } = z.object({ port: z.number() }).parse(http.address());
      const { id, mac, systemInfo } = sampleHost(1);
      assert.ok(systemInfo !== null);
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(socket, 'open');
      const peer = new Peer(socket, {
        answers: ANSWERS_NOTHING,
        calls: ENGINE_METHODS,
        sends: {},
        hears: { notifications: {}, listeners: {} },
        heartbeatMs: 60_000,
        onFault: () => undefined,
      });
      const logon = peer.call('logon', {
        protocolVersion: ENGINE_PROTOCOL_VERSION,
        hostId: id,
        macAddresses: [mac],
        instanceId: 'engine-0000000001',
        systemInfo,
        activeRunId: null,
      });
      await assert.rejects(logon, { code: 'connection-lost' });
      await room.captured.line(({ event }) => event === 'engine-gone');
      await room.captured.line(({ event }) => event === 'logon');
      assert.equal(room.connected.workerOn(id), undefined);
      sockets.close();
      await new Promise((resolve) => http.close(resolve));
    });
  });
});

describe('an engine that is logged on', () => {
  test('an engine that is logged on is told of new work and of what is cancelled', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const operator = await server.operator();
      const task = await operator.call(
        'task.create',
        shutdownTask({
          targets: [engine.hostId],
          mode: 'reboot',
        }),
      );
      await engine.heard('work');
      const { runId, type } = await engine.nextWork();
      assert.equal(type, 'shutdown');
      assert.equal((await operator.call('host.show', { host: engine.hostId })).state, 'working');
      await operator.call('task.cancel', { task: task.id, host: null });
      await engine.heard(`cancel ${runId} aborted`);
    });
  });

  test('an engine that is logged on logs off with a reason and is gone', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      await engine.peer.call('logoff', { reason: 'power-off' });
      assert.equal((await engine.peer.closed).why.id, 'end.logged-off');
      await server.captured.line(({ event }) => event === 'engine-gone');
      const line = await server.captured.line(({ event }) => event === 'logoff');
      assert.equal(line.reason, 'power-off');
      const operator = await server.operator();
      assert.equal((await operator.call('host.show', { host: engine.hostId })).state, 'off');
    });
  });

  test('an engine that is logged on is sent away when its host is deleted, and may register again', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const operator = await server.operator();
      await operator.call('host.delete', { host: engine.hostId });
      assert.equal((await engine.peer.closed).why.id, 'end.host-deleted');
      const again = await server.engine(1);
      await assert.rejects(again.logon(engine.hostId), { code: 'not-found' });
      assert.notEqual(await again.register(), engine.hostId);
    });
  });
});
