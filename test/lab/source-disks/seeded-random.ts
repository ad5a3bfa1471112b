/** Random things that are the same for the same seed. */

import { createCipheriv, createHash } from 'node:crypto';

/** `size` bytes that cannot be compressed: the key stream of AES in counter mode. */
export function randomBytes(seed: number, size: number): Buffer {
  const key = createHash('sha256').update(`openclone-lab ${seed}`).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(size));
}

/** A copy of `items` in another order (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const rest = [...items];
  const random = randomBytes(seed, items.length * 4);
  const result: T[] = [];
  for (let index = 0; rest.length > 0; index += 1) {
    result.push(...rest.splice(random.readUInt32LE(index * 4) % rest.length, 1));
  }
  return result;
}
