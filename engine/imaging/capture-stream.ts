/** A stream of an image in the making: a partition's used blocks, or plain sectors, compressed on the way. */

import { rm } from 'node:fs/promises';
import { startPipeline, type Pipeline, type Stage } from '../../lib/exec/pipeline.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { SectorRange, Bytes } from '../../lib/units.ts';
import type { FilesystemKind } from '../filesystems/filesystem.ts';
import { readDeviceStage, readRangeStage } from '../tools/dd.ts';
import { captureStage, makeLogFile, type PartcloneProgress } from '../tools/partclone.ts';
import type { Compressor } from './compression.ts';

/** What is read. */
export type CaptureSource =
  | { readonly type: 'filesystem'; readonly device: string; readonly kind: FilesystemKind }
  | { readonly type: 'device'; readonly device: string }
  | {
      readonly type: 'range';
      readonly disk: string;
      readonly range: SectorRange;
      readonly sectorSizeBytes: Bytes;
    };

/**
 * Starts reading `source` through `compressor`. `finished` rejects with an error that says what to do. The caller
 * reads `output` to its end.
 */
export function startCapture(options: {
  readonly source: CaptureSource;
  readonly compressor: Compressor;
  readonly workDirectory: string;
  readonly onProgress: (progress: PartcloneProgress) => void;
}): Pipeline {
  const { source, compressor, workDirectory } = options;
  const logFile = makeLogFile(workDirectory);
  const pipeline = startPipeline(
    [readStage(source, logFile, options.onProgress), ...compressor.compressStages],
    { input: 'none', output: 'stream' },
  );
  const finished = pipeline.finished
    .catch((cause: unknown) => {
      throw readError(source, cause);
    })
    .finally(() => rm(logFile, { force: true }));
  finished.catch(() => undefined);
  return { ...pipeline, finished };
}

function readStage(
  source: CaptureSource,
  logFile: string,
  onProgress: (progress: PartcloneProgress) => void,
): Stage {
  const onCopied = (usedBytes: Bytes): void => onProgress({ usedBytes, fraction: 1 });
  switch (source.type) {
    case 'filesystem':
      return captureStage(source.kind, source.device, logFile, onProgress);
    case 'device':
      return readDeviceStage(source.device, onCopied);
    case 'range':
      return readRangeStage(source.disk, source.range, source.sectorSizeBytes, onCopied);
  }
}

function readError(source: CaptureSource, cause: unknown): unknown {
  if (!(cause instanceof OperatorError) || cause.code !== 'tool-failed') return cause;
  if (source.type === 'filesystem') {
    return new OperatorError({
      code: 'disk-read-failed',
      message: `reading the file system on ${source.device}`,
      hint: 'If the disk reports errors (dmesg, smartctl), it is failing. Else start the machine, shut it down properly, and capture again.',
      cause,
    });
  }
  const what = source.type === 'device' ? source.device : `the gap on ${source.disk}`;
  return new OperatorError({
    code: 'disk-read-failed',
    message: `reading ${what}`,
    hint: 'The disk may be failing: see dmesg and smartctl.',
    cause,
  });
}
