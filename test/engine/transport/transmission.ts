/** Transmissions as bytes, whole or wrong, and pipelines to read them into. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { TransmissionReader } from '../../../engine/transport/transmission-reader.ts';
import { ByteSource } from '../../../engine/transport/byte-source.ts';
import { startPipeline, type Pipeline } from '../../../lib/exec/pipeline.ts';
import { ImageId, VersionId } from '../../../lib/model/ids.ts';
import { ImageStream, Manifest } from '../../../lib/model/image.ts';
import { Sha256 } from '../../../lib/model/names.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import { encodeFrame, type Frame } from '../../../lib/protocol/session-stream.ts';
import { SESSION_STREAM_VERSION } from '../../../lib/protocol/version.ts';
import { SAMPLE_MANIFEST } from '../../support/images.ts';

export const TRANSMISSION_ID = 'session-0000000001';

export type Content = { readonly stream: ImageStream; readonly bytes: Buffer };

export function contentOf(name: string, bytes: Buffer): Content {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const sizes = { rawBytes: bytes.length, sizeBytes: bytes.length };
  return {
    stream: ImageStream.parse({ name, content: 'raw', tool: 'dd', ...sizes, sha256 }),
    bytes,
  };
}

/** An image as an engine is told of it; the manifest's own streams do not matter here. */
export function imageFor(): DeployImage {
  const manifest = Manifest.parse(SAMPLE_MANIFEST);
  return {
    ...manifest,
    imageId: ImageId.parse('image-0000000001'),
    versionId: VersionId.parse('version-0000000002'),
    manifestSha256: Sha256.parse('c'.repeat(64)),
  };
}

export function sessionFrame(
  streamCount: number,
  changes: Partial<Extract<Frame, { type: 'session' }>> = {},
): Buffer {
  const { imageId, versionId, manifestSha256 } = imageFor();
  return encodeFrame({
    type: 'session',
    protocolVersion: SESSION_STREAM_VERSION,
    transmissionId: TRANSMISSION_ID,
    imageId,
    versionId,
    manifestSha256,
    streamCount,
    ...changes,
  });
}

export function streamFrame(
  index: number,
  { stream }: Content,
  changes: Partial<Extract<Frame, { type: 'stream' }>> = {},
): Buffer {
  const { name, sizeBytes, sha256 } = stream;
  return encodeFrame({
    type: 'stream',
    transmissionId: TRANSMISSION_ID,
    index,
    name,
    sizeBytes,
    sha256,
    ...changes,
  });
}

export function endFrame(transmissionId = TRANSMISSION_ID): Buffer {
  return encodeFrame({ type: 'end', transmissionId });
}

/** The bytes of a whole transmission. */
export function transmissionOf(contents: readonly Content[]): Buffer {
  return Buffer.concat([
    sessionFrame(contents.length),
    ...contents.flatMap((content, index) => [streamFrame(index, content), content.bytes]),
    endFrame(),
  ]);
}

/** A reader of `bytes`, which come in pieces of `pieceBytes`. */
export function readerOf(bytes: Buffer, pieceBytes = 1000): TransmissionReader {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(bytes.subarray(at, at + pieceBytes));
  }
  const stream = Readable.from(pieces, { objectMode: false });
  return new TransmissionReader(new ByteSource(stream), TRANSMISSION_ID);
}

/** A real pipeline that writes what it gets to a file. */
export function writeTo(path: string): Pipeline {
  return startPipeline([{ tool: 'dd', args: [`of=${path}`, 'status=none'] }], {
    input: 'stream',
    output: 'none',
  });
}
