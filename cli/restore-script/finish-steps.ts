/** The steps of a restore plan that no stream brings, as shell commands. */

import { directBlockBytes } from '../../lib/disk/direct-block.ts';
import type { FinishStep } from '../../lib/disk/layout/restore-plan.ts';
import { NTFS_BOOT_SECTOR, NTFS_SECTOR_SIZES } from '../../lib/filesystems/ntfs-boot-sector.ts';
import type { Bytes } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { comment, device, quote, withBase64 } from './shell.ts';

/** The programs that a step needs beside those that every script needs. */
export const FINISH_TOOLS: Readonly<Record<FinishStep['type'], readonly string[]>> = {
  'write-swap': [],
  'make-swap': ['mkswap'],
  'write-ntfs-backup': ['od'],
};

export function finishStep(step: FinishStep): string[] {
  const partition = device(step.number);
  switch (step.type) {
    case 'write-swap': {
      const { areaBytes, endBytes, page } = step;
      const zeros = (atBytes: Bytes): string =>
        `head -c ${endBytes} /dev/zero | write_at ${partition} ${atBytes} ${endBytes} ${directBlockBytes(endBytes)}`;
      const place = `0 ${page.length} ${directBlockBytes(page.length)}`;
      return [
        '',
        comment(`Partition ${step.number} (swap): both ends are zeroed, then comes its header.`),
        zeros(0),
        zeros(areaBytes - endBytes),
        ...withBase64(
          `base64 --decode <<'END' | write_at ${partition} ${place}`,
          page.toString('base64'),
        ),
      ];
    }
    case 'make-swap': {
      const uuid = step.uuid === null ? [] : ['-U', quote(step.uuid)];
      const label = step.label === null || step.label === '' ? [] : ['-L', quote(step.label)];
      return [
        '',
        comment(`Partition ${step.number} (swap)`),
        ['mkswap', '--force', ...uuid, ...label, partition].join(' '),
      ];
    }
    case 'write-ntfs-backup':
      return [
        '',
        comment(`The boot sector of partition ${step.number} (NTFS) has a copy behind the volume.`),
        `NTFS=${partition}`,
        `SECTOR=$(od -A n -t u2 -j ${NTFS_BOOT_SECTOR.bytesPerSectorOffset} -N 2 "$NTFS" | tr -d " ")`,
        `COUNT=$(od -A n -t u8 -j ${NTFS_BOOT_SECTOR.totalSectorsOffset} -N 8 "$NTFS" | tr -d " ")`,
        'case $SECTOR in',
        `  ${NTFS_SECTOR_SIZES.join(' | ')})`,
        '    if [ "$(((COUNT + 1) * SECTOR))" -le "$(blockdev --getsize64 "$NTFS")" ]; then',
        '      dd if="$NTFS" of="$NTFS" bs="$SECTOR" count=1 seek="$COUNT" iflag=direct oflag=direct conv=nocreat,notrunc,fsync status=none',
        '    fi',
        '    ;;',
        'esac',
      ];
    default:
      return unreachable(step);
  }
}
