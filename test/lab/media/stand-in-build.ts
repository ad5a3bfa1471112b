/** A build of the root file system as boot media see it: a real kernel, and an initramfs that says how it was started. */

import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { ServerBuildFile } from '../../../lib/model/build-file.ts';
import { Site } from '../../../lib/model/site.ts';
import { findKernel } from '../kernel.ts';
import { unpackedLoaders } from './loader-packages.ts';

export const BUILD_ID = '20261121-113000-1a2b';
/** The initramfs was started. */
export const MARKER = 'STAND-IN-STARTED';
/** Stands for the squashfs; nobody mounts it. */
const SQUASHFS = Buffer.from('a root file system '.repeat(9999));
export const SQUASHFS_SHA256 = createHash('sha256').update(SQUASHFS).digest('hex');

/** Makes NETBOOT and TFTP below `directory` and returns the site that has them. */
export async function makeStandInSite(run: Run, directory: string): Promise<Site> {
  const netboot = join(directory, 'netboot');
  const tftp = join(directory, 'tftp');
  const build = join(netboot, 'builds', BUILD_ID);
  await mkdir(build, { recursive: true });
  await mkdir(join(netboot, 'loaders'));
  await mkdir(tftp);
  await symlink(`builds/${BUILD_ID}`, join(netboot, 'current'));
  await copyFile((await findKernel(run)).imageFile, join(build, 'vmlinuz'));
  await copyFile(await makeInitramfs(run, directory), join(build, 'initrd.img'));
  await writeFile(join(build, 'rootfs.squashfs'), SQUASHFS);
  const description = ServerBuildFile.parse({
    formatVersion: 1,
    id: BUILD_ID,
    builtAt: '2026-11-21T11:30:00.000Z',
    programVersion: '0.2.0',
    kernel: '6.1.0',
    suite: 'bookworm',
    base: '0123456789abcdef',
    squashfs: { sizeBytes: SQUASHFS.length, sha256: SQUASHFS_SHA256 },
  });
  await writeFile(join(build, 'build.json'), JSON.stringify(description));
  const loaders = await unpackedLoaders(run);
  const signed = 'usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed';
  await copyFile(join(loaders, signed), join(netboot, 'loaders/gcdx64.efi'));
  for (const name of ['shimx64.efi', 'mmx64.efi']) {
    await copyFile(join(loaders, `usr/lib/shim/${name}.signed`), join(tftp, name));
  }
  return Site.parse({
    formatVersion: 1,
    subnets: [
      {
        name: 'main',
        interfaceName: 'eth0',
        serverAddress: '10.77.0.1',
        networkAddress: '10.77.0.0',
        prefixLength: 24,
        relayed: false,
        dhcp: { type: 'proxy' },
      },
    ],
    onlyNetboot: true,
    tftpDirectory: tftp,
    netbootDirectory: netboot,
    imageDirectory: join(directory, 'images'),
    rootTransport: 'nfs',
    httpPort: 80,
    enginePort: 7077,
    biosLocalBoot: 'first-disk',
    uefiLocalBoot: 'next-entry',
    kernelOptions: 'console=ttyS0,115200',
  });
}

const INIT = `#!/bin/busybox sh
bb=/bin/busybox
$bb mkdir -p /proc /dev
$bb mount -t proc proc /proc
$bb mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
echo
echo "words: $($bb cat /proc/cmdline)"
$bb dmesg | $bb grep -o 'Secure boot [a-z]*'
[ -f /openclone/root.squashfs ] && $bb sha256sum /openclone/root.squashfs
echo "${MARKER}"
$bb poweroff -f
`;

async function makeInitramfs(run: Run, directory: string): Promise<string> {
  const tree = join(directory, 'initramfs');
  await mkdir(join(tree, 'bin'), { recursive: true });
  await copyFile('/bin/busybox', join(tree, 'bin/busybox'));
  await writeFile(join(tree, 'init'), INIT);
  await chmod(join(tree, 'init'), 0o755);
  const archive = join(directory, 'initrd.img');
  await run(
    'cpio',
    ['--create', '--format=newc', '--quiet', '--directory', tree, '--file', archive],
    { input: 'bin\nbin/busybox\ninit\n' },
  );
  return archive;
}
