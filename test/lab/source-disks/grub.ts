/**
 * GRUB 2 for BIOS in the MBR and the gap behind it, as grub-install leaves it. grub-bios-setup wants to probe the
 * disk's partitions through the kernel, so boot.img and core.img are put in place here (GRUB's
 * include/grub/i386/pc/boot.h and grub-core/boot/i386/pc).
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import type { Bytes } from '../../../lib/units.ts';
import { MEBIBYTE, writeAt } from './layout.ts';

const GRUB_DIRECTORY = '/usr/lib/grub/i386-pc';
/** GRUB counts in these whatever the disk's sector size is. */
const GRUB_SECTOR_BYTES = 512;

export type Grub = {
  readonly bootImage: Buffer;
  readonly coreImage: Buffer;
  /** For the root file system: path inside → path here. */
  readonly files: Record<string, string>;
};

/** Makes a GRUB that starts /boot/vmlinuz of the file system `uuid`, with its menu and modules read from there. */
export async function makeGrub(
  run: Run,
  options: { readonly directory: string; readonly uuid: string; readonly kernelArguments: string },
): Promise<Grub> {
  const { directory, uuid, kernelArguments } = options;
  mkdirSync(directory, { recursive: true });
  const early = join(directory, 'early.cfg');
  writeFileSync(early, `search.fs_uuid ${uuid} root\nset prefix=($root)/boot/grub\n`);
  const core = join(directory, 'core.img');
  await run('grub-mkimage', [
    '--directory',
    GRUB_DIRECTORY,
    '--format',
    'i386-pc',
    '--config',
    early,
    '--prefix',
    '/boot/grub',
    '--output',
    core,
    'biosdisk',
    'part_msdos',
    'ext2',
    'search_fs_uuid',
    'serial',
    'terminal',
  ]);
  const menu = join(directory, 'grub.cfg');
  writeFileSync(
    menu,
    [
      'serial --unit=0 --speed=115200',
      'terminal_input serial',
      'terminal_output serial',
      'echo "GRUB starts Linux"',
      `linux /boot/vmlinuz ${kernelArguments}`,
      'initrd /boot/initrd.img',
      'boot',
      '',
    ].join('\n'),
  );
  return {
    bootImage: readFileSync(join(GRUB_DIRECTORY, 'boot.img')),
    coreImage: readFileSync(core),
    files: { 'boot/grub/grub.cfg': menu, 'boot/grub/i386-pc': GRUB_DIRECTORY },
  };
}

/**
 * Writes boot.img around the partition table of sector 0 and core.img behind it, where boot.img and the block list
 * of core.img expect it by default (sector 1, contiguous). Throws when the gap is too small.
 */
export function installGrub(
  device: string,
  grub: Pick<Grub, 'bootImage' | 'coreImage'>,
  sectorSizeBytes: Bytes,
): void {
  if (grub.coreImage.length > MEBIBYTE - sectorSizeBytes) {
    throw new Error(`GRUB's core image (${grub.coreImage.length} bytes) does not fit into the gap`);
  }
  // 440: the disk signature and the table begin, which are not GRUB's.
  const bootCode = Buffer.from(grub.bootImage.subarray(0, 440));
  // grub-bios-setup does so on hard disks: two NOPs for the jump over the check of the BIOS's drive number.
  bootCode.writeUInt16LE(0x9090, 0x66);
  writeAt(device, 0, bootCode);
  writeAt(device, GRUB_SECTOR_BYTES, grub.coreImage);
}
