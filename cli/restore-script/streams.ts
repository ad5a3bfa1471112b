/** The shell commands that write the streams of an image. */

import type { StreamStep } from '../../lib/disk/layout/restore-plan.ts';
import { COMPRESSION_PROGRAMS } from '../../lib/image/compression-programs.ts';
import type { Compression, ImageStream } from '../../lib/model/image.ts';
import type { Bytes } from '../../lib/units.ts';
import { comment, device, placeOf } from './shell.ts';

/** The programs that writing `steps` starts beside those that every script needs. */
export function streamTools(steps: readonly StreamStep[], compression: Compression): string[] {
  const hasPartclone = steps.some(({ stream }) => stream.content === 'partclone');
  return [unpackerOf(compression)[0], ...(hasPartclone ? ['partclone.restore'] : [])];
}

export function streamCheck(streams: readonly ImageStream[]): string[] {
  if (streams.length === 0) return [];
  return [
    '',
    '# The files are as they were captured.',
    "sha256sum --check --strict <<'END'",
    ...streams.map(({ name, sha256 }) => `${sha256}  ${name}`),
    'END',
  ];
}

export function writeStream(
  { stream, target }: StreamStep,
  compression: Compression,
  sectorBytes: Bytes,
): string[] {
  const unpack = `${unpackerOf(compression).join(' ')} <${stream.name} |`;
  if (target.type === 'range') {
    return [
      '',
      comment(`Sectors from ${target.range.startSector} on, outside all partitions`),
      unpack,
      `  write_at "$DISK" ${placeOf(target.range, sectorBytes)}`,
    ];
  }
  const { number, filesystem } = target;
  return [
    '',
    comment(`Partition ${number} (${filesystem ?? 'no known file system'})`),
    unpack,
    stream.content === 'raw'
      ? `  dd of=${device(number)} bs=1M iflag=fullblock conv=nocreat,notrunc,fsync status=none`
      : `  partclone.restore -C -L /dev/null -s - -o ${device(number)}`,
  ];
}

/** Program and options: the program that is in every distribution, though another may be faster. */
function unpackerOf(compression: Compression): readonly [string, ...string[]] {
  if (compression === 'none') return ['cat'];
  const { common, decompress } = COMPRESSION_PROGRAMS[compression];
  return [common, ...decompress];
}
