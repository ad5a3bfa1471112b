/** An HFS+ in memory. */

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { scratchDirectory } from '../scratch-disk.ts';
import type { ByteRange } from './copy-proof.ts';

/** A block that nothing uses. */
export const FREE_BLOCK = 3500;

/** The HFS+ that xorriso makes in an ISO image is full: enlarged to 4000 blocks, of which the last is used again. */
export async function makeHfsplus(t: TestContext): Promise<{ bytes: Buffer; used: ByteRange[] }> {
  const directory = await scratchDirectory(t);
  const content = join(directory, 'content');
  await mkdir(content);
  for (let number = 1; number < 30; number += 1) {
    await writeFile(join(content, `file ${number}`), Buffer.alloc(number * 9_123, `${number}`));
  }
  const iso = join(directory, 'hfs.iso');
  await run('xorriso', ['-as', 'mkisofs', '-quiet', '-hfsplus', '-o', iso, content]);
  const { stdout } = await run('partx', [
    '--raw',
    '--noheadings',
    '--output',
    'START,SECTORS,NAME',
    iso,
  ]);
  const [, start = '', sectors = ''] = /^(\d+) (\d+) HFSPLUS/m.exec(stdout) ?? [];
  const volume = (await readFile(iso)).subarray(
    Number(start) * 512,
    (Number(start) + Number(sectors)) * 512,
  );
  const blocks = 4000;
  const bytes = Buffer.alloc(blocks * 2048, 'free space ');
  const oldBlocks = volume.readUInt32BE(1024 + 44);
  assert.equal(volume.readUInt32BE(1024 + 40), 2048);
  volume.copy(bytes);
  bytes.writeUInt32BE(blocks, 1024 + 44);
  bytes.writeUInt32BE(blocks - oldBlocks - 1, 1024 + 48);
  const map = bytes.readUInt32BE(1024 + 128) * 2048;
  const set = (block: number, value: boolean): void => {
    const at = map + (block >> 3);
    const bit = 0x80 >> (block & 7);
    bytes[at] = value ? (bytes[at] ?? 0) | bit : (bytes[at] ?? 0) & ~bit;
  };
  // xorriso forgets the last eight when their number is a multiple of eight.
  for (let block = 0; block < blocks; block += 1) {
    set(block, block < oldBlocks || block === blocks - 1);
  }
  bytes.copy(bytes, bytes.length - 1024, 1024, 1536);
  return {
    bytes,
    used: [
      { startBytes: 0, endBytes: oldBlocks * 2048 },
      { startBytes: (blocks - 1) * 2048, endBytes: blocks * 2048 },
    ],
  };
}
