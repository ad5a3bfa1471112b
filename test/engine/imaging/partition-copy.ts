/** Partitions with real file systems, captured and restored as the engine does it. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { startCapture, type CaptureSource } from '../../../engine/imaging/capture-stream.ts';
import { findCompressor, type Compressor } from '../../../engine/imaging/compression.ts';
import { startRestore, type RestoreTarget } from '../../../engine/imaging/restore-stream.ts';
import { run } from '../../../lib/exec/run.ts';
import { ImageStream } from '../../../lib/model/image.ts';
import type { Bytes } from '../../../lib/units.ts';
import { describeMounted, fillMounted, isMountable } from '../../lab/mount.ts';
import type { MountJobResult } from '../../lab/mount.ts';
import { makeScratchDisk, MIB, scratchDirectory, type ScratchDisk } from '../scratch-disk.ts';

type Recipe = {
  readonly sizeBytes: Bytes;
  readonly make: readonly [string, ...string[]];
  /** Ends with status 0 when the file system is sound; the device is added to it. */
  readonly check: readonly [string, ...string[]];
};

/** The smallest that each program makes, with labels where they are short work. */
export const FILESYSTEMS = {
  ext4: {
    sizeBytes: 64 * MIB,
    make: ['mkfs.ext4', '-q', '-F', '-b', '4096', '-L', 'Größe'],
    check: ['e2fsck', '-f', '-n'],
  },
  ntfs: {
    sizeBytes: 32 * MIB,
    make: ['mkntfs', '-q', '-Q', '-F', '-L', 'Übung'],
    check: ['ntfsfix', '--no-action'],
  },
  vfat: {
    sizeBytes: 48 * MIB,
    make: ['mkfs.vfat', '-F', '32', '-n', 'DATEN'],
    check: ['fsck.vfat', '-n'],
  },
  xfs: { sizeBytes: 304 * MIB, make: ['mkfs.xfs', '-q', '-f'], check: ['xfs_repair', '-n'] },
  btrfs: {
    sizeBytes: 128 * MIB,
    make: ['mkfs.btrfs', '-q', '-f'],
    check: ['btrfs', 'check', '--readonly'],
  },
  exfat: {
    sizeBytes: 32 * MIB,
    make: ['mkfs.exfat', '-L', 'DATEN'],
    check: ['fsck.exfat', '-n'],
  },
} satisfies Record<string, Recipe>;
export type FilesystemName = keyof typeof FILESYSTEMS;

export type TestPartition = ScratchDisk & { readonly device: string };

/** A disk with one partition of `sizeBytes`, without a file system. */
export async function makePartition(t: TestContext, sizeBytes: Bytes): Promise<TestPartition> {
  const disk = await makeScratchDisk(t, {
    sizeBytes: sizeBytes + 2 * MIB,
    script: `label: dos\nsize=${sizeBytes / MIB}M, type=83\n`,
  });
  return { ...disk, device: `${disk.address}p1` };
}

/** The same with a file system that has some MB of files in it, where this kernel or a tool can write them. */
export async function makeFilled(t: TestContext, name: FilesystemName): Promise<TestPartition> {
  const { sizeBytes, make }: Recipe = FILESYSTEMS[name];
  const partition = await makePartition(t, sizeBytes);
  const [tool, ...args] = make;
  await run(tool, [...args, partition.device]);
  if (isMountable(name)) {
    const directory = join(partition.directory, 'mnt');
    await mkdir(directory);
    const kind = name === 'ntfs' ? 'ntfs' : name === 'vfat' ? 'fat' : 'posix';
    await fillMounted(
      run,
      { device: partition.device, imageFile: partition.file, filesystem: name, directory },
      { recipe: { seed: 8, copiedBytes: 3_000_000, randomBytes: 2_000_000, kind } },
    );
  }
  return partition;
}

/** Every file with its content, by mounting; null where nothing here can mount it. */
export async function describeFiles(
  partition: TestPartition,
  name: FilesystemName,
): Promise<MountJobResult | null> {
  if (!isMountable(name)) return null;
  const directory = join(partition.directory, 'seen');
  await mkdir(directory, { recursive: true });
  const { device, file } = partition;
  return describeMounted(run, { device, imageFile: file, filesystem: name, directory });
}

export async function assertSound(partition: TestPartition, name: FilesystemName): Promise<void> {
  const { check }: Recipe = FILESYSTEMS[name];
  const [tool, ...args] = check;
  await run(tool, [...args, partition.device]);
}

export function filesystemSource(device: string, type: string): CaptureSource {
  const { program } = filesystemOf(type);
  assert.ok(program !== null);
  return { type: 'filesystem', device, program };
}

export type Captured = { readonly bytes: Buffer; readonly usedBytes: Bytes };

/** Captures into memory. Rejects with what the pipeline fails with. */
export async function capture(
  t: TestContext,
  source: CaptureSource,
  compressor?: Compressor,
): Promise<Captured> {
  let usedBytes = 0;
  const pipeline = startCapture({
    source,
    compressor: compressor ?? (await findCompressor(run, 'none')),
    workDirectory: await scratchDirectory(t),
    onProgress: (progress) => {
      usedBytes = progress.usedBytes;
    },
  });
  assert.ok(pipeline.output !== null);
  const bytes = await buffer(pipeline.output);
  await pipeline.finished;
  return { bytes, usedBytes };
}

/** Restores from memory. Rejects with what the pipeline fails with. */
export async function restore(
  t: TestContext,
  bytes: Buffer,
  content: ImageStream['content'],
  target: RestoreTarget,
  compressor?: Compressor,
  rawBytes: Bytes = bytes.length,
): Promise<void> {
  const pipeline = startRestore({
    stream: streamOf('p1.test', content, bytes, rawBytes),
    target,
    compressor: compressor ?? (await findCompressor(run, 'none')),
    workDirectory: await scratchDirectory(t),
  });
  pipeline.input?.end(bytes);
  await pipeline.finished;
}

/** How a manifest describes `bytes`, which are `rawBytes` when they are decompressed. */
export function streamOf(
  name: string,
  content: ImageStream['content'],
  bytes: Buffer,
  rawBytes: Bytes = bytes.length,
): ImageStream {
  return ImageStream.parse({
    name,
    content,
    tool: 'a test',
    rawBytes,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
}
