/** Volumes of terabytes, sparse: what is used is known, and a host with little memory can keep it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { inspectDevice } from '../../../engine/imaging/choose-source.ts';
import { usedBlocksOf } from '../../../engine/imaging/used-blocks-image.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchFile } from '../scratch-disk.ts';

const TIB = 1024 * 1024 * MIB;

/** What mkfs(8) makes of them, and what a map of it may take. */
const VOLUMES: readonly (readonly [string, number, readonly [string, ...string[]], mib: number])[] =
  [
    [
      'ext4',
      4 * TIB,
      ['mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=1,lazy_journal_init=1'],
      128,
    ],
    ['btrfs', 8 * TIB, ['mkfs.btrfs', '-q'], 256],
    ['exfat', 8 * TIB, ['mkfs.exfat'], 32],
    ['vfat', TIB, ['mkfs.vfat', '-F', '32', '-s', '128'], 32],
  ];

describe('A volume of terabytes', () => {
  for (const [type, sizeBytes, [tool, ...args], mib] of VOLUMES) {
    test(`A volume of terabytes is examined with a map of at most ${mib} MiB: ${tool}, ${sizeBytes} bytes`, async (t) => {
      const file = await scratchFile(t, sizeBytes);
      await run(tool, [...args, file]);
      const { signal } = new AbortController();
      const content = { device: file, type };
      const seen = await inspectDevice(content, filesystemOf(type), { run, signal });
      assert.ok(seen.type === 'used-blocks', seen.type);
      assert.ok(seen.used.bits.length <= mib * MIB, `${seen.used.bits.length} bytes of map`);
      // Next to nothing is in it: its own structures.
      assert.ok(usedBlocksOf(seen.used) * seen.used.blockBytes < sizeBytes / 50);
      assert.ok(sizeBytes - seen.endBytes < 16 * MIB);
    });
  }
});
