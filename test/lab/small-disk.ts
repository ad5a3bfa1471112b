/** A small source disk that is quick to make, for tests of what goes wrong: MBR, ext4, swap, and nothing known. */

import type { Run } from '../../lib/exec/run.ts';
import { KERNEL_SECTOR_BYTES } from '../../lib/units.ts';
import { partitionDevice } from './loop-device.ts';
import {
  buildDisk,
  makeFilesystem,
  MEBIBYTE,
  writeAt,
  writeRandomSectors,
} from './source-disks/layout.ts';
import { randomBytes } from './source-disks/seeded-random.ts';

export const SMALL_DISK_BYTES = 240 * MEBIBYTE;

/** Mostly incompressible, so that it takes a while to send over a slow link. */
export async function makeSmallDisk(run: Run, file: string, directory: string): Promise<void> {
  const sectorSizeBytes = KERNEL_SECTOR_BYTES;
  const options = { file, directory, sectorSizeBytes };
  const script = [
    'label: dos',
    'label-id: 0x0c10ba11',
    '1: start=2048, size=160MiB, type=83, bootable',
    '2: size=16MiB, type=82',
    '3: size=8MiB, type=da',
  ];
  await buildDisk(run, { ...options, sizeBytes: SMALL_DISK_BYTES, script }, async (device) => {
    await makeFilesystem(
      run,
      { ...options, device },
      {
        number: 1,
        filesystem: 'ext4',
        make: { tool: 'mkfs.ext4', args: ['-q', '-F', '-b', '4096', '-L', 'klein'] },
        recipe: { seed: 7, copiedBytes: 10 * MEBIBYTE, randomBytes: 40 * MEBIBYTE, kind: 'posix' },
      },
    );
    await run('mkswap', ['-L', 'swap-klein', partitionDevice(device, 2)]);
    writeAt(partitionDevice(device, 3), 0, randomBytes(8, 8 * MEBIBYTE));
    writeAt(device, 0, randomBytes(9, 440));
    writeRandomSectors(
      device,
      { startSector: 1, sectorCount: 2047 },
      { seed: 10, sectorSizeBytes },
    );
  });
}
