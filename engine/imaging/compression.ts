/** The programs that compress and decompress streams, one row per compression of an image. */

import type { Stage } from '../../lib/exec/pipeline.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Compression } from '../../lib/model/image.ts';
import { parseVersion } from '../tools/tool-output.ts';

type Program = {
  /** Preferred first; the next ones read and write the same format. */
  readonly tools: readonly string[];
  readonly compress: readonly string[];
  readonly decompress: readonly string[];
  /** File name ending of a stream. */
  readonly suffix: string;
};

const PROGRAMS: Record<Exclude<Compression, 'none'>, Program> = {
  // -T0: one thread per core; level 3 is the program's own balance of speed and size.
  zstd: {
    tools: ['zstd'],
    compress: ['-q', '-c', '-3', '-T0'],
    decompress: ['-q', '-d', '-c'],
    suffix: '.zst',
  },
  gzip: {
    tools: ['pigz', 'gzip'],
    compress: ['-c', '-6'],
    decompress: ['-d', '-c'],
    suffix: '.gz',
  },
  lzo: { tools: ['lzop'], compress: ['-c'], decompress: ['-d', '-c'], suffix: '.lzo' },
};

/** Compression with the program that is there. */
export type Compressor = {
  readonly compression: Compression;
  /** "zstd 1.5.4"; empty for none. */
  readonly tool: string;
  readonly suffix: string;
  /** No stage for none. */
  readonly compressStages: readonly Stage[];
  readonly decompressStages: readonly Stage[];
};

/** Finds the program for `compression`. Throws `tool-missing` when none of its programs is installed. */
export async function findCompressor(run: Run, compression: Compression): Promise<Compressor> {
  if (compression === 'none') {
    return { compression, tool: '', suffix: '', compressStages: [], decompressStages: [] };
  }
  const program = PROGRAMS[compression];
  let missing: unknown;
  for (const tool of program.tools) {
    try {
      const { stdout, stderr } = await run(tool, ['--version']);
      return {
        compression,
        tool: `${tool} ${parseVersion(stdout + stderr)}`.trim(),
        suffix: program.suffix,
        compressStages: [{ tool, args: program.compress }],
        decompressStages: [{ tool, args: program.decompress }],
      };
    } catch (error) {
      missing ??= error;
    }
  }
  throw missing;
}
