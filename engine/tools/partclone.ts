/** partclone(8) 0.3: reading used blocks of a file system into a stream, and back. */

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../lib/exec/pipeline.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';
import { parseVersion } from './tool-output.ts';

/** A program of partclone that reads one kind of file system. */
export type PartcloneProgram = {
  readonly name: string;
  /** Beyond the usual ones. */
  readonly options: readonly string[];
};

/** What partclone says while it copies. */
export type PartcloneProgress = {
  /** Bytes in used blocks: the exact amount that will be read or written. */
  readonly usedBytes: Bytes;
  readonly fraction: number;
};

/** "partclone.extfs 0.3.23". Throws `tool-missing`. */
export async function partcloneVersion(run: Run, program: string): Promise<string> {
  // --version ends with status 0 or 1, depending on the program.
  const { stdout, stderr } = await run(program, ['--version'], { allowedStatuses: [0, 1] });
  return `${program} ${parseVersion(stdout + stderr)}`;
}

/**
 * partclone ends only at the next turn of its progress thread, which sleeps for -f SECONDS: up to a second for every
 * partition. With -f 0 it would spin; with a timer slack it turns that often instead.
 */
const PROGRESS_INTERVAL_NS = 100_000_000;

/**
 * Makes the file for -L. Without one that can be written partclone ends with status 0 and does nothing (partclone
 * #241), so that it must be there before. Throws what the file system says.
 */
export function makeLogFile(directory: string): string {
  const path = join(directory, `partclone-${randomBytes(6).toString('hex')}.log`);
  writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  return path;
}

/**
 * The stage that writes the used blocks of `device` to file descriptor 3: exFAT's program prints debug text on its
 * standard output (partclone #272). No checksums of its own (-a0): the stream is hashed as a whole.
 */
export function captureStage(
  program: PartcloneProgram,
  device: string,
  logFile: string,
  onProgress: (progress: PartcloneProgress) => void,
): Stage {
  return {
    tool: program.name,
    args: [
      '-c',
      '-s',
      device,
      '-O',
      '/dev/fd/3',
      '-L',
      logFile,
      '-a0',
      '-B',
      '-f',
      '0',
      ...program.options,
    ],
    timerSlackNs: PROGRESS_INTERVAL_NS,
    outputFd: 3,
    onText: partcloneListener(onProgress),
  };
}

/**
 * The stage that writes a stream from its standard input to `device`; it needs no kind of file system. -C: the
 * partition's size was checked before, and partclone would compare with the size of the source's device.
 */
export function restoreStage(device: string, logFile: string): Stage {
  return {
    tool: 'partclone.restore',
    args: ['-s', '-', '-o', device, '-L', logFile, '-C', '-q', '-B', '-f', '0'],
    timerSlackNs: PROGRESS_INTERVAL_NS,
  };
}

/**
 * Reads partclone's messages, in whatever pieces they come, and calls `onProgress` for each line of progress. The
 * same lines come first for the reading of the bitmap: those before "Space in use" are passed over.
 */
export function partcloneListener(
  onProgress: (progress: PartcloneProgress) => void,
): (text: string) => void {
  let rest = '';
  let usedBlocks: number | null = null;
  let usedBytes: Bytes | null = null;
  return (text) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop()?.slice(-500) ?? '';
    for (const line of lines) {
      const used = /^Space in use:.*=\s*(\d+)\s+Blocks/.exec(line);
      if (used !== null) usedBlocks = Number(used[1]);
      const block = /^Block size:\s*(\d+)\s+Byte/.exec(line);
      if (block !== null && usedBlocks !== null) {
        usedBytes = usedBlocks * Number(block[1]);
        onProgress({ usedBytes, fraction: 0 });
      }
      const percent = /Completed:\s*([\d.]+)%/.exec(line);
      if (percent !== null && usedBytes !== null) {
        onProgress({ usedBytes, fraction: Math.min(1, Number(percent[1]) / 100) });
      }
    }
  };
}
