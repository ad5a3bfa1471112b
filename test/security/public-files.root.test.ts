/** Security, claim 1: nothing that everybody on the network can read is secret, and images are not among it. */

import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportsFile } from '../../installer/templates/exports.ts';
import {
  assertNoSecret,
  BUILD,
  filesBelow,
  getByHttp,
  secretsOf,
  withSite,
} from './room-under-attack.ts';
import { deployTask } from '../support/task-requests.ts';

/** Every word that OpenClone may put on a kernel command line, with what may stand in it. */
const KNOWN_WORDS = [
  /^boot=openclone$/,
  /^openclone\.server=(10\.7[78]\.0\.1|\$\S*):\d+$/,
  /^openclone\.root=(nfs:\/\S+\/rootfs|http:\d+:\/rootfs\/[0-9a-f-]+\.squashfs)$/,
  /^openclone\.debug$/,
  /^init=\/usr\/lib\/openclone\/init$/,
  /^panic=30$/,
  /^ip=\$\S+$/,
  /^BOOTIF=\S+$/,
];

describe('what everybody can read', () => {
  test('what everybody can read has no secret in it: boot files, root file systems, and kernel command lines', async () => {
    await withSite(async ({ server, site }) => {
      const { call } = await server.operator();
      await call('operator.add', { name: 'eva', password: 'correct horse' });
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      await call(
        'task.create',
        deployTask({
          image: 'win11',
          targets: [engine.hostId],
          disk: { type: 'only' },
          transport: 'auto',
          gatherMs: 0,
          afterwards: null,
        }),
      );
      const { token } = await engine.nextWork();
      const store = await readFile(join(server.directory, 'data/store.json'), 'utf8');
      const hash = /\$2b\$[^"]+/.exec(store)?.[0] ?? '';
      assert.equal(hash.length, 60);
      const secrets = await secretsOf(server, {
        "the host's run token": token,
        "an operator's password": 'correct horse',
        "the hash of an operator's password": hash,
      });
      const files = [
        ...(await filesBelow(site.tftpDirectory)),
        ...(await filesBelow(site.netbootDirectory)),
      ];
      const boot = files.filter(({ content }) => content.includes('boot=openclone'));
      assert.ok(boot.length >= 3, 'the host with work has boot files');
      for (const { path, content } of files) assertNoSecret(path, content, secrets);
      const words = boot.flatMap(({ content }) =>
        [...content.matchAll(/boot=openclone.*/g)].flatMap(([line]) =>
          line.replaceAll(/["']/g, '').split(' '),
        ),
      );
      for (const word of words) {
        assert.ok(
          KNOWN_WORDS.some((known) => known.test(word)),
          `"${word}" is on a kernel command line`,
        );
      }
    });
  });

  test('what everybody can read is all that HTTP gives: no image, store, key or log, however it is asked for', async () => {
    await withSite(async ({ server, site }) => {
      const engine = await server.readyEngine(1);
      await server.captureImage(engine);
      const images = await filesBelow(site.imageDirectory);
      const data = await filesBelow(join(server.directory, 'data'));
      assert.ok(images.length >= 3 && data.length >= 4);
      // As if somebody had put links where hosts read.
      await symlink(site.imageDirectory, join(site.tftpDirectory, 'images'));
      await symlink(join(server.directory, 'data'), join(site.tftpDirectory, 'data'));
      await mkdir(join(site.tftpDirectory, 'deep'));
      assert.equal((await getByHttp(site.httpPort, `/boot/${BUILD}/vmlinuz`)).status, 200);
      const nothing = await getByHttp(site.httpPort, '/nothing');
      assert.deepEqual([nothing.status, nothing.body.toString()], [404, 'Not Found\n']);
      for (const { path } of [...images, ...data]) {
        const relative = path.slice(server.directory.length + 1);
        for (const attempt of [
          `/${relative}`,
          path,
          `/../${relative}`,
          `/deep/../../${relative}`,
          `/deep/%2e%2e/%2e%2e/${relative}`,
          `/..%2f${relative.replaceAll('/', '%2f')}`,
          `/rootfs/../../${relative}`,
          `/rootfs/${BUILD}.squashfs/../../../${relative}`,
        ]) {
          const { status, body } = await getByHttp(site.httpPort, attempt);
          assert.deepEqual([status, body], [404, nothing.body], attempt);
        }
      }
    });
  });

  test('what everybody can read is all that NFS exports: never the images', async () => {
    await withSite(async ({ site }) => {
      const text = exportsFile(site);
      const [, line = ''] = text.trim().split('\n');
      assert.match(line, new RegExp(`^${site.netbootDirectory} `));
      assert.ok(!text.includes(site.imageDirectory));
      for (const client of line.split(' ').slice(1)) {
        assert.match(client, /^10\.7[78]\.0\.0\/24\((.*,)?ro(,.*)?\)$/);
      }
      for (const imageDirectory of [site.netbootDirectory, join(site.netbootDirectory, 'images')]) {
        assert.throws(() => exportsFile({ ...site, imageDirectory }), { code: 'bad-argument' });
      }
      return Promise.resolve();
    });
  });
});
