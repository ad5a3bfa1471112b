/** Changing single bytes of a volume, as a program that was cut off leaves them. */

import { open } from 'node:fs/promises';

export async function patchFile(
  file: string,
  offsetBytes: number,
  bytes: readonly number[] | Buffer,
): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.from(bytes), 0, bytes.length, offsetBytes);
  } finally {
    await handle.close();
  }
}
