/** A file tree as comparable text: one entry a path, with everything a clone must have kept. */

import { createHash } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';

/** What a file system has beyond names, sizes, times and contents. */
export type TreeDetail = {
  /** Permissions, owner, device numbers. */
  readonly owners: boolean;
  /** Allocated blocks: a sparse file must still be sparse. */
  readonly blocks: boolean;
};

/** Path below the root → description. Two trees are equal when the records are. */
export type Tree = Record<string, string>;

/**
 * Describes everything below `root` on the same file system: type, mode, owner, size, blocks, modification time,
 * which earlier path it is a hard link of, link target, SHA-256 of the content. Throws when a directory is unreadable.
 */
export function describeTree(root: string, detail: TreeDetail): Tree {
  const tree: Tree = {};
  const seen = new Map<bigint, string>();
  const device = lstatSync(root, { bigint: true }).dev;
  const visit = (relative: string): void => {
    const path = join(root, relative);
    const stat = lstatSync(path, { bigint: true });
    tree[relative === '' ? '/' : relative] = describeEntry(path, relative, stat, detail, seen);
    if (!stat.isDirectory() || stat.dev !== device) return;
    for (const name of readdirSync(path).sort())
      visit(relative === '' ? name : `${relative}/${name}`);
  };
  visit('');
  return tree;
}

function describeEntry(
  path: string,
  relative: string,
  stat: BigIntStats,
  detail: TreeDetail,
  seen: Map<bigint, string>,
): string {
  const parts = [typeOf(stat)];
  if (detail.owners) {
    parts.push(`mode ${(stat.mode & 0o7777n).toString(8).padStart(4, '0')}`);
    parts.push(`owner ${stat.uid}:${stat.gid}`);
    if (stat.isBlockDevice() || stat.isCharacterDevice()) parts.push(`device ${stat.rdev}`);
  }
  parts.push(`modified ${stat.mtimeNs}`);
  if (stat.isSymbolicLink()) parts.push(`target ${JSON.stringify(readlinkSync(path))}`);
  if (stat.isFile()) parts.push(...describeFile(path, relative, stat, detail, seen));
  return parts.join(', ');
}

function describeFile(
  path: string,
  relative: string,
  stat: BigIntStats,
  detail: TreeDetail,
  seen: Map<bigint, string>,
): string[] {
  const size = [`size ${stat.size}`, ...(detail.blocks ? [`blocks ${stat.blocks}`] : [])];
  const first = seen.get(stat.ino);
  if (stat.nlink > 1n && first !== undefined) return [...size, `same as ${JSON.stringify(first)}`];
  if (stat.nlink > 1n) seen.set(stat.ino, relative);
  return [...size, `links ${stat.nlink}`, describeContent(path)];
}

/** A damaged file is a finding, not the end of the description: btrfs refuses to read wrong data. */
function describeContent(path: string): string {
  try {
    return `sha256 ${hashFile(path)}`;
  } catch (error) {
    return `unreadable (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`;
  }
}

function typeOf(stat: BigIntStats): string {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symbolic link';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  return stat.isBlockDevice() ? 'block device' : 'character device';
}

/** SHA-256 in hexadecimal of `path` (a file or a device), or of `length` bytes of it from `offset` on. */
export function hashFile(path: string, range?: { offset: number; length: number }): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  const fd = openSync(path, 'r');
  try {
    let position = range?.offset ?? 0;
    const end = range === undefined ? Infinity : range.offset + range.length;
    while (position < end) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, end - position), position);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      position += count;
    }
    if (range !== undefined && position < end) {
      throw new Error(`reading ${path}: it ends at ${position}, not at ${end}`);
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
