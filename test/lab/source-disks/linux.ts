/**
 * A Linux that boots, looks for its root file system by UUID, checks a file's content there, says so on the serial
 * console and powers off: a Debian kernel and an initramfs of busybox and a few modules.
 */

import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { findKernel, type Kernel } from '../kernel.ts';
import { randomBytes } from './seeded-random.ts';

/** What a disk prints on its serial console, and only when its own root file system was found and is right. */
export type BootProof = { readonly marker: string };

export type Linux = {
  /** For the root file system: path inside → path here. */
  readonly files: Record<string, string>;
  readonly kernelArguments: string;
  readonly proof: BootProof;
};

const PROOF_FILE = 'etc/openclone-lab/proof';
/** Where the disk is in QEMU, and what is on it. */
const MODULES = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4'];

/** Makes kernel, initramfs and proof file below `directory`; `uuid` is the root file system's. */
export async function makeLinux(
  run: Run,
  options: { readonly directory: string; readonly uuid: string },
): Promise<Linux> {
  const { directory, uuid } = options;
  mkdirSync(directory, { recursive: true });
  const kernel = await findKernel(run);
  const proofFile = join(directory, 'proof');
  const proof = randomBytes(99, 1024 * 1024);
  writeFileSync(proofFile, proof);
  const marker = `OPENCLONE-LAB-BOOTED ${uuid}`;
  const initramfs = await makeInitramfs(run, kernel, {
    directory,
    script: initScript({
      uuid,
      marker,
      sha256: createHash('sha256').update(proof).digest('hex'),
    }),
  });
  return {
    files: {
      'boot/vmlinuz': kernel.imageFile,
      'boot/initrd.img': initramfs,
      [PROOF_FILE]: proofFile,
    },
    kernelArguments: 'console=ttyS0,115200 panic=-1 quiet',
    proof: { marker },
  };
}

function initScript(proof: { uuid: string; marker: string; sha256: string }): string {
  return `#!/bin/busybox sh
bb=/bin/busybox
$bb mkdir -p /proc /sys /dev /root
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
for module in /modules/*; do
  $bb insmod "$module" || echo "insmod $module failed"
done
device=
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  device=$($bb findfs UUID=${proof.uuid}) && break
  $bb sleep 1
done
if $bb mount -t ext4 -o ro "$device" /root &&
  echo "${proof.sha256}  /root/${PROOF_FILE}" | $bb sha256sum -c; then
  echo "${proof.marker}"
else
  echo "OPENCLONE-LAB-NOT-BOOTED: the root file system is missing or wrong"
fi
$bb umount /root
$bb poweroff -f
`;
}

async function makeInitramfs(
  run: Run,
  kernel: Kernel,
  options: { readonly directory: string; readonly script: string },
): Promise<string> {
  const tree = join(options.directory, 'initramfs');
  const names = ['bin', 'bin/busybox', 'modules', 'init'];
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, 'bin'), { recursive: true });
  mkdirSync(join(tree, 'modules'));
  copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
  writeFileSync(join(tree, 'init'), options.script);
  chmodSync(join(tree, 'init'), 0o755);
  for (const [index, file] of (await moduleFiles(run, kernel)).entries()) {
    const name = `modules/${String(index).padStart(3, '0')}.ko`;
    await copyModule(run, file, join(tree, name));
    names.push(name);
  }
  const archive = join(options.directory, 'initrd');
  const compressed = `${archive}.gz`;
  rmSync(compressed, { force: true });
  await run(
    'cpio',
    ['--create', '--format=newc', '--quiet', '--directory', tree, '--file', archive],
    { input: `${names.join('\n')}\n` },
  );
  await run('gzip', ['-1', '--no-name', archive]);
  return compressed;
}

/** The files of MODULES and what they depend on, in the order of loading; built-in ones have none. */
async function moduleFiles(run: Run, kernel: Kernel): Promise<string[]> {
  const files: string[] = [];
  for (const module of MODULES) {
    // 1: this kernel has no such module, crc32c_generic for one.
    const { stdout } = await run(
      'modprobe',
      ['-d', kernel.root, '-S', kernel.version, '--show-depends', module],
      { allowedStatuses: [0, 1] },
    );
    for (const [, file] of stdout.matchAll(/^insmod (\S+)/gm)) {
      if (file !== undefined && !files.includes(file)) files.push(file);
    }
  }
  return files;
}

/** Debian 13 compresses its modules; busybox's insmod wants them plain. */
async function copyModule(run: Run, from: string, to: string): Promise<void> {
  if (!from.endsWith('.xz')) {
    copyFileSync(from, to);
    return;
  }
  copyFileSync(from, `${to}.xz`);
  await run('xz', ['--decompress', `${to}.xz`]);
}
