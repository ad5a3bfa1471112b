/** What the command line lists and shows, as text and as JSON. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { restoreScript } from '../../cli/restore-script/restore-script.ts';
import { startService } from '../../lib/exec/service.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import { OPERATOR_METHODS } from '../../lib/protocol/operator-api/table.ts';
import { sampleHost, SAMPLE_GROUP } from '../support/hosts.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../support/images.ts';
import { sampleStatus } from '../support/servers.ts';
import {
  CLI_PROGRAM,
  runCli,
  startSmallServer,
  withSmallServer,
  withSocketPath,
} from './small-server.ts';
import { verbatim } from '../../lib/model/messages/table.ts';
import { DONE, WORKING } from './sample-answers.ts';

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
          [['host', 'list', '--group', 'room-1'], /^pc-01 +ready +running 0 % +room-1/m],
          [['group', 'list'], /^room-1 +2/m],
          [['image', 'list'], /^win11 +2026-11-21 07:00 +golden +500 GB/m],
          [['task', 'list', '--limit', '5'], /^task-0000000001 +done +3\/3/m],
          [['status'], /^Hosts: +12: 3 working, 2 ready, 7 off/m],
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
        const german = await runCli(socketPath, [...layout, 'sda', '--language', 'de']);
        assert.match(german.stdout, /^Das Abbild passt auf .* Bytes\):$/m);
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
