/** Takes a transmission apart: one stream after another, each checked to be the one that must come now. */

import { createHash } from 'node:crypto';
import { OperatorError } from '../../lib/errors.ts';
import type { Pipeline } from '../../lib/exec/pipeline.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import type { DeployImage } from '../../lib/model/operations/assignment.ts';
import {
  decodeFrameHeader,
  FRAME_PREFIX_BYTES,
  frameHeaderBytes,
  wrongStream,
  type Frame,
} from '../../lib/protocol/session-stream.ts';
import type { Bytes } from '../../lib/units.ts';
import { brokenStream, type ByteSource } from './byte-source.ts';

export class TransmissionReader {
  readonly #source: ByteSource;
  readonly #transmissionId: string;

  /** `transmissionId` is what every frame must carry: the session's id, or the run's for unicast. */
  constructor(source: ByteSource, transmissionId: string) {
    this.#source = source;
    this.#transmissionId = transmissionId;
  }

  /** The first frame. Throws `stream-wrong` when it announces another image than this host is to get. */
  async begin(image: DeployImage, streamCount: number): Promise<void> {
    const frame = await this.#frame();
    if (
      frame.type !== 'session' ||
      frame.imageId !== image.imageId ||
      frame.versionId !== image.versionId ||
      frame.manifestSha256 !== image.manifestSha256 ||
      frame.streamCount !== streamCount
    ) {
      throw wrongStream(
        `receiving the image "${image.name}": the transmission announces another image`,
      );
    }
  }

  /**
   * The next stream, into `pipeline`, whose input it ends. The pipeline may go on working after this resolves.
   * Throws `stream-wrong` when another stream comes than `expected`, `hash-mismatch` when its bytes are not those of
   * the manifest, `stream-broken` when it ends early, and what the pipeline fails with.
   */
  async stream(
    expected: ImageStream,
    index: number,
    pipeline: Pipeline,
    onBytes: (doneBytes: Bytes) => void,
  ): Promise<void> {
    const frame = await this.#frame();
    if (
      frame.type !== 'stream' ||
      frame.index !== index ||
      frame.name !== expected.name ||
      frame.sizeBytes !== expected.sizeBytes ||
      frame.sha256 !== expected.sha256
    ) {
      throw wrongStream(`receiving the stream ${expected.name}: another stream comes in its place`);
    }
    const { input } = pipeline;
    if (input === null) throw new TypeError('a pipeline that takes no data');
    // A writer that waits for room in a pipeline must learn when the pipeline fails instead.
    const ended = new AbortController();
    const over = pipeline.finished.finally(() => ended.abort());
    over.catch(() => undefined);
    const hash = createHash('sha256');
    let done = 0;
    while (done < expected.sizeBytes) {
      const chunk = await this.#source.next(expected.sizeBytes - done);
      if (ended.signal.aborted) {
        await over;
        throw wrongStream(
          `writing the stream ${expected.name}: the writer ended before its data did`,
        );
      }
      if (chunk === null) throw brokenStream(expected.sizeBytes - done);
      hash.update(chunk);
      done += chunk.length;
      if (!input.write(chunk)) await Promise.race([drained(input), over]);
      onBytes(done);
    }
    if (hash.digest('hex') !== expected.sha256) throw hashError(expected);
    input.end();
  }

  /** The last frame, and the end. */
  async end(): Promise<void> {
    const frame = await this.#frame();
    if (frame.type !== 'end') {
      throw wrongStream('receiving the end of the image: something else follows');
    }
    if ((await this.#source.next(1)) !== null) {
      throw wrongStream('receiving the end of the image: bytes follow it');
    }
  }

  async #frame(): Promise<Frame> {
    const prefix = await this.#source.exactly(FRAME_PREFIX_BYTES);
    const frame = decodeFrameHeader(await this.#source.exactly(frameHeaderBytes(prefix)));
    if (frame.transmissionId !== this.#transmissionId) {
      throw wrongStream(
        `receiving the image: the data belongs to transmission ${frame.transmissionId}, not to ${this.#transmissionId}`,
      );
    }
    return frame;
  }
}

async function drained(input: NonNullable<Pipeline['input']>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      input.off('drain', done);
      input.off('close', done);
      resolve();
    };
    input.on('drain', done);
    input.on('close', done);
  });
}

function hashError(stream: ImageStream): OperatorError {
  return new OperatorError({
    code: 'hash-mismatch',
    message: `checking the stream ${stream.name}: its SHA-256 is not the one in the manifest`,
    hint: 'Run `openclone image verify` on the server: if the image is damaged, capture it again; else test the memory and network of this host.',
  });
}
