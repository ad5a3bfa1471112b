/** Disks for the room's hosts that say on the serial line that they were booted. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { unpackedLoaders } from '../media/loader-packages.ts';
import { installGrub, makeGrub } from '../source-disks/grub.ts';
import { MEBIBYTE, buildDisk, makeFilesystem, mebibytes } from '../source-disks/layout.ts';
import { makeLinux } from '../source-disks/linux.ts';

const SECTOR_BYTES = 512;
const SIZE_MEBIBYTES = 640;

export type BootableDisk = {
  readonly file: string;
  /** What it prints when it was booted; then it switches the machine off. */
  readonly marker: string;
};

/** The golden disk of a BIOS host: GRUB in the MBR, a small Linux on ext4, 100 MB of content. */
export async function makeGoldenDisk(run: Run, directory: string): Promise<BootableDisk> {
  const file = join(directory, 'golden.img');
  const work = join(directory, 'make');
  const uuid = randomUUID();
  const linux = await makeLinux(run, { directory: join(work, 'linux'), uuid });
  const { kernelArguments } = linux;
  const grub = await makeGrub(run, { directory: join(work, 'grub'), uuid, kernelArguments });
  const options = { file, directory: work, sectorSizeBytes: SECTOR_BYTES };
  const size = `size=${mebibytes(SIZE_MEBIBYTES - 2, SECTOR_BYTES)}`;
  const script = [
    'label: dos',
    `label-id: 0x${randomUUID().slice(0, 8)}`,
    `1: start=${mebibytes(1, SECTOR_BYTES)}, ${size}, type=83, bootable`,
  ];
  const sizeBytes = SIZE_MEBIBYTES * MEBIBYTE;
  await buildDisk(run, { ...options, sizeBytes, script }, async (device) => {
    await makeFilesystem(
      run,
      { ...options, device },
      {
        number: 1,
        filesystem: 'ext4',
        make: { tool: 'mkfs.ext4', args: ['-q', '-F', '-U', uuid, '-L', 'golden'] },
        recipe: { seed: 7, copiedBytes: 60 * MEBIBYTE, randomBytes: 16 * MEBIBYTE, kind: 'posix' },
        extraFiles: { ...linux.files, ...grub.files },
      },
    );
    installGrub(device, grub, SECTOR_BYTES);
  });
  return { file, marker: linux.proof.marker };
}

/** A disk of the same size with nothing on it. */
export function makeBlankDisk(directory: string, name: string): string {
  const file = join(directory, `${name}.img`);
  writeFileSync(file, '');
  truncateSync(file, SIZE_MEBIBYTES * MEBIBYTE);
  return file;
}

/**
 * A UEFI host's disk that also starts under Secure Boot: the distribution's signed shim and GRUB where it installs them,
 * and a menu that says the marker.
 */
export async function makeUefiDisk(run: Run, directory: string): Promise<BootableDisk> {
  const loaders = await unpackedLoaders(run);
  const file = join(directory, `uefi-${randomUUID().slice(0, 8)}.img`);
  const marker = `OPENCLONE-LAB-UEFI-DISK ${randomUUID()}`;
  writeFileSync(file, '');
  truncateSync(file, 64 * MEBIBYTE);
  const table = `label: gpt\nstart=${mebibytes(1, SECTOR_BYTES)}, type=uefi\n`;
  await run('sfdisk', ['--quiet', file], { input: table });
  const system = `${file}@@${MEBIBYTE}`;
  await run('mformat', ['-i', system, '-F', '-T', String(mebibytes(62, SECTOR_BYTES)), '::']);
  await run('mmd', ['-i', system, '::/EFI', '::/EFI/BOOT', '::/EFI/debian']);
  const menu = join(directory, 'uefi-menu');
  mkdirSync(menu, { recursive: true });
  writeFileSync(join(menu, 'grub.cfg'), `echo "${marker}"\nsleep 1\nhalt\n`);
  const shim = join(loaders, 'usr/lib/shim/shimx64.efi.signed');
  const grub = join(loaders, 'usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed');
  const copies = [
    [shim, 'EFI/debian/shimx64.efi'],
    [grub, 'EFI/debian/grubx64.efi'],
    [join(menu, 'grub.cfg'), 'EFI/debian/grub.cfg'],
    // For firmware without an entry for it.
    [shim, 'EFI/BOOT/BOOTX64.EFI'],
    [grub, 'EFI/BOOT/grubx64.efi'],
  ] as const;
  for (const [from, to] of copies) await run('mcopy', ['-i', system, from, `::/${to}`]);
  rmSync(menu, { recursive: true });
  return { file, marker };
}
