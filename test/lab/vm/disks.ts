/** Disks for the room's hosts that say on the serial line that they were booted. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { unpackedLoaders } from '../media/loader-packages.ts';
import { installGrub, makeGrub } from '../source-disks/grub.ts';
import { MEBIBYTE, buildDisk, makeFilesystem, mebibytes, writeAt } from '../source-disks/layout.ts';
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

/**
 * A disk without a system: GPT, an EFI system partition, and GRUB at each of `loaders` ("EFI/debian/shimx64.efi"), which
 * says the marker and from which directory it came.
 */
export async function makeLoaderDisk(
  run: Run,
  directory: string,
  loaders: readonly string[],
): Promise<BootableDisk> {
  const packages = await unpackedLoaders(run);
  const name = `loaders-${randomUUID().slice(0, 8)}`;
  const file = join(directory, `${name}.img`);
  const marker = `OPENCLONE-LAB-LOADER ${randomUUID()}`;
  writeFileSync(file, '');
  truncateSync(file, 64 * MEBIBYTE);
  const table = `label: gpt\nstart=${mebibytes(1, SECTOR_BYTES)}, type=uefi\n`;
  await run('sfdisk', ['--quiet', file], { input: table });
  const system = `${file}@@${MEBIBYTE}`;
  await run('mformat', [
    '-i',
    system,
    '-F',
    '-T',
    String(mebibytes(62, SECTOR_BYTES)),
    // Its own choice goes by the second in which it is made.
    '-N',
    randomUUID().slice(0, 8),
    '::',
  ]);
  const menu = join(directory, `${name}.cfg`);
  writeFileSync(menu, `echo "${marker} from $cmdpath"\nsleep 1\nhalt\n`);
  // The signed image reads its menu there, wherever it lies itself.
  const copies = new Map(
    loaders.map((path) => [
      path,
      join(packages, 'usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed'),
    ]),
  );
  copies.set('EFI/debian/grub.cfg', menu);
  const made = new Set<string>();
  for (const [to, from] of copies) {
    const parts = to.split('/').slice(0, -1);
    for (const [index] of parts.entries()) {
      const parent = parts.slice(0, index + 1).join('/');
      if (made.has(parent.toLowerCase())) continue;
      made.add(parent.toLowerCase());
      await run('mmd', ['-i', system, `::/${parent}`]);
    }
    await run('mcopy', ['-i', system, from, `::/${to}`]);
  }
  rmSync(menu);
  return { file, marker };
}

/**
 * A disk for a BIOS whose boot sector says the marker and stands still.
 */
export async function makeSpeakingDisk(run: Run, directory: string): Promise<BootableDisk> {
  const file = await makeDataDisk(run, directory);
  const marker = `OPENCLONE-LAB-MBR ${randomUUID()}`;
  const code = Buffer.concat([SPEAK, Buffer.from(`\r\n${marker}\r\n\0`, 'latin1')]);
  writeAt(file, 0, code);
  return { file, marker };
}

/** A disk with a partition table and nothing to boot. */
export async function makeDataDisk(run: Run, directory: string): Promise<string> {
  const file = join(directory, `data-${randomUUID().slice(0, 8)}.img`);
  writeFileSync(file, '');
  truncateSync(file, 16 * MEBIBYTE);
  const signature = `label-id: 0x${randomUUID().slice(0, 8)}`;
  const partition = `start=${mebibytes(1, SECTOR_BYTES)}, type=83, bootable`;
  await run('sfdisk', ['--quiet', file], { input: `label: dos\n${signature}\n${partition}\n` });
  return file;
}

/**
 * 16-bit code at 0000:7C00: prints the text behind it by the BIOS' teletype (INT 10h, AH=0Eh), then halts for ever.
 * cli; xor ax,ax; mov ds,ax; mov ss,ax; mov sp,7C00h; sti; cld; mov si,7C21h; next: lodsb; test al,al; jz end;
 * mov ah,0Eh; mov bx,7; int 10h; jmp next; end: hlt; jmp end
 */
const SPEAK = Buffer.from(
  'fa31c08ed88ed0bc007cfbfcbe217cac84c07409b40ebb0700cd10ebf2f4ebfd'.padEnd(66, '9'),
  'hex',
);
