/** Commands that destroy something ask first. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sampleHost } from '../support/hosts.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../support/images.ts';
import { runCli, runProgramOnTerminal, withSmallServer } from './small-server.ts';
import { WAITING } from './sample-answers.ts';

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
        const refused = await runProgramOnTerminal(socketPath, args, 'no\n');
        assert.equal(refused.exitStatus, 16);
        assert.match(refused.stdout, /The image win11, .* goes to 12 hosts\. Everything on these/);
        assert.match(refused.stdout, /pc-10 +\/dev\/sda +Samsung SSD 860 +S3Z8NB10 +500 GB/);
        assert.match(refused.stdout, /and the disks of 2 more hosts/);
        assert.ok(calls.every(({ name }) => name !== 'task.create'));
        const accepted = await runProgramOnTerminal(socketPath, args, 'yes\n');
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
