/** NTFS keeps a copy of its boot sector behind its last cluster; partclone does not. */

import { fileReader } from '../../lib/disk/file-reader.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Run } from '../../lib/exec/run.ts';
import { copySectors } from '../tools/dd.ts';
import type { StepEnd } from '../step-runner.ts';

/** Offsets in the boot sector: bytes per sector (16 bit) and sectors of the volume (64 bit), little-endian. */
const BYTES_PER_SECTOR_OFFSET = 0x0b;
const TOTAL_SECTORS_OFFSET = 0x28;

/** Copies the boot sector of the NTFS on `device` to where Windows and chkdsk look for its backup. */
export async function restoreNtfsBackupSector(run: Run, device: string): Promise<StepEnd> {
  const reader = await fileReader(device, 512);
  let sectorSizeBytes: number;
  let toSector: number;
  try {
    const boot = await reader.read(0, 1);
    sectorSizeBytes = boot.readUInt16LE(BYTES_PER_SECTOR_OFFSET);
    toSector = Number(boot.readBigUInt64LE(TOTAL_SECTORS_OFFSET));
  } finally {
    await reader.close();
  }
  const endBytes = (toSector + 1) * sectorSizeBytes;
  if (![512, 1024, 2048, 4096].includes(sectorSizeBytes) || endBytes > reader.diskSectors * 512) {
    return {
      state: 'warned',
      notes: [message('note.no-room-for-ntfs-backup')],
    };
  }
  await copySectors(run, device, { fromSector: 0, toSector, sectorSizeBytes });
  return undefined;
}
