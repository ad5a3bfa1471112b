/** The real command line against a small real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { restoreScript } from '../../cli/restore-script/restore-script.ts';
import { startService } from '../../lib/exec/service.ts';
import { OperatorError } from '../../lib/errors.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { Task } from '../../lib/model/task.ts';
import { OPERATOR_METHODS } from '../../lib/protocol/operator-api/table.ts';
import {
  doneRun,
  failedRun,
  sampleHost,
  SAMPLE_GROUP,
  SAMPLE_IMAGE,
  SAMPLE_MANIFEST,
  sampleProgress,
  sampleRun,
  sampleStatus,
  sampleTask,
  workingRun,
} from './sample-data.ts';
import {
  CLI_PROGRAM,
  runCli,
  runCliOnTerminal,
  startSmallServer,
  withSmallServer,
  withSocketPath,
} from './small-server.ts';
import { captureTask, deployTask } from '../support/task-requests.ts';
import { withTexts } from '../../cli/print/json-messages.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

const WAITING = sampleTask([sampleRun(1), sampleRun(2), sampleRun(3)]);
const WORKING = sampleTask([workingRun(1), workingRun(2), workingRun(3)]);
const DONE = sampleTask([doneRun(1), doneRun(2), doneRun(3)]);
const DEPLOY = ['deploy', 'win11', '--to', 'room-1', 'pc-09', '--yes'];

/** A server whose task is `ended` as soon as somebody watches. */
const deploying = (ended: Task): Parameters<typeof withSmallServer>[0] => ({
  'task.create': () => Promise.resolve(WAITING),
  'status.watch': () => Promise.resolve(sampleStatus([ended])),
});

const notFound = new OperatorError({
  code: 'not-found',
  message: 'finding the image "win12": there is none',
  hint: '`openclone image list` shows what there is.',
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
        assert.match(stdout, /^pc-03: completed$/m);
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
          /^pc-02: failed: write partition 1 \(ntfs, 60.0 MB\): writing to \/dev\/sda1: No space left on device\n {2}disk: its disk was half written and then made unbootable .*serial S3Z8NB02.*\n {2}hint: Replace the disk\.\n2 of 3 hosts done\n$/m,
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
      const ended = runCli(socketPath, DEPLOY);
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
      const { stdout, exitStatus } = await runCliOnTerminal(socketPath, DEPLOY, '');
      assert.equal(exitStatus, 0);
      assert.match(stdout, /pc-01 {2}completed .*\u001b\[K/);
      assert.match(stdout, /total .*3 of 3 done/);
      assert.match(stdout, /3 of 3 hosts done\r\n$/);
    });
  });
});

describe('commands that destroy', () => {
  const DESTRUCTIVE = [
    ['deploy', 'win11', '--to', 'room-1'],
    ['partition', 'win11', '--to', 'room-1'],
    ['host', 'delete', 'pc-01'],
    ['group', 'delete', 'room-1'],
    ['image', 'delete', 'win11'],
  ];

  test('commands that destroy need --yes without a terminal, and ask the server nothing before', async () => {
    await withSmallServer({}, async ({ socketPath, calls }) => {
      for (const args of DESTRUCTIVE) {
        const { stderr, exitStatus } = await runCli(socketPath, args);
        assert.equal(exitStatus, 2, args.join(' '));
        assert.match(stderr, /there is no terminal to ask on\nhint: Give --yes/);
      }
      assert.deepEqual(calls, []);
    });
  });

  test('commands that destroy name each host and disk on a terminal, and do nothing when the answer is not yes', async () => {
    const hosts = Array.from({ length: 12 }, (_, index) =>
      sampleHost(index + 1, `pc-${index + 1}`),
    );
    await withSmallServer(
      {
        'image.show': () =>
          Promise.resolve({ image: SAMPLE_IMAGE, manifest: SAMPLE_MANIFEST, directory: '/x' }),
        'host.resolve': () => Promise.resolve(hosts),
        'task.create': () => Promise.resolve(WAITING),
      },
      async ({ socketPath, calls }) => {
        const args = ['deploy', 'win11', '--to', 'room-1', '--detach'];
        const refused = await runCliOnTerminal(socketPath, args, 'no\n');
        assert.equal(refused.exitStatus, 16);
        assert.match(refused.stdout, /The image win11, .* goes to 12 hosts\. Everything on these/);
        assert.match(refused.stdout, /pc-10 +\/dev\/sda +Samsung SSD 860 +S3Z8NB10 +500 GB/);
        assert.match(refused.stdout, /and the disks of 2 more hosts/);
        assert.ok(calls.every(({ name }) => name !== 'task.create'));
        const accepted = await runCliOnTerminal(socketPath, args, 'yes\n');
        assert.equal(accepted.exitStatus, 0);
        assert.equal(calls.at(-1)?.name, 'task.create');
      },
    );
  });

  test('commands that destroy do what they should with --yes', async () => {
    await withSmallServer(
      {
        'host.delete': () => Promise.resolve({}),
        'group.delete': () => Promise.resolve({}),
        'image.delete': () => Promise.resolve({}),
      },
      async ({ socketPath, calls }) => {
        for (const args of DESTRUCTIVE.slice(2)) {
          assert.equal((await runCli(socketPath, [...args, '--yes'])).exitStatus, 0);
        }
        assert.deepEqual(
          calls.map(({ params }) => params),
          [{ host: 'pc-01' }, { group: 'room-1' }, { image: 'win11' }],
        );
      },
    );
  });
});

test('an image is protected, and the protection is taken away', async () => {
  const protecting: Parameters<typeof withSmallServer>[0] = {
    'image.protect': ({ isProtected }) => Promise.resolve({ ...SAMPLE_IMAGE, isProtected }),
  };
  await withSmallServer(protecting, async ({ socketPath, calls }) => {
    const kept = await runCli(socketPath, ['image', 'protect', 'win11']);
    assert.equal(kept.stdout, 'protected the image win11\n');
    const open = await runCli(socketPath, ['image', 'unprotect', 'win11']);
    assert.equal(open.stdout, 'took the protection from the image win11\n');
    assert.deepEqual(
      calls.map(({ params }) => params),
      [
        { image: 'win11', isProtected: true },
        { image: 'win11', isProtected: false },
      ],
    );
  });
});

describe('errors', () => {
  test('errors of the server are told with cause and hint, and give the exit status', async () => {
    await withSmallServer(
      { 'image.show': () => Promise.reject(notFound) },
      async ({ socketPath }) => {
        const text = await runCli(socketPath, ['image', 'show', 'win12']);
        assert.equal(text.exitStatus, 9);
        assert.equal(text.stdout, '');
        assert.equal(
          text.stderr,
          'openclone: finding the image "win12": there is none\nhint: `openclone image list` shows what there is.\n',
        );
        const json = await runCli(socketPath, ['image', '--json', 'show', 'win12']);
        assert.equal(json.exitStatus, 9);
        assert.equal(json.stderr, '');
        const { error } = z.object({ error: ErrorReport }).parse(JSON.parse(json.stdout));
        assert.equal(error.code, 'not-found');
      },
    );
  });

  test('errors end with 1 when no server listens', async () => {
    await withSocketPath(async (socketPath) => {
      const { stderr, exitStatus } = await runCli(socketPath, ['status']);
      assert.equal(exitStatus, 1);
      assert.match(stderr, /^openclone: connecting to the server at .*: connect ENOENT/);
      assert.match(stderr, /^hint: .*systemctl start openclone/m);
    });
  });

  test('errors of the arguments end with 2, as JSON with --json', async () => {
    await withSocketPath(async (socketPath) => {
      const { stdout, exitStatus } = await runCli(socketPath, ['host', 'lst', '--json']);
      assert.equal(exitStatus, 2);
      const { error } = z.object({ error: ErrorReport }).parse(JSON.parse(stdout));
      assert.equal(error.code, 'bad-argument');
    });
  });
});

describe('lists and details', () => {
  test('lists and details come as text or JSON', async () => {
    const host = sampleHost(1, 'pc-01');
    await withSmallServer(
      {
        'host.list': () => Promise.resolve([host]),
        'group.list': () => Promise.resolve([SAMPLE_GROUP]),
        'image.list': () => Promise.resolve([SAMPLE_IMAGE]),
        'task.list': () => Promise.resolve([DONE]),
        'status.get': () => Promise.resolve(sampleStatus([WORKING])),
        'host.edit': () => Promise.resolve(host),
      },
      async ({ socketPath, calls }) => {
        for (const [words, expected] of [
          [['host', 'list', '--group', 'room-1'], /^pc-01 +idle +running 0 % +room-1/m],
          [['group', 'list'], /^room-1 +2/m],
          [['image', 'list'], /^win11 +2026-11-21 07:00 +golden +500 GB/m],
          [['task', 'list', '--limit', '5'], /^task-0000000001 +completed +3\/3/m],
          [['status'], /^Hosts: +12: 3 working, 2 idle, 7 off/m],
        ] as const) {
          const text = await runCli(socketPath, words);
          assert.match(text.stdout, expected);
        }
        assert.deepEqual(calls[0]?.params, { group: 'room-1' });
        assert.deepEqual(calls.find(({ name }) => name === 'task.list')?.params, { limit: 5 });
        const json = await runCli(socketPath, ['host', 'list', '--json']);
        const hosts = OPERATOR_METHODS['host.list'].result.parse(JSON.parse(json.stdout));
        assert.deepEqual(hosts, [host]);
        await runCli(
          socketPath,
          'host edit pc-01 --name pc-02 --no-group --ip 10.0.0.7'.split(' '),
        );
        assert.deepEqual(calls.at(-1)?.params, {
          host: 'pc-01',
          name: 'pc-02',
          group: null,
          ipAddress: '10.0.0.7',
        });
      },
    );
  });

  test('lists and details of an image can be the script that restores it by hand', async () => {
    await withSmallServer(
      {
        'image.show': () =>
          Promise.resolve({ image: SAMPLE_IMAGE, manifest: SAMPLE_MANIFEST, directory: '/srv/x' }),
      },
      async ({ socketPath }) => {
        const { stdout } = await runCli(socketPath, ['image', 'show', '--by-hand', 'win11']);
        assert.equal(stdout, restoreScript(SAMPLE_MANIFEST, '/srv/x'));
      },
    );
  });

  test('lists and details: the layout of an image on a disk of a host is shown, a disk too small for it is refused', async () => {
    const host = sampleHost(1, 'pc-01');
    const [disk] = host.systemInfo?.disks ?? [];
    assert.ok(disk !== undefined && host.systemInfo !== null);
    const small = { ...disk, address: '/dev/sdb', sizeBytes: 1_000_000 };
    const systemInfo = { ...host.systemInfo, disks: [disk, small] };
    await withSmallServer(
      {
        'image.show': () =>
          Promise.resolve({ image: SAMPLE_IMAGE, manifest: SAMPLE_MANIFEST, directory: '/srv/x' }),
        'host.show': () => Promise.resolve({ ...host, systemInfo }),
      },
      async ({ socketPath }) => {
        const layout = 'image layout win11 pc-01 --disk'.split(' ');
        const fits = await runCli(socketPath, [...layout, 'sda']);
        assert.match(fits.stdout, /^The image fits on \/dev\/sda /);
        assert.match(fits.stdout, /^ +1 +2048 +204800 .* ntfs +p1\.partclone\.zst$/m);
        assert.match(fits.stdout, /^ +- +0 +1 .* boot code and partition table$/m);
        const unfit = await runCli(socketPath, [...layout, 'sdb']);
        assert.equal(unfit.exitStatus, ERROR_TREATMENT['disk-too-small'].exitStatus);
        assert.match(unfit.stderr, /it needs 400000000 bytes, the disk has 1000000/);
      },
    );
  });

  test('lists and details: a damaged image ends its verification with 12', async () => {
    await withSmallServer(
      {
        'image.verify': () =>
          Promise.resolve([
            {
              imageId: 'image-0000000001',
              versionId: 'version-0000000002',
              filesChecked: 2,
              bytesChecked: 42_000_000,
              problems: [{ file: 'p1.partclone.zst', problem: verbatim('its hash is another') }],
            },
          ]),
      },
      async ({ socketPath }) => {
        const { stdout, exitStatus } = await runCli(socketPath, ['image', 'verify', 'win11']);
        assert.equal(exitStatus, 12);
        assert.match(stdout, /win11, version-0000000002: 1 problem \(2 files, 42\.0 MB read\)/);
        assert.match(stdout, /^ {2}p1\.partclone\.zst: its hash is another$/m);
      },
    );
  });

  const Shown = z.object({
    tasks: z.array(z.object({ runs: z.array(z.object({ state: z.string() })) })),
  });

  test('lists and details: the status goes on with --watch --json, one per line, until Ctrl-C', async () => {
    await withSocketPath(async (socketPath) => {
      const watching = startSmallServer(socketPath, {
        'status.watch': () => {
          setImmediate(() => void watching.then((server) => server.tell(sampleStatus([DONE]))));
          return Promise.resolve(sampleStatus([WORKING]));
        },
      });
      const server = await watching;
      const cli = startService(
        process.execPath,
        [CLI_PROGRAM, 'status', '--watch', '--json', '--socket', socketPath],
        { deathSignal: 'KILL', input: 'none', output: 'stream', onText: () => undefined },
      );
      let stdout = '';
      await new Promise<void>((resolve) => {
        cli.output?.setEncoding('utf8').on('data', (text: string) => {
          stdout += text;
          if (stdout.split('\n').length > 2) resolve();
        });
      });
      cli.kill('SIGINT');
      assert.equal((await cli.ended).status, 0);
      await server.close();
      const states = stdout
        .trimEnd()
        .split('\n')
        .map((line) => Shown.parse(JSON.parse(line)))
        .map(({ tasks }) => tasks[0]?.runs[0]?.state);
      assert.deepEqual(states, ['running', 'completed']);
    });
  });
});
