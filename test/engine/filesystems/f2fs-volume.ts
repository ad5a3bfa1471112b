/** F2FS in a file, made and read by f2fs-tools. */

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import { makeVolume, type ByteRange } from './copy-proof.ts';

/** partclone reads none that is smaller than 100 MiB. */
export const F2FS_SIZE = 128 * MIB;

/** Files of many sizes, put into a new F2FS by f2fs-tools. */
export async function makeF2fs(t: TestContext, options: readonly string[] = []): Promise<string> {
  const content = join(await scratchDirectory(t), 'content');
  await mkdir(content);
  for (let number = 1; number < 40; number += 1) {
    await writeFile(join(content, `file ${number}`), Buffer.alloc(number * 3_097, `${number}`));
  }
  const file = await makeVolume(t, F2FS_SIZE, ['mkfs.f2fs', '-q', '-f', ...options]);
  await run('sload.f2fs', ['-f', content, file]);
  return file;
}

/** What dump.f2fs prints of the segment information table. */
export async function usedByF2fs(t: TestContext, file: string): Promise<ByteRange[]> {
  const { stdout } = await run('dump.f2fs', ['-d', '1', file]);
  const mainBlock = Number(/^main_blkaddr\s.*\[0x\s*[0-9a-f]+ : (\d+)\]/m.exec(stdout)?.[1]);
  assert.ok(mainBlock > 0, stdout);
  const directory = await scratchDirectory(t);
  await run('env', ['--chdir', directory, 'dump.f2fs', '-s', '0~-1', file]);
  const used: ByteRange[] = [{ startBytes: 0, endBytes: mainBlock * 4096 }];
  const segments = (await readFile(join(directory, 'dump_sit'), 'latin1'))
    .split(/^segno:/m)
    .slice(1);
  for (const segment of segments) {
    const [head = '', ...lines] = segment.split('\n');
    const first = mainBlock + Number(/^\s*(\d+)/.exec(head)?.[1]) * 512;
    // Behind the last one there are sums in words.
    const bytes = lines
      .filter((line) => /^\s*[0-9a-f]{2}( +[0-9a-f]{2})*\s*$/.test(line))
      .flatMap((line) => line.trim().split(/\s+/));
    for (let bit = 0; bit < 512; bit += 1) {
      if ((parseInt(bytes[bit >> 3] ?? '0', 16) & (0x80 >> (bit & 7))) === 0) continue;
      used.push({ startBytes: (first + bit) * 4096, endBytes: (first + bit + 1) * 4096 });
    }
  }
  return used;
}

/** Makes both checkpoints of the volume `bytes` such as are written while it is mounted, with check sums as f2fs-tools would make them. */
export function leaveMounted(bytes: Buffer): void {
  const checkpoint = bytes.readUInt32LE(1024 + 76) * 4096;
  for (const at of [checkpoint, checkpoint + 512 * 4096]) {
    bytes.writeUInt32LE(bytes.readUInt32LE(at + 132) & ~1, at + 132);
    const packBlocks = bytes.readUInt32LE(at + 136);
    const last = at + (packBlocks - 1) * 4096;
    bytes.copy(bytes, last, at, at + 4096);
    for (const block of [at, last]) {
      bytes.writeUInt32LE(f2fsSum(bytes.subarray(block, block + 4092)), block + 4092);
    }
  }
}

/** The bits one by one, as f2fs_crc32() of f2fs-tools. */
function f2fsSum(bytes: Buffer): number {
  let sum = 0xf2f52010;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? 0xedb88320 : 0);
  }
  return sum >>> 0;
}
