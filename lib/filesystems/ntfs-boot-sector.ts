/** What of an NTFS boot sector says where its copy is, for the engine and the restore script. */

/** Offsets of bytes per sector (16 bit) and sectors of the volume (64 bit), little-endian: the copy lies right behind these. */
export const NTFS_BOOT_SECTOR = { bytesPerSectorOffset: 0x0b, totalSectorsOffset: 0x28 } as const;

/** All sizes that Windows and the programs of Linux know; a boot sector with another one is not believed. */
export const NTFS_SECTOR_SIZES: readonly number[] = [512, 1024, 2048, 4096];
