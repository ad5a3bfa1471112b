/** The status as operators get and watch it, over the socket of a real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Status } from '../../../lib/model/status.ts';
import { withServer } from '../running-server.ts';
import { captureTask, shutdownTask } from '../../support/task-requests.ts';
import { CAPTURE } from './sample-calls.ts';

describe('the status', () => {
  test('the status counts hosts by what they do and shows what is under way', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const one = await server.readyEngine(1);
      await server.readyEngine(2);
      await (await server.engine(3)).register();
      const task = await call(
        'task.create',
        captureTask({ ...CAPTURE, host: one.hostId, imageName: 'x' }),
      );
      await one.nextWork();
      const status = await call('status.get', {});
      assert.deepEqual(status.hosts, { total: 3, idle: 1, working: 1, off: 1, pending: 0 });
      assert.deepEqual(
        status.tasks.map(({ id }) => id),
        [task.id],
      );
      assert.deepEqual(Object.keys(status.hostNames), [one.hostId]);
    });
  });

  test('the status comes by itself to those that watch, when something has changed', async () => {
    await withServer(async (server) => {
      const heard: Status[] = [];
      let wake: () => void = () => undefined;
      const watcher = await server.operator((status) => {
        heard.push(status);
        wake();
      });
      const until = async (fits: (status: Status) => boolean): Promise<void> => {
        while (!heard.some(fits)) await new Promise<void>((resolve) => (wake = resolve));
      };
      const before = await watcher.call('status.watch', { intervalMs: 100 });
      assert.deepEqual([before.hosts.total, before.tasks, heard], [0, [], []]);
      const { hostId } = await server.readyEngine(1);
      await until(({ hosts }) => hosts.idle === 1);
      const other = await server.operator();
      const { id } = await other.call(
        'task.create',
        shutdownTask({ targets: [hostId], mode: 'exit' }),
      );
      await until(({ tasks }) => tasks.some((task) => task.id === id));
      const count = heard.length;
      watcher.close();
      await watcher.closed;
      await other.call('task.cancel', { task: id, host: null });
      assert.equal(heard.length, count);
    });
  });

  test('the status comes without the tasks while they have not changed; the client puts them in again', async () => {
    await withServer(async (server) => {
      const heard: Status[] = [];
      let wake: () => void = () => undefined;
      const watcher = await server.operator((status) => {
        heard.push(status);
        wake();
      });
      const until = async (fits: (status: Status) => boolean): Promise<void> => {
        while (!heard.some(fits)) await new Promise<void>((resolve) => (wake = resolve));
      };
      await watcher.call('status.watch', { intervalMs: 100 });
      const engine = await server.readyEngine(1);
      await watcher.call('task.create', shutdownTask({ targets: [engine.hostId], mode: 'exit' }));
      const { runId } = await engine.nextWork();
      await until(({ tasks }) => tasks[0]?.runs[0]?.state === 'running');
      const progressAt = async (fraction: number): Promise<Status> => {
        const total = {
          doneBytes: 1,
          totalBytes: 2,
          fraction,
          bytesPerSecond: 1,
          remainingMs: null,
        };
        await engine.peer.call('statusUpdate', {
          runId,
          firstSequence: 1,
          events: [],
          progress: { stepId: null, step: null, total },
        });
        const isIt = ({ progress }: Status): boolean => progress[0]?.total.fraction === fraction;
        await until(isIt);
        return heard.find(isIt) ?? assert.fail();
      };
      const first = await progressAt(0.25);
      const second = await progressAt(0.5);
      assert.equal(second.tasks, first.tasks, 'they were not sent again');
      assert.deepEqual(
        second.tasks.map(({ runs }) => runs.map(({ id }) => id)),
        [[runId]],
      );
      assert.deepEqual(Object.keys(second.hostNames), [engine.hostId]);
    });
  });

  test('the status does not come to those that do not watch', async () => {
    await withServer(async (server) => {
      const heard: Status[] = [];
      const { call } = await server.operator((status) => heard.push(status));
      await server.readyEngine(1);
      await call('status.get', {});
      assert.deepEqual(heard, []);
    });
  });
});
