import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ENGINE_PROTOCOL_VERSION } from '../../../lib/protocol/version.ts';
import { withServer } from '../running-server.ts';
import { plan } from '../../support/run-events.ts';
import { shutdownTask } from '../../support/task-requests.ts';

const AT = '2026-11-21T12:00:00.000Z';

describe('what an engine is told of its host', () => {
  test('what an engine is told of its host is said at registering and logon, with the time of the server', async () => {
    await withServer(async (server) => {
      const engine = await server.engine(1);
      const { systemInfo } = engine;
      const macAddresses = systemInfo.interfaces.map(({ mac }) => mac);
      const version = { programVersion: '0.2.0', buildId: '20261121-1200-abcd' };
      const host = { protocolVersion: ENGINE_PROTOCOL_VERSION, macAddresses };
      const registered = await engine.peer.call('register', {
        ...host,
        systemInfo,
        programVersion: '0.2.0',
      });
      assert.equal(registered.standing.halfWritten, null);
      const before = Date.now();
      const { standing, serverTime } = await engine.peer.call('logon', {
        ...host,
        hostId: registered.hostId,
        instanceId: 'engine-0000000001',
        systemInfo: { ...systemInfo, engine: version },
        activeRunId: null,
      });
      assert.deepEqual(standing, registered.standing);
      assert.ok(Date.parse(serverTime) >= before && Date.parse(serverTime) <= Date.now());
      const operator = await server.operator();
      const shown = await operator.call('host.show', { host: registered.hostId });
      assert.deepEqual(shown.systemInfo?.engine, version);
    });
  });

  test('what an engine is told of its host is pushed when it changes, and only then', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const operator = await server.operator();
      const { name, approval } = await operator.call('host.show', { host: engine.hostId });
      await operator.call('host.edit', { host: engine.hostId, serialNumber: '4711' });
      await operator.call('host.edit', { host: engine.hostId, name: 'pc-new' });
      await engine.heard(`host pc-new ${approval}`);
      assert.ok(!engine.pushed.includes(`host ${name} ${approval}`));
    });
  });
});

describe('the log of a run', () => {
  test('the log of a run is kept in a file that others cannot read, and operators get it', async () => {
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
      const { runId } = await engine.nextWork();
      const report = {
        runId,
        firstSequence: 1,
        events: [plan('shutdown-host')],
        progress: null,
        log: [
          { number: 1, at: AT, level: 'info' as const, text: 'it begins' },
          { number: 2, at: AT, level: 'error' as const, text: 'partclone says \u001b[2Jno' },
        ],
      };
      // Sent again, as after a lost connection.
      await engine.peer.call('statusUpdate', report);
      await engine.peer.call('statusUpdate', report);
      const [log] = await operator.call('run.log', { task: task.id, host: engine.hostId });
      assert.deepEqual(log?.lines, [`${AT} INFO  it begins`, `${AT} ERROR partclone says  [2Jno`]);
      const path = join(server.directory, 'data/logs', `${runId}.log`);
      assert.equal(await readFile(path, 'utf8'), `${log.lines.join('\n')}\n`);
      assert.equal((await stat(path)).mode & 0o777, 0o640);
    });
  });

  test('the log of a run is not taken from another host', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const other = await server.readyEngine(2);
      const operator = await server.operator();
      const targets = [engine.hostId];
      const task = await operator.call('task.create', shutdownTask({ targets, mode: 'reboot' }));
      const { runId } = await engine.nextWork();
      const log = [{ number: 1, at: AT, level: 'info' as const, text: 'a lie' }];
      await assert.rejects(
        other.peer.call('statusUpdate', {
          runId,
          firstSequence: 1,
          events: [],
          progress: null,
          log,
        }),
        { code: 'not-found' },
      );
      const [kept] = await operator.call('run.log', { task: task.id, host: null });
      assert.deepEqual(kept?.lines, []);
    });
  });
});
