/** Waking hosts from the command line, and telling who did not come. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Wake } from '../../lib/model/wake.ts';
import { sampleHost } from '../support/hosts.ts';
import { sampleRun, sampleTask, doneRun } from '../support/tasks.ts';
import { sampleStatus } from '../support/servers.ts';
import { runCli, startSmallServer, withSocketPath, type SmallServer } from './small-server.ts';

const wake = (index: number, state: Wake['state'], packets: number): Wake =>
  Wake.parse({
    hostId: sampleHost(index, `pc-0${index}`).id,
    hostName: `pc-0${index}`,
    state,
    packets,
    since: '2026-11-21T07:00:00.000Z',
    error: null,
  });

/** A server that says `first` to who begins to watch, then each of `later`. */
async function withWakes(
  first: readonly Wake[],
  later: readonly (readonly Wake[])[],
  use: (server: SmallServer) => Promise<void>,
): Promise<void> {
  await withSocketPath(async (path) => {
    const server = await startSmallServer(path, {
      'host.wake': () => Promise.resolve({ waking: [...first], alreadyOn: ['pc-09'] }),
      'status.watch': () => {
        setImmediate(() => {
          for (const wakes of later) server.tell({ ...sampleStatus([]), wakes: [...wakes] });
        });
        return Promise.resolve({ ...sampleStatus([]), wakes: [...first] });
      },
    });
    try {
      await use(server);
    } finally {
      await server.close();
    }
  });
}

describe('openclone host wake', () => {
  test('openclone host wake waits until all are on, or were sent what a host without work gets', async () => {
    const first = [wake(1, 'waking', 1), wake(2, 'waking', 0)];
    const later = [[wake(1, 'waking', 2), wake(2, 'sent', 3)], [wake(2, 'sent', 3)]];
    await withWakes(first, later, async ({ socketPath, calls }) => {
      const { stdout, exitStatus } = await runCli(socketPath, ['host', 'wake', 'room-1', 'pc-09']);
      assert.equal(exitStatus, 0);
      assert.deepEqual(calls[0], {
        name: 'host.wake',
        params: { targets: ['room-1', 'pc-09'] },
      });
      assert.equal(
        stdout,
        'already on: pc-09\non: pc-01\npc-02: 3 magic packets sent; it has no work, so it starts from its own disk\n',
      );
    });
  });

  test('openclone host wake names those that did not come, and ends with the status of a time-out', async () => {
    const first = [wake(1, 'waking', 8)];
    await withWakes(first, [[wake(1, 'missing', 9)]], async ({ socketPath }) => {
      const { stdout, exitStatus } = await runCli(socketPath, ['host', 'wake', 'pc-01']);
      assert.equal(exitStatus, 3);
      assert.match(stdout, /^pc-01 did not come after 9 magic packets: switch it on by hand/m);
    });
  });

  test('openclone host wake does not wait with --detach', async () => {
    await withWakes([wake(1, 'waking', 0)], [], async ({ socketPath, calls }) => {
      const { stdout, exitStatus } = await runCli(socketPath, [
        'host',
        'wake',
        'pc-01',
        '--detach',
        '--json',
      ]);
      assert.equal(exitStatus, 0);
      assert.deepEqual(JSON.parse(stdout), {
        waking: [wake(1, 'waking', 0)],
        alreadyOn: ['pc-09'],
      });
      assert.equal(calls.length, 1);
    });
  });
});

test('a task with --wake asks for it, and says once which of its hosts did not come', async () => {
  await withSocketPath(async (path) => {
    const waiting = sampleTask([sampleRun(1)]);
    const server = await startSmallServer(path, {
      'task.create': () => Promise.resolve(waiting),
      'status.watch': () => {
        const missing = { wakes: [wake(1, 'missing', 9), wake(7, 'missing', 9)] };
        setImmediate(() => {
          server.tell({ ...sampleStatus([waiting]), ...missing });
          server.tell({ ...sampleStatus([sampleTask([doneRun(1)])]), ...missing });
        });
        return Promise.resolve({ ...sampleStatus([waiting]), ...missing });
      },
    });
    try {
      const words = ['deploy', 'win11', '--to', 'pc-01', '--wake', '--yes'];
      const { stderr, exitStatus } = await runCli(path, words);
      assert.equal(exitStatus, 0);
      assert.equal(stderr.match(/did not come/g)?.length, 1, stderr);
      assert.match(stderr, /^pc-01 did not come/m);
      const [call] = server.calls;
      assert.ok(
        call?.name === 'task.create' && JSON.stringify(call.params).includes('"wake":true'),
      );
    } finally {
      await server.close();
    }
  });
});
