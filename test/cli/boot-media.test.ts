/** Making boot media: what is on them, what is refused, and that nothing is left behind. That they boot: test/lab. */

import assert from 'node:assert/strict';
import { access, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findLoaderFiles } from '../../cli/boot-media/loader-files.ts';
import { makeBootMedium, type MediumOptions } from '../../cli/boot-media/make-medium.ts';
import { grubMenu, isolinuxMenu } from '../../cli/boot-media/menus.ts';
import { OperatorError } from '../../lib/errors.ts';
import { run, type Run } from '../../lib/exec/run.ts';
import { BuildId } from '../../lib/model/build-file.ts';
import { Site } from '../../lib/model/site.ts';
import { withDirectory } from '../support/directories.ts';

const ID = BuildId.parse('20261121-113000-1a2b');

const MENU = {
  title: "OpenClone's own",
  markerPath: '/openclone/00ff',
  initrdPaths: ['/boot/initrd.img', '/boot/rootfs.img'],
  words: ['boot=openclone', "odd='x y'", 'dollar=$HOME'],
};

type Desk = { readonly directory: string; readonly options: MediumOptions };

/** A site with a build whose files have made-up content: media of it are complete, but do not boot. */
async function withSite(
  squashfs: Buffer | null,
  use: (desk: Desk) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const netboot = join(directory, 'netboot');
    const build = join(netboot, 'builds', ID);
    await mkdir(build, { recursive: true });
    await mkdir(join(netboot, 'loaders'));
    await mkdir(join(directory, 'out'));
    await symlink(`builds/${ID}`, join(netboot, 'current'));
    for (const name of ['vmlinuz', 'initrd.img']) await writeFile(join(build, name), name);
    if (squashfs !== null) await writeFile(join(build, 'rootfs.squashfs'), squashfs);
    for (const name of ['shimx64.efi', 'mmx64.efi', 'gcdx64.efi']) {
      await writeFile(join(netboot, 'loaders', name), Buffer.alloc(1_000_000, name));
    }
    const description = {
      formatVersion: 1,
      id: ID,
      builtAt: '2026-11-21T11:30:00.000Z',
      programVersion: '0.2.0',
      kernel: '6.1.0',
      suite: 'bookworm',
      base: '0123456789abcdef',
      squashfs: squashfs === null ? null : { sizeBytes: squashfs.length, sha256: '0'.repeat(64) },
    };
    await writeFile(join(build, 'build.json'), JSON.stringify(description));
    const site = Site.parse({
      formatVersion: 1,
      subnets: [
        {
          name: 'main',
          interfaceName: 'eth0',
          serverAddress: '10.77.0.1',
          networkAddress: '10.77.0.0',
          prefixLength: 24,
          relayed: false,
          dhcp: { type: 'none' },
        },
      ],
      onlyNetboot: true,
      tftpDirectory: join(directory, 'tftp'),
      netbootDirectory: netboot,
      imageDirectory: join(directory, 'images'),
      rootTransport: 'nfs',
      httpPort: 8080,
      enginePort: 7077,
      biosLocalBoot: 'first-disk',
      uefiLocalBoot: 'next-entry',
      kernelOptions: 'nomodeset console=ttyS0',
    });
    await use({
      directory: join(directory, 'out'),
      options: {
        site,
        serverAddress: '10.77.0.1',
        root: { type: 'nfs' },
        lease: null,
        language: 'en',
        overwrite: false,
      },
    });
  });
}

/** A file on the medium's ISO file system. */
async function onMedium(medium: string, path: string, directory: string): Promise<Buffer> {
  const copy = join(directory, 'copy');
  await run('xorriso', [
    '-osirrox',
    'on',
    '-indev',
    medium,
    '-overwrite',
    'on',
    '-extract',
    path,
    copy,
  ]);
  return readFile(copy);
}

describe('the menus', () => {
  test('the menus keep every word whole for GRUB, whatever is in it', () => {
    const menu = grubMenu(MENU);
    assert.ok(
      menu.includes(`linux /boot/vmlinuz 'boot=openclone' 'odd='\\''x y'\\''' 'dollar=$HOME'\n`),
      menu,
    );
    assert.ok(menu.includes("echo 'OpenClone'\\''s own'\n"));
    assert.ok(menu.includes('initrd /boot/initrd.img /boot/rootfs.img\n'));
    assert.ok(menu.startsWith('search --no-floppy --set=root --file /openclone/00ff\n'));
  });

  test('the menus name files for ISOLINUX by 8.3 names only', () => {
    const paths = isolinuxMenu(MENU).match(/\/[a-z/.]+/g) ?? [];
    assert.ok(paths.length >= 3);
    for (const path of paths) assert.match(path, /^\/boot\/[a-z]{1,8}(\.[a-z]{1,3})?$/);
  });
});

describe('a boot medium', () => {
  test('a boot medium has kernel, initramfs and the words of the contract, and its menu on both file systems', async () => {
    await withSite(null, async ({ directory, options }) => {
      const medium = join(directory, 'medium = 1.iso');
      const made = await makeBootMedium(run, medium, options);
      assert.deepEqual(made, { path: medium, sizeBytes: (await stat(medium)).size, buildId: ID });
      assert.deepEqual(await readdir(directory), ['medium = 1.iso']);
      assert.equal(String(await onMedium(medium, '/boot/vmlinuz', directory)), 'vmlinuz');
      const menu = String(await onMedium(medium, '/isolinux/isolinux.cfg', directory));
      assert.ok(
        menu.includes(
          `APPEND boot=openclone openclone.server=10.77.0.1:7077 ` +
            `openclone.root=nfs:${options.site.netbootDirectory}/builds/${ID}/rootfs ` +
            `init=/usr/lib/openclone/init panic=30 nomodeset console=ttyS0\n`,
        ),
        menu,
      );
      const grub = String(await onMedium(medium, '/EFI/BOOT/grub.cfg', directory));
      const marker = /--file (\S+)/.exec(grub)?.[1] ?? '';
      assert.equal(String(await onMedium(medium, marker, directory)), `${ID}\n`);
      assert.equal(await grubOnEfiPartition(medium), grub);
    });
  });

  test('a boot medium with the root file system has its bytes in a second initramfs', async () => {
    const squashfs = Buffer.from('squashfs '.repeat(200_001));
    await withSite(squashfs, async ({ directory, options }) => {
      const medium = join(directory, 'medium.iso');
      await makeBootMedium(run, medium, { ...options, root: { type: 'loaded' } });
      const initrd = await onMedium(medium, '/boot/rootfs.img', directory);
      const archive = join(directory, 'archive');
      await writeFile(archive, initrd);
      const unpacked = await run('cpio', [
        '--extract',
        '--to-stdout',
        '--quiet',
        '--file',
        archive,
      ]);
      assert.ok(Buffer.from(unpacked.stdout).equals(squashfs));
      const listed = await run('cpio', ['--list', '--quiet', '--file', archive]);
      assert.equal(listed.stdout, 'openclone\nopenclone/root.squashfs\n');
    });
  });

  test('a boot medium with RAM root or a fixed address has the words for them', async () => {
    await withSite(Buffer.from('x'), async ({ directory, options }) => {
      const medium = join(directory, 'medium.iso');
      await makeBootMedium(run, medium, {
        ...options,
        serverAddress: '192.0.2.7',
        root: { type: 'ram' },
        lease: { address: '10.0.0.9', netmask: '255.255.255.0', router: null },
      });
      const menu = String(await onMedium(medium, '/isolinux/isolinux.cfg', directory));
      assert.match(menu, /openclone\.server=192\.0\.2\.7:7077 /);
      assert.match(menu, new RegExp(`openclone\\.root=http:8080:/rootfs/${ID}\\.squashfs `));
      assert.match(menu, / ip=10\.0\.0\.9:192\.0\.2\.7:0\.0\.0\.0:255\.255\.255\.0\n/);
    });
  });
});

describe('making a boot medium is refused', () => {
  test('making a boot medium is refused where there is a disk, a directory, a link or a file already; that stays as it is', async () => {
    await withSite(null, async ({ directory, options }) => {
      const file = join(directory, 'file');
      await writeFile(file, 'precious');
      await symlink('/dev/null', join(directory, 'link'));
      await symlink(file, join(directory, 'file-link'));
      await mkdir(join(directory, 'folder'));
      const paths = ['/dev/null', '/dev/loop-control', 'link', 'file-link', 'folder'];
      for (const path of paths) {
        const target = path.startsWith('/') ? path : join(directory, path);
        const making = makeBootMedium(run, target, { ...options, overwrite: true });
        await assert.rejects(making, { code: 'not-allowed', message: /no regular file/ }, path);
      }
      await assert.rejects(makeBootMedium(run, file, options), { code: 'not-allowed' });
      assert.equal(await readFile(file, 'utf8'), 'precious');
      assert.deepEqual((await readdir(directory)).toSorted(), [
        'file',
        'file-link',
        'folder',
        'link',
      ]);
      await makeBootMedium(run, file, { ...options, overwrite: true });
      assert.ok((await stat(file)).size > 1_000_000);
    });
  });

  test('making a boot medium is refused without a build, and without a squashfs where one is needed', async () => {
    await withSite(null, async ({ directory, options }) => {
      const medium = join(directory, 'medium.iso');
      for (const type of ['ram', 'loaded'] as const) {
        const making = makeBootMedium(run, medium, { ...options, root: { type } });
        await assert.rejects(making, { code: 'not-found', message: /squashfs/ });
      }
      const empty = { ...options.site, netbootDirectory: join(directory, 'nothing') };
      const making = makeBootMedium(run, medium, { ...options, site: empty });
      await assert.rejects(making, { code: 'not-found' });
      assert.deepEqual(await readdir(directory), []);
    });
  });

  test('making a boot medium is refused without loaders: all that are missing are named with their packages', async () => {
    await withSite(null, async ({ options }) => {
      const site = { ...options.site, netbootDirectory: '/nonexistent' };
      await assert.rejects(findLoaderFiles(site), (error) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(error.code, 'tool-missing');
        assert.match(error.message, /\/nonexistent\/loaders\/gcdx64\.efi/);
        assert.match(error.hint, /shim-signed.*grub-efi-amd64-signed/);
        return true;
      });
    });
  });

  test('making a boot medium is refused and leaves nothing behind when a tool fails half-way', async () => {
    await withSite(null, async ({ directory, options }) => {
      for (const failing of ['mcopy', 'xorriso']) {
        const breaking: Run = (tool, args, rest) =>
          tool === failing ? run('false', []) : run(tool, args, rest);
        const making = makeBootMedium(breaking, join(directory, 'medium.iso'), options);
        await assert.rejects(making, { code: 'tool-failed' });
        assert.deepEqual(await readdir(directory), []);
      }
      const nowhere = join(directory, 'nowhere/medium.iso');
      await assert.rejects(makeBootMedium(run, nowhere, options), { code: 'bad-argument' });
      await assert.rejects(access(join(directory, 'nowhere')));
    });
  });
});

/** grub.cfg of the medium's second partition, found by its partition table as firmware does. */
async function grubOnEfiPartition(medium: string): Promise<string> {
  const { stdout } = await run('sfdisk', ['--dump', medium]);
  const start = /start=\s*(\d+), size=\s*\d+, type=ef/.exec(stdout)?.[1];
  assert.ok(start !== undefined, stdout);
  const image = `${medium}@@${Number(start) * 512}`;
  return (await run('mtype', ['-i', image, '::/boot/grub/grub.cfg'])).stdout;
}
