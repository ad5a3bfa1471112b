/** Captures one stream and sends it to the server, again from its start when the connection is lost under it. */

import { OperatorError } from '../../lib/errors.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import type { Bytes } from '../../lib/units.ts';
import type { StepContext, StepEnd } from '../step-runner.ts';
import { uploadWithRetry } from '../transport/upload-with-retry.ts';
import { uploadStream } from '../transport/upload.ts';
import type { CaptureJob } from './capture-job.ts';
import { contentOf, startCapture, type CaptureSource } from './capture-stream.ts';
import { describeStream } from './describe-capture.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';

/** One of the streams that an image will have. */
export type PlannedStream = {
  /** "p1", "gap-1". */
  readonly key: string;
  readonly source: CaptureSource;
  readonly sizeBytes: Bytes;
  /** What is to be said of it when it is captured. */
  readonly warnings: readonly Message[];
};

/** Puts the stream into `streams` by its key once the server has it. Throws as `uploadStream` does, and `disk-read-failed`. */
export async function sendStream(
  job: CaptureJob,
  streams: Map<string, ImageStream>,
  stream: PlannedStream,
  { signal, progress }: StepContext,
): Promise<StepEnd> {
  const { key, source, sizeBytes, warnings } = stream;
  const content = contentOf(source);
  const isWhole = content === 'raw';
  const name = `${key}.${content}${job.compressor.suffix}`;
  const attempts = await uploadWithRetry(job, name, signal, async (attempt) => {
    let rawBytes = 0;
    const pipeline = startCapture({
      source,
      compressor: job.compressor,
      workDirectory: job.workDirectory,
      onProgress: ({ usedBytes, fraction }) => {
        rawBytes = usedBytes;
        progress(usedBytes * fraction, usedBytes, fraction);
      },
    });
    const kill = (): void => pipeline.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    try {
      const receipt = await uploadStream(
        job.link,
        { ...job.target, name },
        pipeline,
        (sentBytes) => {
          // Of plain sectors that are compressed only the sent bytes are known: a lower bound of what was read.
          if (isWhole) progress(Math.min(sentBytes, sizeBytes));
        },
      );
      if (isWhole && rawBytes !== sizeBytes) throw wrongLength(name, rawBytes, sizeBytes);
      streams.set(key, await describeStream(job.run, source, { name, rawBytes, receipt }));
      progress(rawBytes, rawBytes, 1);
      return attempt;
    } finally {
      signal.removeEventListener('abort', kill);
      await pipeline.finished.catch(() => undefined);
    }
  });
  const notes = [
    ...warnings,
    ...(attempts > 1 ? [message('note.sent-again', { times: attempts })] : []),
  ];
  return notes.length === 0 ? undefined : { state: 'warned', notes };
}

function wrongLength(name: string, foundBytes: Bytes, sizeBytes: Bytes): OperatorError {
  return new OperatorError({
    code: 'disk-read-failed',
    message: `reading the stream ${name}: ${foundBytes} bytes were read instead of ${sizeBytes}`,
    hint: 'The disk may be failing: see dmesg and smartctl.',
  });
}
