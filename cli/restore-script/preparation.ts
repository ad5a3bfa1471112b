/** What a restore script does before it touches the disk: its own functions, and the checks. */

import { ADD_PARTITION } from '../../lib/disk/add-partition.ts';
import type { Layout } from '../../lib/disk/layout/layout.ts';
import { demandOf } from '../../lib/disk/layout/plan-layout.ts';
import { endOf } from '../../lib/disk/tables/ranges.ts';
import type { Manifest } from '../../lib/model/image.ts';
import { sectorsToBytes } from '../../lib/units.ts';
import { DISK_FUNCTIONS } from './disk-actions.ts';
import { comment, quote } from './shell.ts';

export function head({ name, host, capturedAt, disk }: Manifest, directory: string): string[] {
  const source = `${disk.model} of ${disk.sizeBytes} bytes, serial ${disk.serial ?? 'unknown'}`;
  return [
    '#!/bin/bash',
    comment(`Restores the image "${name}" (${capturedAt}, host ${host.name}, ${source}).`),
    '# Run it as root. EVERYTHING ON THE DISK WILL BE LOST.',
    '',
    '# Fill in the disk to write to, such as /dev/sda or /dev/nvme0n1.',
    'DISK=/dev/FILL-IN',
    '# Where the files of the image are.',
    `IMAGE=${quote(directory)}`,
    '',
  ];
}

/** How it ends, and the functions that its commands call. */
export function frame(): string[] {
  return [
    'set -eu',
    '# Every program of a pipe counts, where the shell can tell.',
    'if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi',
    'export LC_ALL=C',
    'fail() { echo "$*" >&2; exit 1; }',
    '# Half a disk must not boot: when this fails, or is stopped, from the first sector of the table on, the table is taken away.',
    'TABLE= STATE=before',
    'ending() {',
    '  status=$?',
    '  trap - EXIT',
    '  if [ "$STATE" = table ]; then',
    '    make_unbootable || true',
    '    echo "The partition table of $DISK was taken away again." >&2',
    '  fi',
    '  [ -z "$TABLE" ] || rm -rf "$TABLE"',
    '  exit "$status"',
    '}',
    'trap ending EXIT',
    "trap 'exit 1' HUP INT TERM",
    '# The device of partition $1.',
    'part() { case $DISK in *[0-9]) echo "${DISK}p$1" ;; *) echo "$DISK$1" ;; esac; }',
    '# Debian 13 has no addpart any more.',
    'if ! command -v addpart >/dev/null; then',
    '  command -v perl >/dev/null || fail "There is neither addpart nor perl: install one."',
    `  addpart() { perl -e '${ADD_PARTITION}' "$@"; }`,
    'fi',
    '# $3 bytes of standard input go to byte $2 of the device $1, in blocks of $4 bytes and past the cache: a page of the',
    "# disk's cache can hold sectors of a partition, which has a cache of its own.",
    'write_at() {',
    '  dd of="$1" bs="$4" oflag=direct,seek_bytes seek="$2" iflag=fullblock,count_bytes count="$3" conv=nocreat,notrunc,fsync status=none',
    '}',
    '# The $2 bytes from byte $1 of the disk, as they lie on it.',
    'read_at() {',
    '  dd if="$DISK" bs="$3" iflag=direct,skip_bytes,count_bytes,fullblock skip="$1" count="$2" status=none',
    '}',
    ...DISK_FUNCTIONS,
    '',
    'cd "$IMAGE"',
    '[ -b "$DISK" ] || fail "Fill in DISK: $DISK is no disk."',
    'DISK=$(readlink -f "$DISK")',
  ];
}

export function toolCheck(tools: readonly string[]): string[] {
  return [
    `for tool in ${tools.join(' ')}; do`,
    '  command -v "$tool" >/dev/null || fail "There is no program $tool: install it."',
    'done',
  ];
}

/** A deploy fits a GPT to a smaller disk; the script has the sectors as they were, to the end of the backup. */
export function diskCheck(manifest: Manifest, { tableAreas, sectorSizeBytes }: Layout): string[] {
  const { requiredBytes } = demandOf(manifest);
  const neededBytes = Math.max(
    requiredBytes,
    ...tableAreas.map((area) => sectorsToBytes(endOf(area), sectorSizeBytes)),
  );
  return [
    '',
    '# The disk is large enough, has the right sectors, and nothing uses it.',
    'SIZE=$(blockdev --getsize64 "$DISK")',
    `SECTOR_BYTES=${sectorSizeBytes}`,
    ...(neededBytes > requiredBytes
      ? [
          `[ "$SIZE" -lt ${requiredBytes} ] || [ "$SIZE" -ge ${neededBytes} ] ||`,
          `  fail "$DISK is too small for this script, which needs ${neededBytes} bytes: deploy with OpenClone, which moves the end of the partition table."`,
        ]
      : []),
    `[ "$SIZE" -ge ${requiredBytes} ] || fail "$DISK is too small."`,
    '[ "$(blockdev --getss "$DISK")" -eq "$SECTOR_BYTES" ] ||',
    '  fail "$DISK does not have sectors of $SECTOR_BYTES bytes."',
    'if lsblk --noheadings --raw --output MOUNTPOINT "$DISK" | grep -q .; then',
    '  fail "$DISK is in use: see lsblk $DISK."',
    'fi',
    '# While the disk is locked, udev leaves it alone.',
    'exec 9<>"$DISK"',
    'flock --timeout 10 9 || fail "Another program has locked $DISK."',
  ];
}
