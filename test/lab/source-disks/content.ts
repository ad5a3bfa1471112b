/** Files as a used computer has them: real ones of this machine, and one of each kind that is easily lost. */

import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import type { ContentRecipe } from '../mount.ts';
import { randomBytes, shuffle } from './seeded-random.ts';

const MAX_COPIED_FILES = 2500;
const MAX_COPIED_FILE_BYTES = 24 * 1024 * 1024;

/** Fills the empty directory `root` by `recipe`. Throws when this machine has too little in /usr. */
export async function fillTree(run: Run, root: string, recipe: ContentRecipe): Promise<void> {
  copyFromUsr(root, recipe);
  writeRandomFiles(join(root, 'incompressible'), recipe);
  writeOddNames(root);
  writeFileSync(join(root, 'empty file'), '');
  if (recipe.kind === 'fat') return;
  writeSparseFile(join(root, 'sparse', 'holes.bin'), recipe.seed);
  writeHardLinks(join(root, 'hard links'));
  if (recipe.kind === 'ntfs') return;
  writeSymbolicLinks(join(root, 'symbolic links'));
  await writeSpecialFiles(run, join(root, 'special'));
}

function copyFromUsr(root: string, recipe: ContentRecipe): void {
  let bytes = 0;
  let count = 0;
  const taken = new Set<string>();
  for (const source of candidates(recipe.seed)) {
    const target = join(root, source);
    const stat = lstatSync(source);
    if (recipe.kind !== 'posix') {
      // FAT and NTFS know no such names, and FAT no two that differ in capitals only.
      const key = target.toLowerCase();
      if (!stat.isFile() || !/^[\w/+. -]*[\w+-]$/.test(source) || taken.has(key)) continue;
      taken.add(key);
    }
    if (stat.size > MAX_COPIED_FILE_BYTES) continue;
    mkdirSync(dirname(target), { recursive: true });
    if (stat.isSymbolicLink()) {
      symlinkSync(readlinkSync(source), target);
      continue;
    }
    if (!stat.isFile()) continue;
    copyFileSync(source, target);
    if (recipe.kind === 'posix') chownSync(target, stat.uid, stat.gid);
    utimesSync(target, stat.atime, stat.mtime);
    bytes += stat.size;
    count += 1;
    if (bytes >= recipe.copiedBytes || count >= MAX_COPIED_FILES) return;
  }
  if (bytes < recipe.copiedBytes / 2) {
    throw new Error(
      `filling ${root}: /usr of this machine has only ${bytes} bytes of usable files`,
    );
  }
}

/** Paths below /usr: directory by directory, in an order that depends on the seed. */
function* candidates(seed: number): Generator<string> {
  const parents = ['/usr/lib/x86_64-linux-gnu', '/usr/share', '/usr/lib'];
  const directories = parents.flatMap((parent) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(parent, entry.name)),
  );
  yield* below('/usr/bin', seed);
  for (const directory of shuffle(directories.sort(), seed)) {
    if (!parents.includes(directory)) yield* below(directory, null);
  }
}

function* below(directory: string, sampleSeed: number | null): Generator<string> {
  const entries = readdirSync(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const chosen = sampleSeed === null ? entries : shuffle(entries, sampleSeed).slice(0, 300);
  for (const entry of chosen) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* below(path, null);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

function writeRandomFiles(directory: string, recipe: ContentRecipe): void {
  mkdirSync(directory);
  const fileBytes = 4 * 1024 * 1024;
  for (let index = 0; index * fileBytes < recipe.randomBytes; index += 1) {
    const size = Math.min(fileBytes, recipe.randomBytes - index * fileBytes);
    writeFileSync(join(directory, `${index}.bin`), randomBytes(recipe.seed * 1000 + index, size));
  }
}

function writeOddNames(root: string): void {
  const directory = join(root, 'Übung & Prüfung', 'tief', 'tiefer', 'am tiefsten');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'Größe – süß, Straße.txt'), 'äöüßÄÖÜ\n');
  writeFileSync(join(directory, 'naïve café 日本語.txt'), 'non-ASCII\n');
  writeFileSync(join(directory, `${'lang'.repeat(50)}.txt`), 'long name\n');
}

/** 96 MiB with three islands of data. */
function writeSparseFile(path: string, seed: number): void {
  mkdirSync(dirname(path));
  const fd = openSync(path, 'w');
  const mebibyte = 1024 * 1024;
  for (const [index, offset] of [0, 37 * mebibyte + 4321, 95 * mebibyte].entries()) {
    writeSync(fd, randomBytes(seed * 1000 + 900 + index, 64 * 1024), 0, 64 * 1024, offset);
  }
  ftruncateSync(fd, 96 * mebibyte);
  closeSync(fd);
}

function writeHardLinks(directory: string): void {
  mkdirSync(directory);
  const first = join(directory, 'first');
  writeFileSync(first, 'three names, one file\n');
  linkSync(first, join(directory, 'second'));
  mkdirSync(join(directory, 'elsewhere'));
  linkSync(first, join(directory, 'elsewhere', 'third'));
}

function writeSymbolicLinks(directory: string): void {
  mkdirSync(directory);
  symlinkSync('../empty file', join(directory, 'relative'));
  symlinkSync('/usr/bin/env', join(directory, 'absolute'));
  symlinkSync('nowhere/überhaupt', join(directory, 'dangling'));
  // Too long for the inode: ext4, XFS and btrfs keep it elsewhere.
  symlinkSync('long/'.repeat(100), join(directory, 'long'));
}

async function writeSpecialFiles(run: Run, directory: string): Promise<void> {
  mkdirSync(directory);
  const file = (name: string, mode: number): string => {
    const path = join(directory, name);
    writeFileSync(path, `${basename(path)}\n`);
    chmodSync(path, mode);
    return path;
  };
  file('setuid', 0o4755);
  file('nobody may', 0o000);
  chownSync(file('owned', 0o640), 12345, 54321);
  utimesSync(file('old', 0o644), 86_400.123, 86_400.123456);
  const attributes = file('attributes', 0o644);
  await run('setfattr', ['-n', 'user.colour', '-v', 'grün', attributes]);
  await run('setfattr', ['-n', 'user.large', '-v', `0x${'5a'.repeat(2000)}`, attributes]);
  const capable = file('capable', 0o755);
  // cap_net_raw=ep as revision 2 of vfs_cap_data (linux/capability.h).
  const capability = '0x0100000200200000000000000000000000000000';
  await run('setfattr', ['-n', 'security.capability', '-v', capability, capable]);
  mkdirSync(join(directory, 'sticky'));
  chmodSync(join(directory, 'sticky'), 0o1777);
  await run('mkfifo', [join(directory, 'fifo')]);
  await run('mknod', [join(directory, 'null'), 'c', '1', '3']);
}
