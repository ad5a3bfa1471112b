/** The blocks in which a disk is written past its cache. */

import type { Bytes } from '../units.ts';

const MEGABYTE = 1024 * 1024;

/** The size of the blocks in which `countBytes` are written directly: they divide it exactly, whatever the sector size. */
export function directBlockBytes(countBytes: Bytes): Bytes {
  return commonDivisor(countBytes, MEGABYTE);
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
