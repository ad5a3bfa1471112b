/** The command line follows a task of a small server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startService } from '../../lib/exec/service.ts';
import type { Task } from '../../lib/model/task.ts';
import { doneRun, failedRun, sampleProgress, sampleTask } from '../support/tasks.ts';
import { sampleHost } from '../support/hosts.ts';
import { sampleStatus } from '../support/servers.ts';
import {
  CLI_PROGRAM,
  runCli,
  runProgram,
  runProgramOnTerminal,
  startSmallServer,
  withSmallServer,
  withSocketPath,
} from './small-server.ts';
import { captureTask, deployTask } from '../support/task-requests.ts';
import { withTexts } from '../../cli/print/json-messages.ts';
import { WAITING, DONE, WORKING } from './sample-answers.ts';

const DEPLOY = ['deploy', 'win11', '--to', 'room-1', 'pc-09', '--yes'];

/** A server whose task is `ended` as soon as somebody watches. */
const deploying = (ended: Task): Parameters<typeof withSmallServer>[0] => ({
  'task.create': () => Promise.resolve(WAITING),
  'status.watch': () => Promise.resolve(sampleStatus([ended])),
});

describe('following a task', () => {
  test('following a task shows states and steps as lines, and ends with 0 when all hosts are done', async () => {
    await withSmallServer(
      {
        'task.create': () => Promise.resolve(WAITING),
        'status.watch': () => {
          // Told in the next turn, so that the answer goes first.
          setImmediate(() => server?.tell(sampleStatus([DONE])));
          return Promise.resolve(sampleStatus([WORKING], [sampleProgress(1, 0.5)]));
        },
      },
      async (started) => {
        server = started;
        const { stdout, stderr, exitStatus } = await runCli(started.socketPath, DEPLOY);
        assert.equal(stderr, '');
        assert.equal(exitStatus, 0);
        assert.match(stdout, /^task-0000000001: deploy win11 to room-1\n/);
        assert.match(stdout, /^pc-01: running: write partition 1 \(ntfs, 60.0 MB\)$/m);
        assert.match(stdout, /^pc-03: done$/m);
        assert.match(stdout, /\n3 of 3 hosts done\n$/);
        assert.deepEqual(started.calls[0], {
          name: 'task.create',
          params: deployTask({
            image: 'win11',
            targets: ['room-1', 'pc-09'],
            disk: { type: 'only' },
            transport: 'auto',
            gatherMs: 120_000,
            wake: false,
          }),
        });
        assert.deepEqual(started.calls[1], { name: 'status.watch', params: { intervalMs: 500 } });
      },
    );
  });
  let server: Awaited<ReturnType<typeof startSmallServer>> | undefined;

  test('following a task ends with the status of the one host that failed, and says what, why, the hint and the disk', async () => {
    await withSmallServer(
      deploying(sampleTask([doneRun(1), failedRun(2), doneRun(3)])),
      async ({ socketPath }) => {
        const { stdout, exitStatus } = await runCli(socketPath, DEPLOY);
        assert.equal(exitStatus, 13);
        assert.match(
          stdout,
          /^pc-02: failed: write partition 1 \(ntfs, 60.0 MB\): writing to \/dev\/sda1: No space left on device\n {2}disk: it was half written and then made unbootable .*serial S3Z8NB02.*\n {2}hint: Replace the disk\.\n2 of 3 hosts done\n$/m,
        );
      },
    );
  });

  test('following a task ends with 17 when several hosts failed', async () => {
    const failed = sampleTask([failedRun(1), failedRun(2), doneRun(3)]);
    await withSmallServer(deploying(failed), async ({ socketPath }) => {
      const { stdout, stderr, exitStatus } = await runCli(socketPath, [...DEPLOY, '--quiet']);
      assert.equal(exitStatus, 17);
      assert.equal(stdout, '');
      assert.match(stderr, /^pc-01: failed/m);
      assert.match(stderr, /^pc-02: failed/m);
    });
  });

  test('following a task prints the final task and nothing else with --json', async () => {
    await withSmallServer(deploying(DONE), async ({ socketPath }) => {
      const { stdout, stderr, exitStatus } = await runCli(socketPath, ['--json', ...DEPLOY]);
      assert.equal(exitStatus, 0);
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), withTexts(DONE));
    });
  });

  test('following a task prints the task at once with --detach and does not watch', async () => {
    await withSmallServer(deploying(DONE), async ({ socketPath, calls }) => {
      const json = await runCli(socketPath, [...DEPLOY, '--detach', '--json']);
      assert.deepEqual(JSON.parse(json.stdout), withTexts(WAITING));
      const text = await runCli(socketPath, [...DEPLOY, '--detach']);
      assert.equal(text.stdout, 'task-0000000001: deploy win11 to room-1\n');
      assert.deepEqual(
        calls.map(({ name }) => name),
        ['task.create', 'task.create'],
      );
    });
  });

  test('following a task asks for a task that the status no longer shows', async () => {
    await withSmallServer(
      {
        'host.show': () => Promise.resolve(sampleHost(1, 'pc-01')),
        'task.create': () => Promise.resolve(WAITING),
        'status.watch': () => Promise.resolve(sampleStatus([])),
        'task.show': () =>
          Promise.resolve({ task: DONE, hostNames: { 'host-0000000001': 'pc-01' }, progress: [] }),
      },
      async ({ socketPath, calls }) => {
        const { exitStatus } = await runCli(
          socketPath,
          'capture pc-01 --disk sda --name win11 --compression lzo --then shutdown'.split(' '),
        );
        assert.equal(exitStatus, 0);
        assert.deepEqual(
          calls.find(({ name }) => name === 'task.create')?.params,
          captureTask({
            host: 'pc-01',
            disk: { type: 'address', value: '/dev/sda' },
            imageName: 'win11',
            compression: 'lzo',
            afterwards: 'power-off',
            wake: false,
          }),
        );
      },
    );
  });

  test('following a task says that the connection was lost, takes it up again and goes on', async () => {
    await withSocketPath(async (socketPath) => {
      const watched = Promise.withResolvers<undefined>();
      const first = await startSmallServer(socketPath, {
        'task.create': () => Promise.resolve(WAITING),
        'status.watch': () => {
          watched.resolve(undefined);
          return Promise.resolve(sampleStatus([WORKING]));
        },
      });
      const ended = runProgram(socketPath, DEPLOY);
      await watched.promise;
      await first.close();
      const second = await startSmallServer(socketPath, {
        'status.watch': () => Promise.resolve(sampleStatus([DONE])),
      });
      const { stdout, stderr, exitStatus } = await ended.finally(() => second.close());
      assert.equal(exitStatus, 0);
      assert.match(stderr, /^the connection to the server was lost .*; trying again$/m);
      assert.match(stderr, /^connected to the server again$/m);
      assert.match(stdout, /3 of 3 hosts done\n$/);
    });
  });

  test('following a task stops on Ctrl-C, says that the task goes on, and ends with 130', async () => {
    const watched = Promise.withResolvers<undefined>();
    await withSmallServer(
      {
        'task.create': () => Promise.resolve(WAITING),
        'status.watch': () => {
          watched.resolve(undefined);
          return Promise.resolve(sampleStatus([WORKING]));
        },
      },
      async ({ socketPath }) => {
        let stderr = '';
        const cli = startService(
          process.execPath,
          [CLI_PROGRAM, '--socket', socketPath, 'shutdown', 'room-1', '--mode', 'reboot'],
          {
            deathSignal: 'KILL',
            input: 'none',
            output: 'stream',
            onText: (text) => (stderr += text),
          },
        );
        await watched.promise;
        cli.kill('SIGINT');
        const { status } = await cli.ended;
        assert.equal(status, 130);
        assert.match(stderr, /task-0000000001 goes on\. `openclone task cancel task-0000000001`/);
      },
    );
  });

  test('following a task redraws a block on a terminal', async () => {
    await withSmallServer(deploying(DONE), async ({ socketPath }) => {
      const { stdout, exitStatus } = await runProgramOnTerminal(socketPath, DEPLOY, '');
      assert.equal(exitStatus, 0);
      assert.match(stdout, /pc-01 {2}done .*\u001b\[K/);
      assert.match(stdout, /total .*3 of 3 done/);
      assert.match(stdout, /3 of 3 hosts done\r\n$/);
    });
  });
});
