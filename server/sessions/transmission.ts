/** What a host is sent for a whole disk: the image's stream files with a frame before each (lib/protocol/session-stream). */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageStream, Manifest } from '../../lib/model/image.ts';
import { streamsOf } from '../../lib/model/image.ts';
import type { Sha256 } from '../../lib/model/names.ts';
import { encodeFrame } from '../../lib/protocol/session-stream.ts';
import { SESSION_STREAM_VERSION } from '../../lib/protocol/version.ts';
import type { Bytes } from '../../lib/units.ts';

/** A piece of a transmission: bytes at hand, or a stream file. */
export type Piece =
  | { readonly type: 'frame'; readonly data: Buffer }
  | { readonly type: 'file'; readonly path: string; readonly sizeBytes: Bytes };

export type Transmission = { readonly pieces: readonly Piece[]; readonly totalBytes: Bytes };

/** Lists what is to be sent; `pathOf` says where a stream's file lies. */
export function planTransmission(options: {
  readonly transmissionId: string;
  readonly manifest: Manifest;
  readonly manifestSha256: Sha256;
  readonly pathOf: (stream: ImageStream) => string;
}): Transmission {
  const { transmissionId, manifest, manifestSha256 } = options;
  const streams = streamsOf(manifest);
  const frame = (data: Buffer): Piece => ({ type: 'frame', data });
  const pieces: Piece[] = [
    frame(
      encodeFrame({
        type: 'session',
        protocolVersion: SESSION_STREAM_VERSION,
        transmissionId,
        imageId: manifest.imageId,
        versionId: manifest.versionId,
        manifestSha256,
        streamCount: streams.length,
      }),
    ),
    ...streams.flatMap((stream, index): Piece[] => [
      frame(
        encodeFrame({
          type: 'stream',
          transmissionId,
          index,
          name: stream.name,
          sizeBytes: stream.sizeBytes,
          sha256: stream.sha256,
        }),
      ),
      { type: 'file', path: options.pathOf(stream), sizeBytes: stream.sizeBytes },
    ]),
    frame(encodeFrame({ type: 'end', transmissionId })),
  ];
  const totalBytes = pieces.reduce(
    (sum, piece) => sum + (piece.type === 'frame' ? piece.data.length : piece.sizeBytes),
    0,
  );
  return { pieces, totalBytes };
}

/**
 * Puts the frames into files of their own in `directory`, so that cat(1) can send the whole without a byte passing
 * through JavaScript. Returns all the paths in order; `remove` takes the directory away.
 */
export async function layOut(
  transmission: Transmission,
  directory: string,
): Promise<{ readonly paths: readonly string[]; readonly remove: () => Promise<void> }> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const paths = await Promise.all(
    transmission.pieces.map(async (piece, index) => {
      if (piece.type === 'file') return piece.path;
      const path = join(directory, `frame-${index}`);
      await writeFile(path, piece.data, { mode: 0o600 });
      return path;
    }),
  );
  return { paths, remove: () => rm(directory, { recursive: true, force: true }) };
}
