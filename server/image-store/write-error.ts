/** The operator's error for a failure to write below the image directory. */

import { statfs } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';
import { isFull } from '../store/durable-write.ts';

export type Space = { readonly path: string; readonly sizeBytes: Bytes; readonly freeBytes: Bytes };

/** The size of the file system that `path` is on, and what of it can be written (statfs(2), f_bavail). */
export async function spaceOf(path: string): Promise<Space> {
  const { bsize, blocks, bavail } = await statfs(path);
  return { path, sizeBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/**
 * `image-store-full` when `cause` says so, else `image-write-failed`. `doing` goes on with the path: "storing the
 * stream p1.raw.zst of run-… in". Call it when the incomplete file is gone: it names the free bytes.
 */
export async function imageWriteError(
  doing: string,
  path: string,
  cause: unknown,
): Promise<OperatorError> {
  if (!isFull(cause)) {
    return new OperatorError({
      code: 'image-write-failed',
      message: `${doing} ${path}`,
      hint: `See to the disk and the permissions of ${path}, then capture again.`,
      cause,
    });
  }
  const { sizeBytes, freeBytes } = await spaceOf(path);
  return new OperatorError({
    code: 'image-store-full',
    message: `${doing} ${path}, which has ${freeBytes} of ${sizeBytes} bytes free (${formatBytes(freeBytes)})`,
    hint: `Delete images that are not needed any more (openclone image delete NAME) or give the file system of ${path} more room, then capture again.`,
    cause,
  });
}
