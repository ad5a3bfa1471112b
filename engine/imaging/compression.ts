/** The program that compresses and decompresses streams on this host. */

import type { Stage } from '../../lib/exec/pipeline.ts';
import type { Run } from '../../lib/exec/run.ts';
import { COMPRESSION_PROGRAMS } from '../../lib/image/compression-programs.ts';
import type { Compression } from '../../lib/model/image.ts';
import { parseVersion } from '../tools/tool-output.ts';

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
  const program = COMPRESSION_PROGRAMS[compression];
  let missing: unknown;
  const { faster, common } = program;
  for (const tool of faster === null ? [common] : [faster, common]) {
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
