/** A stream of an image in the making: a partition's used blocks, or plain sectors, compressed on the way. */

import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline as streamInto } from 'node:stream/promises';
import { startPipeline, type Pipeline, type Stage } from '../../lib/exec/pipeline.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import { KERNEL_SECTOR_BYTES, type Bytes, type SectorRange } from '../../lib/units.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import type { BlockMap } from '../filesystems/block-map.ts';
import { readDeviceStage, readRangeStage } from '../tools/dd.ts';
import {
  captureStage,
  makeLogFile,
  type PartcloneProgram,
  type PartcloneProgress,
} from '../tools/partclone.ts';
import type { Compressor } from './compression.ts';
import { usedBlocksImage, usedBlocksOf } from './used-blocks-image.ts';

/** What is read. */
export type CaptureSource =
  | { readonly type: 'filesystem'; readonly device: string; readonly program: PartcloneProgram }
  /** The blocks that the map names, by us: partclone would leave some of them out. */
  | {
      readonly type: 'used-blocks';
      readonly device: string;
      /** As blkid names it; a name in the image's header. */
      readonly filesystem: string;
      readonly used: BlockMap;
    }
  | { readonly type: 'device'; readonly device: string }
  | {
      readonly type: 'range';
      readonly disk: string;
      readonly range: SectorRange;
      readonly sectorSizeBytes: Bytes;
    };

type OwnSource = Extract<CaptureSource, { type: 'used-blocks' }>;

/** How what is read of `source` is written down. */
export function contentOf(source: CaptureSource): ImageStream['content'] {
  return source.type === 'filesystem' || source.type === 'used-blocks' ? 'partclone' : 'raw';
}

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
  if (source.type === 'used-blocks') return startOwnCapture(source, compressor, options.onProgress);
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

/** Passes bytes on: a pipeline needs a stage, and no compression has none. */
const PASS_ON: Stage = { tool: 'cat', args: [] };

function startOwnCapture(
  { device, filesystem, used }: OwnSource,
  { compressStages }: Compressor,
  onProgress: (progress: PartcloneProgress) => void,
): Pipeline {
  const stages = compressStages.length > 0 ? compressStages : [PASS_ON];
  const pipeline = startPipeline(stages, { input: 'stream', output: 'stream' });
  const usedBlocks = usedBlocksOf(used);
  const usedBytes = usedBlocks * used.blockBytes;
  const feed = async (): Promise<void> => {
    if (pipeline.input === null) throw new TypeError('the pipeline has no input');
    const reader = await fileReader(device, KERNEL_SECTOR_BYTES);
    try {
      const image = usedBlocksImage(reader, { used, usedBlocks }, filesystem, (readBytes) =>
        onProgress({ usedBytes, fraction: usedBytes === 0 ? 1 : readBytes / usedBytes }),
      );
      await streamInto(Readable.from(image, { objectMode: false }), pipeline.input);
    } finally {
      await reader.close();
    }
  };
  onProgress({ usedBytes, fraction: 0 });
  const finished = feed().then(
    () => pipeline.finished,
    async (error: unknown) => {
      pipeline.kill('SIGKILL');
      // An input that was closed is the fault of the stage that closed it.
      const isOurs = !isClosedInput(error);
      await pipeline.finished.catch((other: unknown) => {
        throw isOurs ? error : other;
      });
      throw error;
    },
  );
  finished.catch(() => undefined);
  return { ...pipeline, finished };
}

/** How Node says that nobody takes the data any more: while it is written, between two pieces, before the first. */
const CLOSED_INPUT = [
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_STREAM_UNABLE_TO_PIPE',
];

function isClosedInput(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && CLOSED_INPUT.includes(code);
}

function readStage(
  source: Exclude<CaptureSource, OwnSource>,
  logFile: string,
  onProgress: (progress: PartcloneProgress) => void,
): Stage {
  const onCopied = (usedBytes: Bytes): void => onProgress({ usedBytes, fraction: 1 });
  switch (source.type) {
    case 'filesystem':
      return captureStage(source.program, source.device, logFile, onProgress);
    case 'device':
      return readDeviceStage(source.device, onCopied);
    case 'range':
      return readRangeStage(source.disk, source.range, source.sectorSizeBytes, onCopied);
  }
}

function readError(source: Exclude<CaptureSource, OwnSource>, cause: unknown): unknown {
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
