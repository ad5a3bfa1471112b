/** The EFI system partition of a medium: a small FAT with shim, GRUB and its menu, made by mtools. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';
import type { LoaderPaths } from './loader-files.ts';
import { GRUB_FILES } from './menus.ts';

const SECTOR_BYTES = 512;
/** For FAT, directories and the rounding of each file to a cluster. */
const SPARE_BYTES = 512 * 1024;

/** Makes the file `efi.img` in `directory` and returns its path. `menu` is the file with GRUB's menu. */
export async function makeEfiPartition(
  run: Run,
  directory: string,
  loaders: LoaderPaths,
  menu: string,
): Promise<string> {
  const image = join(directory, 'efi.img');
  // The names by which firmware (UEFI 2.10, 3.5.1.1) and shim look.
  const files: readonly (readonly [onPartition: string, source: string])[] = [
    ['/EFI/BOOT/BOOTX64.EFI', loaders.shim],
    ['/EFI/BOOT/grubx64.efi', loaders.grub],
    ['/EFI/BOOT/mmx64.efi', loaders.mokManager],
    ...GRUB_FILES.map((path) => [path, menu] as const),
  ];
  const sizes = await Promise.all(files.map(async ([, source]) => (await stat(source)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, SPARE_BYTES);
  // A whole number of cylinders of the made-up geometry below, 256 kB each.
  const cylinders = Math.ceil(bytes / (16 * 32 * SECTOR_BYTES));
  await run('mformat', [
    '-C',
    '-i',
    image,
    '-v',
    'OPENCLONE',
    '-t',
    String(cylinders),
    '-h',
    '16',
    '-s',
    '32',
    '::',
  ]);
  const directories = ['/EFI', '/EFI/BOOT', '/boot', '/boot/grub', '/.disk'];
  await run('mmd', ['-i', image, ...directories.map((path) => `::${path}`)]);
  for (const [onPartition, source] of files) {
    await run('mcopy', ['-i', image, source, `::${onPartition}`]);
  }
  return image;
}
