/**
 * The bytes of one transmission, multicast or unicast: every stream of an image, each introduced by a frame that
 * says what it is, so that a stream never reaches another partition than its own (docs/design/session.md).
 *
 * A frame is the magic "OCFRAME1", the length of its header as unsigned 32-bit big-endian, and the header as JSON.
 * The order is: one frame "session"; for each stream a frame "stream" and then just the bytes it promises; one
 * frame "end". Nothing follows.
 */

import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import { ImageId, VersionId } from '../model/ids.ts';
import { Count } from '../model/count.ts';
import { Sha256 } from '../model/names.ts';
import { SESSION_STREAM_VERSION } from './version.ts';

const MAGIC = Buffer.from('OCFRAME1', 'latin1');
export const FRAME_PREFIX_BYTES = MAGIC.length + 4;
const MAX_HEADER_BYTES = 64 * 1024;

/** A session's id, or a run's for unicast: each frame repeats it, so that transmissions cannot mix. */
const TransmissionId = z.string().min(1).max(64);

export const Frame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session'),
    protocolVersion: z.literal(SESSION_STREAM_VERSION),
    transmissionId: TransmissionId,
    imageId: ImageId,
    versionId: VersionId,
    manifestSha256: Sha256,
    streamCount: Count,
  }),
  z.object({
    type: z.literal('stream'),
    transmissionId: TransmissionId,
    index: Count,
    name: z.string().max(64),
    sizeBytes: Count,
    sha256: Sha256,
  }),
  z.object({ type: z.literal('end'), transmissionId: TransmissionId }),
]);
export type Frame = z.infer<typeof Frame>;

/** The frame as it is sent. */
export function encodeFrame(frame: Frame): Buffer {
  const header = Buffer.from(JSON.stringify(frame), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([MAGIC, length, header]);
}

/** How long the header is that follows this prefix of FRAME_PREFIX_BYTES. Throws `stream-wrong`. */
export function frameHeaderBytes(prefix: Buffer): number {
  const length = prefix.length < FRAME_PREFIX_BYTES ? 0 : prefix.readUInt32BE(MAGIC.length);
  if (
    !prefix.subarray(0, MAGIC.length).equals(MAGIC) ||
    length === 0 ||
    length > MAX_HEADER_BYTES
  ) {
    throw wrongStream('reading a frame of the transmission: there is none where one must begin');
  }
  return length;
}

/** Reads the header of a frame. Throws `stream-wrong` for anything that is none of ours. */
export function decodeFrameHeader(header: Buffer): Frame {
  let json: unknown;
  try {
    json = JSON.parse(header.toString('utf8'));
  } catch (cause) {
    throw wrongStream('reading a frame of the transmission: it is not JSON', cause);
  }
  const frame = Frame.safeParse(json);
  if (!frame.success) throw wrongStream('reading a frame of the transmission', frame.error);
  return frame.data;
}

/** The error of a transmission that is not the one this host was told to expect. */
export function wrongStream(message: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'stream-wrong',
    message,
    hint: 'Deploy again. If it happens again, another server may send to the same multicast address.',
    cause,
  });
}
