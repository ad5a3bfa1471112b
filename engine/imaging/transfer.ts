/** One transmission on its way to a disk: who sends it, what is received, and what still writes. */

import { OperatorError } from '../../lib/errors.ts';
import type { Pipeline } from '../../lib/exec/pipeline.ts';
import type { ImageStream } from '../../lib/model/image.ts';
import type { DeployImage } from '../../lib/model/operations/assignment.ts';
import type { Bytes } from '../../lib/units.ts';
import { ByteSource } from '../transport/byte-source.ts';
import type { ImageReceiver } from '../transport/image-receiver.ts';
import { TransmissionReader } from '../transport/transmission-reader.ts';
import type { Compressor } from './compression.ts';
import { startRestore, type RestoreTarget } from './restore-stream.ts';

/** A stream of the image, and where on the target it goes. */
export type StreamTarget = { readonly stream: ImageStream; readonly target: RestoreTarget };

export class Transfer {
  readonly #compressor: Compressor;
  readonly #workDirectory: string;
  #receiver: ImageReceiver | null = null;
  #reader: TransmissionReader | null = null;
  readonly #writing: Pipeline[] = [];
  /** Steps that write by themselves, as long as they are under way. */
  readonly #finishing: Promise<unknown>[] = [];

  constructor(options: { readonly compressor: Compressor; readonly workDirectory: string }) {
    this.#compressor = options.compressor;
    this.#workDirectory = options.workDirectory;
  }

  /** From now on `stop` and `leave` reach `receiver`. */
  receiveFrom(receiver: ImageReceiver): void {
    this.#receiver = receiver;
  }

  /**
   * Resolves when the first frame has shown that it is `image` that comes. Throws `session-missed` when nothing came of it,
   * else as TransmissionReader.begin.
   */
  async begin(image: DeployImage, streamCount: number): Promise<void> {
    if (this.#receiver === null) throw new TypeError('nobody to receive from');
    const { data, transmissionId } = this.#receiver;
    const reader = new TransmissionReader(new ByteSource(data), transmissionId);
    try {
      await reader.begin(image, streamCount);
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'stream-broken') {
        throw missedError(image, error);
      }
      throw error;
    }
    this.#reader = reader;
  }

  /** Receives the stream `index`; it and those before may still be on their way to the disk afterwards. */
  async receive(
    { stream, target }: StreamTarget,
    index: number,
    onBytes: (receivedBytes: Bytes) => void,
  ): Promise<void> {
    if (this.#reader === null) throw new TypeError('no transmission to read from');
    const failed = this.#writing.map(async (pipeline) => {
      await pipeline.finished;
      return new Promise<never>(() => undefined);
    });
    const pipeline = startRestore({
      stream,
      target,
      compressor: this.#compressor,
      workDirectory: this.#workDirectory,
    });
    this.#writing.push(pipeline);
    await Promise.race([this.#reader.stream(stream, index, pipeline, onBytes), ...failed]);
  }

  /** Resolves when the transmission has ended as it should and all that was received is written. */
  async finish(): Promise<void> {
    await this.#reader?.end();
    await this.#receiver?.finish();
    await Promise.all(this.#writing.map((pipeline) => pipeline.finished));
  }

  /** Keeps track of `work`, which writes by itself: its tools may be in the kernel for long after they were killed. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#finishing.push(work);
    return work;
  }

  /** Nobody in the session waits for this host any more. */
  async leave(): Promise<void> {
    await this.#receiver?.leave();
  }

  /** Leaves the session first, so that the other hosts are not held up, then ends what still writes. */
  async stop(): Promise<void> {
    await this.leave();
    // Killed writers write nothing more, but may take long to end: the kernel syncs what they have written.
    for (const pipeline of this.#writing) pipeline.kill('SIGKILL');
  }

  /** Each settles when one of those that wrote is gone. */
  writers(): readonly Promise<unknown>[] {
    return [...this.#writing.map(({ finished }) => finished), ...this.#finishing];
  }
}

function missedError(image: DeployImage, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'session-missed',
    message: `waiting for the image "${image.name}": the transmission did not reach this host`,
    hint: 'Check that multicast passes between server and host (switches, IGMP), or deploy with --transport unicast.',
    cause,
  });
}
