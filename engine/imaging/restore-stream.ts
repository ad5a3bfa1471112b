/** Restores a stream: decompresses it and writes it where it belongs. */

import { rm } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import { startPipeline, type Pipeline, type Stage } from '../../lib/exec/pipeline.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import type { Bytes, SectorRange } from '../../lib/units.ts';
import { writeDeviceStage, writeRangeStage, type OnCopied } from '../tools/dd.ts';
import { makeLogFile, restoreStage } from '../tools/partclone.ts';
import type { Compressor } from './compression.ts';

/** Where a stream is written. */
export type RestoreTarget =
  | { readonly type: 'partition'; readonly device: string }
  | {
      readonly type: 'range';
      readonly disk: string;
      readonly range: SectorRange;
      readonly sectorSizeBytes: Bytes;
    };

/** Starts writing; the caller writes the compressed bytes to `input` and ends it. */
export function startRestore(options: {
  readonly stream: ImageStream;
  readonly target: RestoreTarget;
  readonly compressor: Compressor;
  readonly workDirectory: string;
}): Pipeline {
  const { stream, target, compressor, workDirectory } = options;
  const logFile = makeLogFile(workDirectory);
  let copiedBytes: Bytes | null = null;
  const writer = writeStage(stream, target, logFile, (bytes) => (copiedBytes = bytes));
  const pipeline = startPipeline([...compressor.decompressStages, writer], {
    input: 'stream',
    output: 'none',
  });
  const finished = pipeline.finished
    .then(() => {
      // dd is content with a stream that is too short.
      if (copiedBytes !== null && copiedBytes !== stream.rawBytes)
        throw wrongLength(stream, copiedBytes);
    })
    .catch((cause: unknown) => {
      throw writeError(target, cause);
    })
    .finally(() => rm(logFile, { force: true }));
  finished.catch(() => undefined);
  return { ...pipeline, finished };
}

function writeStage(
  stream: ImageStream,
  target: RestoreTarget,
  logFile: string,
  onCopied: OnCopied,
): Stage {
  if (target.type === 'range') {
    return writeRangeStage(target.disk, target.range, target.sectorSizeBytes, onCopied);
  }
  return stream.content === 'partclone'
    ? restoreStage(target.device, logFile)
    : writeDeviceStage(target.device, onCopied);
}

function wrongLength(stream: ImageStream, copiedBytes: Bytes): OperatorError {
  return new OperatorError({
    code: 'stream-wrong',
    message: `writing the stream ${stream.name}: it has ${copiedBytes} bytes instead of ${stream.rawBytes}`,
    hint: 'Run `openclone image verify` on the server; if the image is sound, this is a fault in OpenClone.',
  });
}

function writeError(target: RestoreTarget, cause: unknown): unknown {
  if (!(cause instanceof OperatorError) || cause.code !== 'tool-failed') return cause;
  const where = target.type === 'partition' ? target.device : `the gap of ${target.disk}`;
  return new OperatorError({
    code: 'disk-write-failed',
    message: `writing the image to ${where}`,
    hint: 'The stream may be damaged (openclone image verify) or the disk failing (dmesg, smartctl).',
    cause,
  });
}
