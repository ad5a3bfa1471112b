/** The Range header of HTTP (RFC 9110, section 14): one range of bytes; more at once are not needed here. */

import type { Bytes } from '../../lib/units.ts';

export type ByteRange = { readonly firstByte: Bytes; readonly byteCount: Bytes };

/** Null: all of it is wanted, or the header is one that may be ignored. */
export function parseRange(
  header: string | undefined,
  sizeBytes: Bytes,
): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const byteCount = Math.min(Number(last), sizeBytes);
    return byteCount === 0 ? 'unsatisfiable' : { firstByte: sizeBytes - byteCount, byteCount };
  }
  const firstByte = Number(first);
  const lastByte = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < firstByte) return null;
  if (firstByte >= sizeBytes) return 'unsatisfiable';
  return { firstByte, byteCount: lastByte - firstByte + 1 };
}
