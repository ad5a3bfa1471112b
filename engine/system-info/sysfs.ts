/** Reads single files of the kernel's, in /sys and elsewhere. */

import { readFile } from 'node:fs/promises';

/** The content of a file of the kernel's without space around it; null when it is empty, absent or unreadable. */
export async function readSysfs(path: string): Promise<string | null> {
  const text = (await readSysfsBytes(path))?.toString('utf8').trim() ?? '';
  return text === '' ? null : text;
}

/** The content of a file of the kernel's; null when it is absent or unreadable. */
export async function readSysfsBytes(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    // Attributes in /sys answer EINVAL, ENODEV or EIO for what the hardware does not have.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
