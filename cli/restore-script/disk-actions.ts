/** The actions of a restore plan that are about the disk as a whole, as shell commands. */

import { directBlockBytes } from '../../lib/disk/direct-block.ts';
import { BOOT_SECTORS, type DiskAction } from '../../lib/disk/layout/restore-plan.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes, type Bytes } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { device, placeOf } from './shell.ts';

/** The programs that commands of this file start. */
export const DISK_TOOLS: readonly string[] = [
  'blockdev',
  'partx',
  'lsblk',
  'flock',
  'wipefs',
  'cmp',
  'mktemp',
];

/** What the commands call. */
export const DISK_FUNCTIONS: readonly string[] = [
  '# Nothing boots any more: neither the first sector nor a GPT is there.',
  'make_unbootable() {',
  `  zero_at 0 "$((${BOOT_SECTORS.atStart} * SECTOR_BYTES))" "$SECTOR_BYTES"`,
  `  zero_at "$((SIZE - ${BOOT_SECTORS.atEnd} * SECTOR_BYTES))" "$((${BOOT_SECTORS.atEnd} * SECTOR_BYTES))" "$SECTOR_BYTES"`,
  '}',
  '# $2 zero bytes go to byte $1 of the disk, in blocks of $3 bytes.',
  'zero_at() { head -c "$2" /dev/zero | write_at "$DISK" "$1" "$2" "$3"; }',
  'settle() { if command -v udevadm >/dev/null; then udevadm settle || true; fi; }',
];

export function diskAction(action: DiskAction, sectorBytes: Bytes): string[] {
  switch (action.type) {
    case 'forget-partitions':
      return [
        '# The kernel forgets the old partitions, unless something uses them.',
        'partx --delete "$DISK" 2>/dev/null || true',
        '[ "$(lsblk --noheadings --raw --output NAME "$DISK" | wc -l)" -eq 1 ] ||',
        '  fail "$DISK is in use: see lsblk $DISK."',
      ];
    case 'make-unbootable':
      return ['make_unbootable'];
    case 'zero-ends':
      return [
        '# Nothing of what was on the disk is recognised: both ends are zeroed.',
        `END=${action.endBytes} BLOCK=${directBlockBytes(action.endBytes)}`,
        'if [ "$SIZE" -lt "$END" ]; then END=$SIZE BLOCK=$SECTOR_BYTES; fi',
        'zero_at 0 "$END" "$BLOCK"',
        'zero_at "$((SIZE - END))" "$END" "$BLOCK"',
      ];
    case 'wipe-signatures':
      return [`wipefs --all --force --quiet ${device(action.number)}`];
    case 'add-partition': {
      const { number, range } = action;
      const [start, count] = [range.startSector, range.sectorCount].map(
        (sectors) => sectorsToBytes(sectors, sectorBytes) / KERNEL_SECTOR_BYTES,
      );
      return [`addpart "$DISK" ${number} ${start} ${count}`, 'settle'];
    }
    case 'flush':
      return [`blockdev --flushbufs ${device(action.number)}`];
    case 'write-area': {
      const { area } = action;
      const place = placeOf(area, sectorBytes);
      return [`write_at "$DISK" ${place} <"$TABLE/${area.startSector}"   # ${area.kind}`];
    }
    case 'read-table':
      return ['partx --update "$DISK"'];
    case 'compare-table':
      return action.areas.flatMap((area) => [
        `read_at ${placeOf(area, sectorBytes)} | cmp -s - "$TABLE/${area.startSector}" ||`,
        `  fail "$DISK is failing: sector ${area.startSector} is not what was written."`,
      ]);
    default:
      return unreachable(action);
  }
}
