/** Changes are taken back when OpenClone is removed. */

import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import type { Change } from '../../../installer/changes/table.ts';
import { rollBack } from '../../../installer/changes/roll-back.ts';
import { readRecord } from '../../../installer/changes/record.ts';
import { directories } from '../../../installer/steps/directories.ts';
import { withMachine } from '../samples.ts';
import { addAccounts, execute } from '../sample-steps.ts';

describe('taking changes back when OpenClone is removed', () => {
  const how = { reason: 'uninstall', purgeData: false, removePackages: false } as const;

  test('taking changes back when OpenClone is removed keeps data, and the account that owns it', async () => {
    await withMachine(async (system, calls) => {
      await mkdir(join(system.root, 'srv/images'), { recursive: true });
      await writeFile(join(system.root, 'srv/images/x'), 'an image');
      const { kept } = await rollBack(
        system,
        [
          { type: 'group', name: 'openclone' },
          { type: 'directory', path: '/srv/images', tree: true, data: 'images' },
        ],
        { ...how, onReverted: () => Promise.resolve() },
      );
      assert.deepEqual(
        kept.map(({ change }) => change.type),
        ['directory', 'group'],
      );
      assert.equal(await readFile(join(system.root, 'srv/images/x'), 'utf8'), 'an image');
      assert.deepEqual(calls, []);
    });
  });

  test('taking changes back when OpenClone is removed deletes data when that was said', async () => {
    await withMachine(async (system, calls) => {
      await mkdir(join(system.root, 'srv/images/below'), { recursive: true });
      await rollBack(
        system,
        [
          { type: 'group', name: 'openclone' },
          { type: 'directory', path: '/srv', tree: false, data: null },
          { type: 'directory', path: '/srv/images', tree: true, data: 'images' },
        ],
        { ...how, purgeData: true, onReverted: () => Promise.resolve() },
      );
      assert.deepEqual(await readdir(system.root), ['etc']);
      assert.deepEqual(calls, [['groupdel', 'openclone']]);
    });
  });

  test('taking changes back when OpenClone is removed leaves a directory that somebody else uses by now, and a link that is none any more', async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'srv'));
      await writeFile(join(system.root, 'srv/theirs'), '');
      await writeFile(join(system.root, 'command'), 'theirs');
      const { kept, failed } = await rollBack(
        system,
        [
          { type: 'directory', path: '/srv', tree: false, data: null },
          { type: 'link', path: '/command', previousTarget: null },
        ],
        { ...how, onReverted: () => Promise.resolve() },
      );
      assert.deepEqual(failed, []);
      assert.equal(kept.length, 2);
      assert.equal(await readFile(join(system.root, 'command'), 'utf8'), 'theirs');
    });
  });

  test('taking changes back when OpenClone is removed writes the earlier text of a file again, never through a link', async () => {
    await withMachine(async (system) => {
      await writeFile(join(system.root, 'elsewhere'), 'untouched');
      await symlink(join(system.root, 'elsewhere'), join(system.root, 'file'));
      await rollBack(
        system,
        [{ type: 'file', path: '/file', previous: { text: 'before', mode: 0o600 } }],
        { ...how, onReverted: () => Promise.resolve() },
      );
      assert.equal(await readFile(join(system.root, 'elsewhere'), 'utf8'), 'untouched');
      assert.equal(await readFile(join(system.root, 'file'), 'utf8'), 'before');
    });
  });

  test('taking changes back when OpenClone is removed: a first installation that fails leaves no empty image directory, but never deletes an image', async () => {
    await withMachine(async (system) => {
      const incoming = join(system.root, 'images/.incoming');
      const change = { type: 'directory', path: '/images', tree: true, data: 'images' } as const;
      const rollback = { ...how, reason: 'rollback' } as const;
      await mkdir(incoming, { recursive: true });
      await rollBack(system, [change], { ...rollback, onReverted: () => Promise.resolve() });
      assert.deepEqual(await readdir(system.root), ['etc']);
      await mkdir(incoming, { recursive: true });
      await writeFile(join(incoming, 'stream'), 'an image');
      const { kept } = await rollBack(system, [change], {
        ...rollback,
        onReverted: () => Promise.resolve(),
      });
      assert.equal(kept.length, 1);
      assert.equal(await readFile(join(incoming, 'stream'), 'utf8'), 'an image');
    });
  });

  test('taking changes back when OpenClone is removed never removes a tree with data in it that is kept, in whatever order they were made', async () => {
    await withMachine(async (system) => {
      const image = join(system.root, 'opt/openclone/images/win11');
      await mkdir(join(system.root, 'opt/openclone/images'), { recursive: true });
      await writeFile(image, 'an image');
      const tree: Change = { type: 'directory', path: '/opt/openclone', tree: true, data: null };
      const images: Change = {
        type: 'directory',
        path: '/opt/openclone/images',
        tree: true,
        data: 'images',
      };
      for (const changes of [
        [tree, images],
        [images, tree],
      ]) {
        const { kept } = await rollBack(system, changes, {
          ...how,
          onReverted: () => Promise.resolve(),
        });
        assert.equal(kept.length, 2);
        assert.equal(await readFile(image, 'utf8'), 'an image');
      }
    });
  });

  test('taking changes back when OpenClone is removed removes no tree in which something is mounted', async () => {
    await withMachine(async (system) => {
      const mount = join(system.root, 'netboot/builds');
      await mkdir(mount, { recursive: true });
      await run('mount', ['-t', 'tmpfs', 'tmpfs', mount]);
      try {
        await writeFile(join(mount, 'precious'), '');
        const change: Change = { type: 'directory', path: '/netboot', tree: true, data: null };
        const { kept } = await rollBack(system, [change], {
          ...how,
          purgeData: true,
          onReverted: () => Promise.resolve(),
        });
        assert.match(kept[0]?.reason ?? '', /something is mounted at/);
        await stat(join(mount, 'precious'));
      } finally {
        await run('umount', [mount]);
      }
    });
  });

  test('taking changes back when OpenClone is removed gives a directory back to who had it, unless images are in it', async () => {
    await withMachine(async (system) => {
      const disk = join(system.root, 'srv/openclone/images');
      await addAccounts(system);
      await mkdir(join(disk, 'lost+found'), { recursive: true });
      await chmod(disk, 0o755);
      await execute(system, [directories]);
      assert.equal((await stat(disk)).uid, 991);
      const changes = (await readRecord(system))?.changes ?? [];
      const goBack = (): ReturnType<typeof rollBack> =>
        rollBack(system, changes, { ...how, onReverted: () => Promise.resolve() });
      await writeFile(join(disk, 'win11'), 'an image');
      const { kept } = await goBack();
      assert.ok(kept.some(({ reason }) => /^\/srv\/openclone\/images: it was there/.test(reason)));
      assert.equal((await stat(disk)).uid, 991);
      await rm(join(disk, 'win11'));
      await goBack();
      const { uid, gid, mode } = await stat(disk);
      assert.deepEqual([uid, gid, mode & 0o7777], [0, 0, 0o755]);
    });
  });

  test('taking changes back when OpenClone is removed does not stop an NFS server that others use as well', async () => {
    await withMachine(async (system, calls) => {
      const unit: Change = {
        type: 'unit',
        unit: 'nfs-server.service',
        wasEnabled: false,
        wasActive: false,
      };
      const goBack = (): ReturnType<typeof rollBack> =>
        rollBack(system, [unit], { ...how, onReverted: () => Promise.resolve() });
      await mkdir(join(system.root, 'etc/exports.d'));
      await writeFile(join(system.root, 'etc/exports'), '# /srv/homes\n/srv/homes *(rw)\n');
      assert.match((await goBack()).kept[0]?.reason ?? '', /it serves \/srv\/homes as well/);
      assert.equal(calls.length, 0);
      await writeFile(join(system.root, 'etc/exports'), '# /srv/homes\n');
      await writeFile(join(system.root, 'etc/exports.d/openclone.exports'), '/srv/x *(ro)\n');
      assert.deepEqual((await goBack()).kept, []);
      assert.ok(calls.some((call) => call.join(' ') === 'systemctl stop nfs-server.service'));
    });
  });

  test('taking changes back when OpenClone is removed goes on after one that fails, and says which', async () => {
    await withMachine(
      async (system) => {
        await writeFile(join(system.root, 'file'), '');
        const { failed } = await rollBack(
          system,
          [
            { type: 'file', path: '/file', previous: null },
            { type: 'user', name: 'openclone' },
          ],
          { ...how, onReverted: () => Promise.resolve() },
        );
        assert.equal(failed.length, 1);
        assert.match(failed[0]?.reason ?? '', /^user openclone: userdel/);
        await assert.rejects(stat(join(system.root, 'file')), { code: 'ENOENT' });
      },
      () => {
        throw new OperatorError({ code: 'tool-failed', message: 'userdel: it runs', hint: '' });
      },
    );
  });
});
