/** The programs that compress and decompress streams, one row per compression of an image. */

import type { Compression } from '../model/image.ts';

/** All of a row read and write the same format, from standard input to standard output. */
export type CompressionProgram = {
  /** Preferred where it is installed; null: there is none. */
  readonly faster: string | null;
  /** What every distribution has. */
  readonly common: string;
  readonly compress: readonly string[];
  readonly decompress: readonly string[];
  /** File name ending of a stream. */
  readonly suffix: string;
};

export const COMPRESSION_PROGRAMS: Readonly<
  Record<Exclude<Compression, 'none'>, CompressionProgram>
> = {
  // -T0: one thread per core; level 3 is the program's own balance of speed and size.
  zstd: {
    faster: null,
    common: 'zstd',
    compress: ['-q', '-c', '-3', '-T0'],
    decompress: ['-q', '-d', '-c'],
    suffix: '.zst',
  },
  gzip: {
    faster: 'pigz',
    common: 'gzip',
    compress: ['-c', '-6'],
    decompress: ['-d', '-c'],
    suffix: '.gz',
  },
  lzo: {
    faster: null,
    common: 'lzop',
    compress: ['-c'],
    decompress: ['-d', '-c'],
    suffix: '.lzo',
  },
};
