/**
 * A shell script that restores an image without OpenClone: with coreutils, util-linux, partclone and the
 * decompressor, on any Linux (docs/design/image-format.md). It does what a deploy does, in the same order.
 */

import { ADD_PARTITION } from '../lib/add-partition.ts';
import { printable } from '../lib/format.ts';
import {
  streamsOf,
  type Compression,
  type ImagePartition,
  type ImageStream,
  type Manifest,
  type SwapHeader,
} from '../lib/model/image.ts';
import type { TableArea } from '../lib/model/partition-table.ts';
import { swapPage } from '../lib/swap-page.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes } from '../lib/units.ts';
import { unreachable } from '../lib/unreachable.ts';

/**
 * The script for the version of `manifest` whose files are in `directory`. It is POSIX shell, for bash and dash;
 * whoever runs it fills in DISK, as root.
 */
export function byHandScript(manifest: Manifest, directory: string): string {
  return [
    ...head(manifest, directory),
    ...toolCheck(manifest),
    ...streamCheck(streamsOf(manifest)),
    ...diskCheck(manifest),
    ...makePartitions(manifest),
    ...manifest.partitions.flatMap((partition) => partitionContent(partition, manifest)),
    ...manifest.gaps.flatMap(({ startSector, stream }) => [
      '',
      comment(`Sectors from ${startSector} on, outside all partitions`),
      `${unpack(manifest.compression, stream)} |`,
      `  write_at ${sectorsToBytes(startSector, manifest.disk.logicalSectorBytes)}`,
    ]),
    ...writeTable(manifest),
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
    '# The device of partition $1.',
    'part() { case $DISK in *[0-9]) echo "${DISK}p$1" ;; *) echo "$DISK$1" ;; esac; }',
    '# Debian 13 has no addpart any more.',
    'if ! command -v addpart >/dev/null; then',
    '  command -v perl >/dev/null || fail "There is neither addpart nor perl: install one."',
    `  addpart() { perl -e '${ADD_PARTITION}' "$@"; }`,
    'fi',
    '# Standard input goes to byte $1 of the disk.',
    'write_at() {',
    '  dd of="$DISK" bs=1M oflag=seek_bytes seek="$1" iflag=fullblock conv=notrunc,fsync status=none',
    '}',
    '',
    'cd "$IMAGE"',
    '[ -b "$DISK" ] || fail "Fill in DISK: $DISK is no disk."',
    'DISK=$(readlink -f "$DISK")',
  ];
}

function toolCheck({ partitions, compression }: Manifest): string[] {
  const contents = partitions.map(({ content }) => content);
  const usesPartclone = contents.some(
    (content) => content.type === 'stream' && content.stream.content === 'partclone',
  );
  const tools = [
    ...new Set([
      'blockdev',
      'partx',
      'lsblk',
      'flock',
      UNPACKERS[compression].tool,
      ...(usesPartclone ? ['partclone.restore'] : []),
      ...(contents.some((each) => each.type === 'swap' && each.header === undefined)
        ? ['mkswap']
        : []),
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

function diskCheck({ requiredBytes, disk }: Manifest): string[] {
  return [
    '',
    '# The disk is large enough, has the right sectors, and nothing uses it.',
    `[ "$(blockdev --getsize64 "$DISK")" -ge ${requiredBytes} ] || fail "$DISK is too small."`,
    `[ "$(blockdev --getss "$DISK")" -eq ${disk.logicalSectorBytes} ] ||`,
    `  fail "$DISK does not have sectors of ${disk.logicalSectorBytes} bytes."`,
    'if lsblk --noheadings --raw --output MOUNTPOINT "$DISK" | grep -q .; then',
    '  fail "$DISK is in use: see lsblk $DISK."',
    'fi',
    '# While the disk is locked, udev leaves it alone.',
    'exec 9<>"$DISK"',
    'flock --timeout 10 9 || fail "Another program has locked $DISK."',
  ];
}

/** The kernel is told of the partitions first: the table comes onto the disk last, so that half a disk cannot boot. */
function makePartitions({ partitions, disk }: Manifest): string[] {
  const kernelSectors = (sectors: number): number =>
    sectorsToBytes(sectors, disk.logicalSectorBytes) / KERNEL_SECTOR_BYTES;
  return [
    '',
    '# The kernel forgets the old partitions, unless something uses them.',
    'partx --delete "$DISK" 2>/dev/null || true',
    '[ "$(lsblk --noheadings --raw --output NAME "$DISK" | wc -l)" -eq 1 ] ||',
    '  fail "$DISK is in use: see lsblk $DISK."',
    '# Until all is written, the disk has no partition table; the kernel is told of the new partitions',
    '# by addpart, which counts in units of 512 bytes.',
    `head -c ${disk.logicalSectorBytes} /dev/zero | write_at 0`,
    ...partitions
      .filter(({ content }) => content.type !== 'extended')
      .map(
        ({ number, startSector, sectorCount }) =>
          `addpart "$DISK" ${number} ${kernelSectors(startSector)} ${kernelSectors(sectorCount)}`,
      ),
    'if command -v udevadm >/dev/null; then udevadm settle || true; fi',
  ];
}

function partitionContent(partition: ImagePartition, manifest: Manifest): string[] {
  const { content, number, filesystem } = partition;
  const heading = comment(`Partition ${number} (${filesystem?.type ?? 'no known file system'})`);
  const device = `"$(part ${number})"`;
  switch (content.type) {
    case 'extended':
      return [];
    case 'swap':
      if (content.header !== undefined) {
        return ['', heading, ...swapHeader(partition, content.header, manifest)];
      }
      return [
        '',
        heading,
        [
          'mkswap',
          ...(content.uuid === null ? [] : ['-U', quote(content.uuid)]),
          ...(content.label === null || content.label === '' ? [] : ['-L', quote(content.label)]),
          device,
        ].join(' '),
      ];
    case 'stream':
      return [
        '',
        heading,
        `${unpack(manifest.compression, content.stream)} |`,
        ...(content.stream.content === 'raw'
          ? [`  dd of=${device} bs=1M iflag=fullblock conv=notrunc,fsync status=none`]
          : [`  partclone.restore -L /dev/null -s - -o ${device}`]),
        ...ntfsBackup(partition, content.stream, manifest.disk.logicalSectorBytes),
      ];
    default:
      return unreachable(content);
  }
}

/** Both ends are zeroed, so that nothing is recognised there of what was on the disk before; then comes the header. */
function swapHeader(
  { number, sectorCount }: ImagePartition,
  header: SwapHeader,
  { disk }: Manifest,
): string[] {
  const sizeBytes = sectorsToBytes(sectorCount, disk.logicalSectorBytes);
  const endBytes = Math.min(sizeBytes, 1024 * 1024);
  const write = (atBytes: number): string =>
    `dd of="$(part ${number})" bs=1M oflag=seek_bytes seek=${atBytes} iflag=fullblock conv=notrunc,fsync status=none`;
  return [
    `head -c ${endBytes} /dev/zero | ${write(0)}`,
    `head -c ${endBytes} /dev/zero | ${write(sizeBytes - endBytes)}`,
    `base64 --decode <<'END' | ${write(0)}`,
    ...base64Lines(swapPage(header).toString('base64')),
    'END',
  ];
}

function base64Lines(base64: string): string[] {
  return base64.match(/.{1,76}/g) ?? [];
}

/** partclone leaves it out, in every version; NTFS is repaired with it. */
function ntfsBackup(
  { number, filesystem, sectorCount }: ImagePartition,
  stream: ImageStream,
  sectorBytes: number,
): string[] {
  if (filesystem?.type !== 'ntfs' || stream.content !== 'partclone') return [];
  const device = `"$(part ${number})"`;
  return [
    '# The last sector is a copy of the first, the boot sector.',
    `dd if=${device} of=${device} bs=${sectorBytes} count=1 seek=${sectorCount - 1} conv=notrunc,fsync status=none`,
  ];
}

/** What makes the disk bootable comes last: of the areas, the first sector. */
const AREA_ORDER: Readonly<Record<TableArea['kind'], number>> = {
  'gpt-backup': 0,
  ebr: 1,
  'gpt-primary': 2,
  mbr: 3,
};

function writeTable({ tableAreas, disk }: Manifest): string[] {
  const areas = tableAreas.toSorted((one, other) => AREA_ORDER[one.kind] - AREA_ORDER[other.kind]);
  return [
    '',
    '# All content is on the disk before the partition table and the boot code.',
    'sync',
    ...areas.flatMap(({ kind, startSector, dataBase64 }) => [
      '',
      `# ${kind}, sector ${startSector}`,
      `base64 --decode <<'END' | write_at ${sectorsToBytes(startSector, disk.logicalSectorBytes)}`,
      ...base64Lines(dataBase64),
      'END',
    ]),
  ];
}

function foot({ partitionTable }: Manifest): string[] {
  return [
    '',
    'partx --update "$DISK"',
    'sync',
    'blockdev --flushbufs "$DISK"',
    ...(partitionTable.type === 'gpt'
      ? [
          '# On a larger disk, the backup table may move to its end: sfdisk --relocate gpt-bak-std "$DISK"',
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

function unpack(compression: Compression, { name }: ImageStream): string {
  return `${UNPACKERS[compression].command} ${name}`;
}

function comment(text: string): string {
  return `# ${printable(text)}`;
}

/** One word for the shell, whatever is in it (POSIX.1-2017, Shell Command Language 2.2.2). */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
