/**
 * Volumes with real file systems, captured and restored by the engine's own code onto a target full of garbage. What
 * the file system's own tools call used must be the same there, sector by sector; they must find it sound; and its files
 * must be the same when it is mounted with everything that a mount does.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { contentOf, startCapture } from '../../../engine/imaging/capture-stream.ts';
import { chooseSource, type Choice } from '../../../engine/imaging/choose-source.ts';
import { findCompressor } from '../../../engine/imaging/compression.ts';
import { startRestore } from '../../../engine/imaging/restore-stream.ts';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { run } from '../../../lib/exec/run.ts';
import type { Bytes } from '../../../lib/units.ts';
import { attachLoop, type LoopOptions } from '../../lab/loop-device.ts';
import { describeTree, type Tree } from '../../lab/tree.ts';
import { streamOf } from '../imaging/partition-copy.ts';
import { detachOwn, MIB, scratchDirectory, scratchFile } from '../scratch-disk.ts';

/** What the target holds everywhere before. */
const GARBAGE = 0xa5;
const PIECE_BYTES = 4 * MIB;

/** OPENCLONE_LONG_PROOF=1: waits as long as a person would, and volumes of every size. */
export const IS_LONG = process.env['OPENCLONE_LONG_PROOF'] === '1';

/** Bytes from `startBytes` up to, not including, `endBytes`. */
export type ByteRange = { readonly startBytes: Bytes; readonly endBytes: Bytes };

/** Makes a volume in a file of its own: `tool` gets the file behind its arguments. */
export async function makeVolume(
  t: TestContext,
  sizeBytes: Bytes,
  [tool, ...args]: readonly [string, ...string[]],
): Promise<string> {
  const file = await scratchFile(t, sizeBytes);
  await run(tool, [...args, file]);
  return file;
}

/**
 * Mounts the volume in `file` while `work` runs, as a machine does: with journal, log and all. In a namespace of its own:
 * a program that made one meanwhile (`ip netns exec` does) would keep the file system mounted after we have unmounted it.
 */
export async function withMounted<T>(
  t: TestContext,
  file: string,
  work: (directory: string) => Promise<T>,
  options: readonly string[] = [],
): Promise<T> {
  const directory = await scratchDirectory(t);
  const script = 'mount -o "$0" "$1" "$2" && echo mounted && { read -r _; umount "$2"; }';
  const mount = ['loop', ...options].join(',');
  const args = ['--mount', '--propagation', 'slave', 'sh', '-c', script, mount, file, directory];
  const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { text: '' };
  holder.stderr.on('data', (text: Buffer) => (said.text += text.toString()));
  const ended = once(holder, 'close');
  const begun = await Promise.race([once(holder.stdout, 'data'), ended]);
  assert.match(String(begun[0]), /mounted/, said.text);
  try {
    return await work(`/proc/${holder.pid}/root${directory}`);
  } finally {
    holder.stdin.end('\n');
    assert.deepEqual(await ended, [0, null], said.text);
  }
}

/** Every file and its content, by mounting as a machine does. */
export async function filesOf(
  t: TestContext,
  file: string,
  options: readonly string[] = [],
): Promise<Tree> {
  return withMounted(
    t,
    file,
    (directory) => Promise.resolve(describeTree(directory, { owners: true, blocks: true })),
    options,
  );
}

export type Copy = {
  readonly choice: Choice;
  /** The restored volume; null when the capture was refused. */
  readonly file: string | null;
};

/** Captures the volume in `source` and restores it, as the engine does with a partition. */
export async function copyVolume(t: TestContext, source: string, sizeBytes: Bytes): Promise<Copy> {
  const workDirectory = await scratchDirectory(t);
  const compressor = await findCompressor(run, 'none');
  const captured = await withLoop(source, { readOnly: true }, async (device) => {
    const { filesystemType } = await probeDevice(run, device);
    const { signal } = new AbortController();
    const content = { device, type: filesystemType };
    const filesystem = filesystemOf(filesystemType);
    const choice = await chooseSource(content, filesystem, { run, workDirectory, signal });
    if (choice.type === 'refused') return { choice, bytes: null, content: null };
    const capture = startCapture({
      source: choice.source,
      compressor,
      workDirectory,
      onProgress: () => undefined,
    });
    assert.ok(capture.output !== null);
    const bytes = await buffer(capture.output);
    await capture.finished;
    return {
      choice,
      bytes,
      content: contentOf(choice.source),
    } as const;
  });
  const { choice, bytes, content } = captured;
  if (bytes === null) return { choice, file: null };

  const file = join(workDirectory, 'target.img');
  await fillWith(file, GARBAGE, sizeBytes);
  await withLoop(file, {}, async (device) => {
    const restore = startRestore({
      stream: streamOf('p1.test', content, bytes),
      target: { type: 'partition', device },
      compressor,
      workDirectory,
    });
    restore.input?.end(bytes);
    await restore.finished;
    await run('blockdev', ['--flushbufs', device]);
  });
  return { choice, file };
}

/** Only as long as it is needed: a mount of the same file would take the device, read-only as it is. */
async function withLoop<T>(
  file: string,
  options: LoopOptions,
  work: (device: string) => Promise<T>,
): Promise<T> {
  const device = await attachLoop(run, file, options);
  try {
    return await work(device);
  } finally {
    await detachOwn(device);
  }
}

async function fillWith(file: string, value: number, sizeBytes: Bytes): Promise<void> {
  const stream = createWriteStream(file);
  const piece = Buffer.alloc(PIECE_BYTES, value);
  for (let done = 0; done < sizeBytes; done += piece.length) {
    const part = piece.subarray(0, sizeBytes - done);
    if (!stream.write(part)) await once(stream, 'drain');
  }
  await new Promise<void>((resolve) => {
    stream.end(resolve);
  });
}

/** Fails, naming the first place, where the two files differ inside of `used`. */
export async function assertSameWhereUsed(
  used: readonly ByteRange[],
  source: string,
  target: string,
): Promise<void> {
  const [theirs, ours] = [await open(source, 'r'), await open(target, 'r')];
  try {
    for (const { startBytes, endBytes } of used) {
      for (let at = startBytes; at < endBytes; at += PIECE_BYTES) {
        const length = Math.min(PIECE_BYTES, endBytes - at);
        const [one, other] = await Promise.all(
          [theirs, ours].map(async (handle) => {
            const { buffer: bytes, bytesRead } = await handle.read(
              Buffer.alloc(length),
              0,
              length,
              at,
            );
            return bytes.subarray(0, bytesRead);
          }),
        );
        assert.ok(one !== undefined && other !== undefined);
        if (!one.equals(other)) {
          const place = one.findIndex((byte, index) => byte !== other[index]);
          assert.fail(`the copy differs at byte ${at + place}, which is in use`);
        }
      }
    }
  } finally {
    await theirs.close();
    await ours.close();
  }
}

/** All of `sizeBytes` but `free`, which need not be in order. */
export function allBut(free: readonly ByteRange[], sizeBytes: Bytes): ByteRange[] {
  const used: ByteRange[] = [];
  let at = 0;
  for (const { startBytes, endBytes } of free.toSorted((a, b) => a.startBytes - b.startBytes)) {
    if (startBytes > at) used.push({ startBytes: at, endBytes: startBytes });
    at = Math.max(at, endBytes);
  }
  if (at < sizeBytes) used.push({ startBytes: at, endBytes: sizeBytes });
  return used;
}

/** Files of one block each until nothing more fits, so that also the last block is used; returns how many. */
export function fillToTheLastBlock(directory: string, fileBytes = 4096): number {
  mkdirSync(join(directory, 'many'));
  for (let number = 0; ; number += 1) {
    try {
      const content = Buffer.alloc(fileBytes, `file ${number} `);
      writeFileSync(join(directory, 'many', String(number)), content);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return number;
      throw error;
    }
  }
}

/** Removes every second file that `fillToTheLastBlock` made. */
export function removeEverySecond(directory: string, remainder: 0 | 1): void {
  const many = join(directory, 'many');
  for (const name of readdirSync(many)) {
    if (Number(name) % 2 === remainder) rmSync(join(many, name));
  }
}

/** Some tiny files, some with holes, one larger one, links and a directory that is not small. */
export async function fillSome(directory: string): Promise<void> {
  const tree = join(directory, 'dir', 'below');
  await mkdir(tree, { recursive: true });
  for (let number = 0; number < 200; number += 1) {
    await writeFile(join(tree, `tiny-${number}`), 'x'.repeat(number * 3));
  }
  const sparse = await open(join(directory, 'sparse'), 'w');
  for (const mebibyte of [0, 7, 20]) {
    await sparse.write(Buffer.alloc(9000, `at ${mebibyte} `), 0, 9000, mebibyte * MIB);
  }
  await sparse.close();
  await writeFile(join(directory, 'large'), Buffer.alloc(3 * MIB, 'large file '));
  await run('ln', ['-s', 'large', join(directory, 'link')]);
  await run('ln', [join(directory, 'large'), join(directory, 'hard')]);
}
