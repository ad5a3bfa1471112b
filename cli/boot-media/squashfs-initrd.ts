/** An initramfs that brings the root file system: the loader loads it beside the real one, no disk driver is needed. */

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { LOADED_SQUASHFS } from '../../lib/boot/kernel-command-line.ts';

const DIRECTORY = 0o040755;
const REGULAR_FILE = 0o100444;

/**
 * Writes the squashfs at `source` as the file LOADED_SQUASHFS of a cpio archive to `path` ("newc",
 * Documentation/driver-api/early-userspace in the kernel's sources).
 */
export async function writeSquashfsInitrd(
  source: { readonly path: string; readonly sizeBytes: number },
  path: string,
): Promise<void> {
  const [, directory = '', name = ''] = LOADED_SQUASHFS.split('/');
  const file = await open(path, 'wx');
  try {
    await file.write(header(1, directory, DIRECTORY, 0));
    await file.write(header(2, `${directory}/${name}`, REGULAR_FILE, source.sizeBytes));
    let copied = 0;
    for await (const chunk of createReadStream(source.path, { highWaterMark: 1024 * 1024 })) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a file was read as text');
      copied += chunk.length;
      await file.write(chunk);
    }
    if (copied !== source.sizeBytes) {
      throw new Error(`${source.path} has ${copied} bytes, not ${source.sizeBytes}`);
    }
    await file.write(Buffer.alloc(missingTo(copied, 4)));
    await file.write(header(0, 'TRAILER!!!', 0, 0));
  } finally {
    await file.close();
  }
}

function header(inode: number, path: string, mode: number, sizeBytes: number): Buffer {
  const name = `${path}\0`;
  // inode, mode, uid, gid, links, mtime, size, device (2), special device (2), length of the name, checksum
  const numbers = [inode, mode, 0, 0, 1, 0, sizeBytes, 0, 0, 0, 0, name.length, 0];
  const text = `070701${numbers.map((each) => each.toString(16).padStart(8, '0')).join('')}${name}`;
  return Buffer.from(text.padEnd(text.length + missingTo(text.length, 4), '\0'));
}

function missingTo(length: number, multiple: number): number {
  return (multiple - (length % multiple)) % multiple;
}
