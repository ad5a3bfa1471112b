import { isDeepStrictEqual } from 'node:util';
import assert from 'node:assert/strict';
import { appendFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectOperator } from '../../../lib/client/operator-client.ts';
import {
  severityOf,
  logAfter,
  MAX_LOG_ENTRIES,
  type LogEntry,
  type LogEvent,
} from '../../../lib/model/log-entry.ts';
import { EventLog } from '../../../server/events/event-log.ts';
import { captureLog } from '../captured-log.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { operationEnded, plan, started } from '../../support/run-events.ts';
import { captureTask, deployTask, shutdownTask } from '../../support/task-requests.ts';
import { withDirectory } from '../../support/directories.ts';

const login = (operator: string): LogEvent => ({ type: 'logged-in', operator, from: null });

/** All that an operator who watches has been told, and a wait for more. */
async function withWatcher(
  server: RunningServer,
  work: (until: (isIt: (event: LogEvent) => boolean) => Promise<LogEntry>) => Promise<void>,
): Promise<void> {
  let entries: readonly LogEntry[] = [];
  let wake: () => void = () => undefined;
  const client = await connectOperator({
    socketPath: server.options.socketPath,
    operator: 'watcher',
    onLog: (news) => {
      entries = logAfter(entries, news);
      wake();
    },
  });
  entries = await client.call('log.watch', {});
  try {
    await work(async (isIt) => {
      for (;;) {
        const found = entries.find(({ event }) => isIt(event));
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    });
  } finally {
    client.close();
    await client.closed;
  }
}

const hasType =
  (type: LogEvent['type']) =>
  (event: LogEvent): boolean =>
    event.type === type;

describe('the log for operators', () => {
  test('the log for operators tells of hosts, tasks, failures and images', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await withWatcher(server, async (until) => {
        assert.deepEqual((await until(hasType('server-started'))).number, 1);
        const engine = await server.readyEngine(1);
        const { event: registered } = await until(hasType('hosts-registered'));
        assert.deepEqual(registered, {
          type: 'hosts-registered',
          hosts: { names: ['host-525400000001'], count: 1 },
          isPending: false,
        });
        await server.captureImage(engine);
        await until((event) => event.type === 'image-captured' && event.image === 'win11');
        const { event: ended } = await until(hasType('task-ended'));
        assert.deepEqual(
          { ...ended, task: null },
          { type: 'task-ended', task: null, outcome: 'completed', runs: 1, good: 1 },
        );
        const task = await call(
          'task.create',
          shutdownTask({ targets: [engine.hostId], mode: 'exit' }),
        );
        const { event: created } = await until(
          (event) => event.type === 'task-created' && isDeepStrictEqual(event.task, task.title),
        );
        assert.equal(created.type === 'task-created' && created.by, 'eva');
        const { runId } = await engine.nextWork();
        await engine.report(runId, 1, {
          type: 'operation-ended',
          operationIndex: 0,
          outcome: 'failed',
          diskOutcome: 'untouched',
          error: { code: 'tool-failed', message: 'switching off', hint: 'Look.', causes: [] },
        });
        const { event: failed } = await until(hasType('runs-failed'));
        assert.equal(failed.type === 'runs-failed' && failed.error, 'switching off');
        assert.equal(severityOf(failed), 'bad');
        engine.peer.close('end.done');
        await call('image.delete', { image: 'win11' });
        await until((event) => event.type === 'image-deleted' && event.image === 'win11');
        await call('host.delete', { host: engine.hostId });
        await until(hasType('hosts-deleted'));
      });
    });
  });

  test('the log for operators tells of a host that was restarted in the middle of its work', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await withWatcher(server, async (until) => {
        const engine = await server.readyEngine(1);
        const { title } = await call(
          'task.create',
          captureTask({
            host: engine.hostId,
            disk: { type: 'only' },
            imageName: 'win11',
            compression: 'zstd',
            afterwards: null,
          }),
        );
        const { runId } = await engine.nextWork();
        await engine.report(runId, 1, plan('capture-p1'), started('capture-p1'));
        engine.peer.close('end.done');
        await engine.peer.closed;
        const next = await server.engine(1);
        next.secret = engine.secret;
        await next.logon(engine.hostId);
        const { event } = await until(hasType('runs-begun-again'));
        const hosts = { names: ['host-525400000001'], count: 1 };
        assert.deepEqual(event, { type: 'runs-begun-again', task: title, hosts });
      });
    });
  });

  test('the log for operators tells of a host that a transmission did not reach, and that tries again', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await withWatcher(server, async (until) => {
        const engine = await server.readyEngine(1);
        await server.captureImage(engine);
        const { title } = await call(
          'task.create',
          deployTask({
            image: 'win11',
            targets: [engine.hostId],
            disk: { type: 'only' },
            transport: 'multicast',
            gatherMs: 1000,
            afterwards: null,
          }),
        );
        const { runId } = await engine.nextWork();
        const end = { diskOutcome: 'untouched', code: 'session-missed' } as const;
        await engine.report(runId, 1, plan('wait-for-data'), operationEnded('failed', end));
        const { event } = await until(hasType('sessions-missed'));
        const hosts = { names: ['host-525400000001'], count: 1 };
        assert.deepEqual(event, { type: 'sessions-missed', task: title, hosts });
      });
    });
  });

  test('the log for operators tells of approvals, logins and what operators change, and of wrong passwords without what was typed', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await server.setAutomaticRegistration(false);
      await withWatcher(server, async (until) => {
        const engine = await server.engine(1);
        const host = await engine.register();
        await until((event) => event.type === 'hosts-registered' && event.isPending);
        await call('host.approve', { hosts: [host] });
        await until(hasType('hosts-approved'));
        await call('operator.add', { name: 'tom', password: 'correct horse' });
        const { event: added } = await until(hasType('operator-changed'));
        assert.deepEqual(added, {
          type: 'operator-changed',
          change: 'added',
          operator: 'tom',
          by: 'eva',
        });
        await until(hasType('settings-changed'));
        const login = { name: 'My Password', password: 'tom' };
        await assert.rejects(call('operator.login', login));
        const { event: refused } = await until(hasType('login-refused'));
        assert.deepEqual(refused, { type: 'login-refused', name: null, from: null });
        await call('operator.login', { name: 'tom', password: 'correct horse' });
        const { event: done } = await until(hasType('logged-in'));
        assert.deepEqual(done, { type: 'logged-in', operator: 'tom', from: null });
      });
      await server.stop();
      const path = join(server.directory, 'data/events.jsonl');
      const text = await readFile(path, 'utf8');
      assert.ok(!text.includes('My Password') && !text.includes('correct horse'));
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      await server.start();
      await withWatcher(server, async (until) => {
        await until((event) => event.type === 'logged-in' && event.operator === 'tom');
      });
    });
  });

  test('the log for operators is one entry for the same thing again and again, and keeps 500', async () => {
    await withDirectory(async (dataDirectory) => {
      const options = { dataDirectory, log: captureLog().log };
      const events = await EventLog.open(options);
      const heard: LogEntry[] = [];
      const stop = events.listen((news) => heard.push(...news));
      for (let time = 0; time < 3; time += 1) events.add(login('eva'));
      stop();
      assert.deepEqual(
        heard.map(({ number, times }) => [number, times]),
        [
          [1, 1],
          [1, 2],
          [1, 3],
        ],
      );
      assert.equal(events.entries.length, 1);
      for (let number = 0; number < 2600; number += 1) events.add(login(`user-${number}`));
      await events.close();
      const lines = (await readFile(join(dataDirectory, 'events.jsonl'), 'utf8')).split('\n');
      assert.ok(lines.length <= 4 * MAX_LOG_ENTRIES + 1, String(lines.length));
      const again = await EventLog.open(options);
      assert.equal(again.entries.length, MAX_LOG_ENTRIES);
      assert.deepEqual(again.entries, events.entries);
      assert.equal(again.entries.at(-1)?.number, 2601);
    });
  });

  test('the log for operators survives a half-written line', async () => {
    await withDirectory(async (dataDirectory) => {
      const options = { dataDirectory, log: captureLog().log };
      const events = await EventLog.open(options);
      events.add(login('eva'));
      await events.close();
      await appendFile(join(dataDirectory, 'events.jsonl'), '{"number":2,"at":"20');
      const again = await EventLog.open(options);
      again.add(login('tom'));
      await again.close();
      const { entries } = await EventLog.open(options);
      assert.deepEqual(
        entries.map(({ number, event }) => [number, event.type === 'logged-in' && event.operator]),
        [
          [1, 'eva'],
          [2, 'tom'],
        ],
      );
    });
  });

  test('the log for operators goes on in memory when it cannot be written, and says so in the server’s log', async () => {
    await withDirectory(async (directory) => {
      const captured = captureLog();
      const options = { dataDirectory: join(directory, 'missing'), log: captured.log };
      const events = await EventLog.open(options);
      events.add(login('eva'));
      await events.close();
      assert.equal(events.entries.length, 1);
      await captured.line(({ msg }) => msg.includes('log for operators'));
    });
  });
});
