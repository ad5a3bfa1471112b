/** Changing a Minix in a file as the kernel would. */

import { readFile } from 'node:fs/promises';
import { patchFile } from './patch-file.ts';

/** Gives the last zone a content and marks it used, as the kernel would. */
export async function useLastZone(file: string, isV2: boolean): Promise<void> {
  const bytes = await readFile(file);
  const superBlock = bytes.subarray(1024, 2048);
  const zones = isV2 ? superBlock.readUInt32LE(20) : superBlock.readUInt16LE(2);
  const bit = zones - superBlock.readUInt16LE(8);
  const at = (2 + superBlock.readUInt16LE(4)) * 1024 + (bit >> 3);
  await patchFile(file, at, [(bytes[at] ?? 0) | (1 << (bit & 7))]);
  await patchFile(file, (zones - 1) * 1024, Buffer.alloc(1024, 'last zone '));
}
