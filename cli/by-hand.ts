/**
 * A shell script that restores an image without OpenClone: with coreutils, util-linux, partclone and the
 * decompressor, on any Linux (docs/design/image-format.md). It prints the steps of lib/disk/restore-plan.ts, which a deploy carries out.
 */

import { ADD_PARTITION } from '../lib/disk/add-partition.ts';
import { printable } from '../lib/format.ts';
import {
  streamsOf,
  type Compression,
  type ImageStream,
  type Manifest,
} from '../lib/model/image.ts';
import {
  directBlockBytes,
  restorePlan,
  type ClearPhase,
  type FinishStep,
  type RestorePlan,
  type StreamStep,
} from '../lib/disk/restore-plan.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes, type Bytes } from '../lib/units.ts';
import { unreachable } from '../lib/unreachable.ts';

/**
 * The script for the version of `manifest` whose files are in `directory`. It is POSIX shell, for bash and dash;
 * whoever runs it fills in DISK, as root.
 */
export function byHandScript(manifest: Manifest, directory: string): string {
  const plan = restorePlan(manifest, manifest.tableAreas);
  return [
    ...head(manifest, directory),
    ...toolCheck(plan, manifest.compression),
    ...streamCheck(streamsOf(manifest)),
    ...diskCheck(manifest),
    ...decodeTable(plan),
    ...clearDisk(plan.clear, manifest.disk.logicalSectorBytes),
    ...plan.streams.flatMap((step) => writeStream(step, manifest)),
    ...plan.finish.flatMap((step) => finishStep(step)),
    ...flush(plan),
    ...writeTable(plan, manifest.disk.logicalSectorBytes),
    ...verifyTable(plan, manifest.disk.logicalSectorBytes),
    ...foot(manifest),
    '',
  ].join('\n');
}

function head({ name, host, capturedAt, disk }: Manifest, directory: string): string[] {
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
    'set -eu',
    '# Every program of a pipe counts, where the shell can tell.',
    'if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi',
    'export LC_ALL=C',
    'fail() { echo "$*" >&2; exit 1; }',
    '# Half a disk must not boot: who fails, or is stopped, from the first sector of the table on takes the table away.',
    'TABLE= STATE=before',
    'ending() {',
    '  status=$?',
    '  trap - EXIT',
    '  if [ "$STATE" = table ]; then',
    '    head -c "$((2 * SECTOR_BYTES))" /dev/zero | write_at "$DISK" 0 "$((2 * SECTOR_BYTES))" "$SECTOR_BYTES" || true',
    '    head -c "$SECTOR_BYTES" /dev/zero | write_at "$DISK" "$((SIZE - SECTOR_BYTES))" "$SECTOR_BYTES" "$SECTOR_BYTES" || true',
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
    '',
    'cd "$IMAGE"',
    '[ -b "$DISK" ] || fail "Fill in DISK: $DISK is no disk."',
    'DISK=$(readlink -f "$DISK")',
  ];
}

function toolCheck({ streams, finish }: RestorePlan, compression: Compression): string[] {
  const finishes = (type: FinishStep['type']): boolean => finish.some((step) => step.type === type);
  const tools = [
    ...new Set([
      ...['blockdev', 'partx', 'lsblk', 'flock', 'wipefs', 'cmp', 'mktemp'],
      UNPACKERS[compression].tool,
      ...(streams.some(({ stream }) => stream.content === 'partclone')
        ? ['partclone.restore']
        : []),
      ...(finishes('make-swap') ? ['mkswap'] : []),
      ...(finishes('write-ntfs-backup') ? ['od'] : []),
    ]),
  ];
  return [
    `for tool in ${tools.join(' ')}; do`,
    '  command -v "$tool" >/dev/null || fail "There is no program $tool: install it."',
    'done',
  ];
}

function streamCheck(streams: readonly ImageStream[]): string[] {
  if (streams.length === 0) return [];
  return [
    '',
    '# The files are as they were captured.',
    "sha256sum --check --strict <<'END'",
    ...streams.map(({ name, sha256 }) => `${sha256}  ${name}`),
    'END',
  ];
}

/** A deploy fits a GPT to a smaller disk; the script has the sectors as they were, to the end of the backup. */
function diskCheck({ requiredBytes, disk, tableAreas }: Manifest): string[] {
  const neededBytes = Math.max(
    requiredBytes,
    ...tableAreas.map(({ startSector, sectorCount }) =>
      sectorsToBytes(startSector + sectorCount, disk.logicalSectorBytes),
    ),
  );
  return [
    '',
    '# The disk is large enough, has the right sectors, and nothing uses it.',
    'SIZE=$(blockdev --getsize64 "$DISK")',
    `SECTOR_BYTES=${disk.logicalSectorBytes}`,
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

/** Each area in a file, as it is needed twice. */
function decodeTable({ table }: RestorePlan): string[] {
  return [
    '',
    '# What makes the partition table, to be written at the end.',
    'TABLE=$(mktemp -d)',
    ...table.flatMap(({ kind, startSector, dataBase64 }) => [
      `# ${kind}, sector ${startSector}`,
      `base64 --decode >"$TABLE/${startSector}" <<'END'`,
      ...base64Lines(dataBase64),
      'END',
    ]),
  ];
}

/** The kernel is told of the partitions first: the table comes onto the disk last, so that half a disk cannot boot. */
function clearDisk({ endBytes, partitions }: ClearPhase, sectorBytes: Bytes): string[] {
  const kernelSectors = (sectors: number): number =>
    sectorsToBytes(sectors, sectorBytes) / KERNEL_SECTOR_BYTES;
  return [
    '',
    '# The kernel forgets the old partitions, unless something uses them.',
    'partx --delete "$DISK" 2>/dev/null || true',
    '[ "$(lsblk --noheadings --raw --output NAME "$DISK" | wc -l)" -eq 1 ] ||',
    '  fail "$DISK is in use: see lsblk $DISK."',
    '# Nothing boots from here on, and nothing of what was on the disk is recognised: both ends are zeroed.',
    `END=${endBytes} BLOCK=${directBlockBytes(endBytes)}`,
    'if [ "$SIZE" -lt "$END" ]; then END=$SIZE BLOCK=$SECTOR_BYTES; fi',
    'head -c "$END" /dev/zero | write_at "$DISK" 0 "$END" "$BLOCK"',
    'head -c "$END" /dev/zero | write_at "$DISK" "$((SIZE - END))" "$END" "$BLOCK"',
    'wipefs --all --force --quiet "$DISK"',
    '# Until all is written, the disk has no partition table; the kernel is told of the new partitions',
    '# by addpart, which counts in units of 512 bytes.',
    ...partitions.map(
      ({ number, startSector, sectorCount }) =>
        `addpart "$DISK" ${number} ${kernelSectors(startSector)} ${kernelSectors(sectorCount)}`,
    ),
    'if command -v udevadm >/dev/null; then udevadm settle || true; fi',
    ...partitions.map(({ number }) => `wipefs --all --force --quiet "$(part ${number})"`),
  ];
}

function writeStream({ stream, target }: StreamStep, { compression, disk }: Manifest): string[] {
  const unpack = `${UNPACKERS[compression].command} ${stream.name} |`;
  if (target.type === 'range') {
    const startBytes = sectorsToBytes(target.range.startSector, disk.logicalSectorBytes);
    const countBytes = sectorsToBytes(target.range.sectorCount, disk.logicalSectorBytes);
    return [
      '',
      comment(`Sectors from ${target.range.startSector} on, outside all partitions`),
      unpack,
      `  write_at "$DISK" ${startBytes} ${countBytes} ${directBlockBytes(countBytes)}`,
    ];
  }
  const { number, filesystem } = target;
  const device = `"$(part ${number})"`;
  return [
    '',
    comment(`Partition ${number} (${filesystem ?? 'no known file system'})`),
    unpack,
    stream.content === 'raw'
      ? `  dd of=${device} bs=1M iflag=fullblock conv=nocreat,notrunc,fsync status=none`
      : `  partclone.restore -C -L /dev/null -s - -o ${device}`,
  ];
}

function finishStep(step: FinishStep): string[] {
  const device = `"$(part ${step.number})"`;
  switch (step.type) {
    case 'write-swap': {
      const { areaBytes, endBytes, page } = step;
      const zeros = (atBytes: Bytes): string =>
        `head -c ${endBytes} /dev/zero | write_at ${device} ${atBytes} ${endBytes} ${directBlockBytes(endBytes)}`;
      return [
        '',
        comment(`Partition ${step.number} (swap): both ends are zeroed, then comes its header.`),
        zeros(0),
        zeros(areaBytes - endBytes),
        `base64 --decode <<'END' | write_at ${device} 0 ${page.length} ${directBlockBytes(page.length)}`,
        ...base64Lines(page.toString('base64')),
        'END',
      ];
    }
    case 'make-swap': {
      const uuid = step.uuid === null ? [] : ['-U', quote(step.uuid)];
      const label = step.label === null || step.label === '' ? [] : ['-L', quote(step.label)];
      return [
        '',
        comment(`Partition ${step.number} (swap)`),
        ['mkswap', '--force', ...uuid, ...label, device].join(' '),
      ];
    }
    case 'write-ntfs-backup':
      return [
        '',
        comment(`The boot sector of partition ${step.number} (NTFS) has a copy behind the volume.`),
        `NTFS=${device}`,
        'SECTOR=$(od -A n -t u2 -j 11 -N 2 "$NTFS" | tr -d " ")',
        'COUNT=$(od -A n -t u8 -j 40 -N 8 "$NTFS" | tr -d " ")',
        'case $SECTOR in',
        '  512 | 1024 | 2048 | 4096)',
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

function flush({ flush: numbers }: RestorePlan): string[] {
  return [
    '',
    '# All content is on the disk before the partition table and the boot code.',
    'sync',
    ...numbers.map((number) => `blockdev --flushbufs "$(part ${number})"`),
    'blockdev --flushbufs "$DISK"',
  ];
}

function writeTable({ table }: RestorePlan, sectorBytes: Bytes): string[] {
  return [
    '',
    '# The partition table, and what boots from it.',
    'STATE=table',
    ...table.map(({ kind, startSector, sectorCount }) => {
      const countBytes = sectorsToBytes(sectorCount, sectorBytes);
      const place = `${sectorsToBytes(startSector, sectorBytes)} ${countBytes}`;
      return `write_at "$DISK" ${place} ${directBlockBytes(countBytes)} <"$TABLE/${startSector}"   # ${kind}`;
    }),
  ];
}

function verifyTable({ table }: RestorePlan, sectorBytes: Bytes): string[] {
  return [
    '',
    '# The kernel reads the table, and it is on the disk as it was written.',
    'blockdev --flushbufs "$DISK"',
    'partx --update "$DISK"',
    ...table.map(({ startSector, sectorCount }) => {
      const countBytes = sectorsToBytes(sectorCount, sectorBytes);
      const place = `${sectorsToBytes(startSector, sectorBytes)} ${countBytes}`;
      return [
        `read_at ${place} ${directBlockBytes(countBytes)} | cmp -s - "$TABLE/${startSector}" ||`,
        `  fail "$DISK is failing: sector ${startSector} is not what was written."`,
      ].join('\n');
    }),
  ];
}

function foot({ partitionTable, disk }: Manifest): string[] {
  return [
    '',
    'STATE=complete',
    ...(partitionTable.type === 'gpt'
      ? [
          `if [ "$SIZE" -gt ${disk.sizeBytes} ]; then`,
          '  echo "The disk is larger than the captured one: sfdisk --relocate gpt-bak-std $DISK moves the backup table to its end."',
          'fi',
        ]
      : []),
    'echo "$DISK is complete."',
  ];
}

type Unpacker = { readonly tool: string; readonly command: string };

const UNPACKERS: Readonly<Record<Compression, Unpacker>> = {
  zstd: { tool: 'zstd', command: 'zstd -dc' },
  gzip: { tool: 'gzip', command: 'gzip -dc' },
  lzo: { tool: 'lzop', command: 'lzop -dc' },
  none: { tool: 'cat', command: 'cat' },
};

function base64Lines(base64: string): string[] {
  return base64.match(/.{1,76}/g) ?? [];
}

function comment(text: string): string {
  return `# ${printable(text)}`;
}

/** One word for the shell, whatever is in it (POSIX.1-2017, Shell Command Language 2.2.2). */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
