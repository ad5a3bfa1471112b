/** The steps of a restore plan that no stream brings, as shell commands. */

import { directBlockBytes } from '../../lib/disk/direct-block.ts';
import type { FinishStep } from '../../lib/disk/layout/restore-plan.ts';
import type { PartitionAction } from '../../lib/filesystems/after-restore.ts';
import type { Bytes } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { comment, device, quote, withBase64 } from './shell.ts';

/** What the script says of a step. */
const SAID: Readonly<Record<FinishStep['type'], (number: number) => string>> = {
  'write-swap': (number) =>
    `Partition ${number} (swap): both ends are zeroed, then comes its header.`,
  'make-swap': (number) => `Partition ${number} (swap)`,
  'write-ntfs-backup': (number) =>
    `The boot sector of partition ${number} (NTFS) has a copy behind the volume.`,
};

/** The programs that a step needs beside those that every script needs. */
export function finishTools({ actions }: FinishStep): string[] {
  return actions.flatMap((action) => {
    if (action.type === 'run') return [action.tool];
    return action.type === 'copy-first-sector' ? ['od'] : [];
  });
}

export function finishStep({ type, number, actions }: FinishStep): string[] {
  const partition = device(number);
  return [
    '',
    comment(SAID[type](number)),
    ...actions.flatMap((action) => partitionAction(action, partition)),
  ];
}

function partitionAction(action: PartitionAction, partition: string): string[] {
  const place = (startBytes: Bytes, countBytes: Bytes): string =>
    `write_at ${partition} ${startBytes} ${countBytes} ${directBlockBytes(countBytes)}`;
  switch (action.type) {
    case 'zero': {
      const { startBytes, countBytes } = action;
      return [`head -c ${countBytes} /dev/zero | ${place(startBytes, countBytes)}`];
    }
    case 'write': {
      const { startBytes, data } = action;
      return withBase64(
        `base64 --decode <<'END' | ${place(startBytes, data.length)}`,
        data.toString('base64'),
      );
    }
    case 'run':
      return [[action.tool, ...action.args.map(word), partition].join(' ')];
    case 'copy-first-sector': {
      const { sectorBytesOffset, toSectorOffset, sectorSizes } = action;
      return [
        `PART=${partition}`,
        `SECTOR=$(od -A n -t u2 -j ${sectorBytesOffset} -N 2 "$PART" | tr -d " ")`,
        `TO=$(od -A n -t u8 -j ${toSectorOffset} -N 8 "$PART" | tr -d " ")`,
        'case $SECTOR in',
        `  ${sectorSizes.join(' | ')})`,
        '    if [ "$(((TO + 1) * SECTOR))" -le "$(blockdev --getsize64 "$PART")" ]; then',
        '      dd if="$PART" of="$PART" bs="$SECTOR" count=1 seek="$TO" iflag=direct oflag=direct conv=nocreat,notrunc,fsync status=none',
        '    fi',
        '    ;;',
        'esac',
      ];
    }
    default:
      return unreachable(action);
  }
}

/** An option is a word as it is. */
function word(argument: string): string {
  return /^--[a-z-]+$/.test(argument) ? argument : quote(argument);
}
