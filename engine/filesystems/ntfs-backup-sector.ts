/** NTFS keeps a copy of its boot sector behind its last cluster; partclone does not. */

import { fileReader } from '../../lib/disk/file-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Run } from '../../lib/exec/run.ts';
import { NTFS_BOOT_SECTOR, NTFS_SECTOR_SIZES } from '../../lib/filesystems/ntfs-boot-sector.ts';
import { copySectors } from '../tools/dd.ts';
import type { StepEnd } from '../step-runner.ts';

/** Copies the boot sector of the NTFS on `device` to where Windows and chkdsk look for its backup. */
export async function restoreNtfsBackupSector(run: Run, device: string): Promise<StepEnd> {
  const reader = await fileReader(device, 512);
  let sectorSizeBytes: number;
  let toSector: number;
  try {
    const boot = await reader.read(0, 1);
    sectorSizeBytes = boot.readUInt16LE(NTFS_BOOT_SECTOR.bytesPerSectorOffset);
    toSector = Number(boot.readBigUInt64LE(NTFS_BOOT_SECTOR.totalSectorsOffset));
  } finally {
    await reader.close();
  }
  const endBytes = (toSector + 1) * sectorSizeBytes;
  if (!NTFS_SECTOR_SIZES.includes(sectorSizeBytes) || endBytes > reader.diskSectors * 512) {
    return {
      state: 'warned',
      notes: [message('note.no-room-for-ntfs-backup')],
    };
  }
  await copySectors(run, device, { fromSector: 0, toSector, sectorSizeBytes });
  return undefined;
}
