/** The script and a deploy put the same bytes onto the same disks, whatever was on them and in their caches. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { restoreScript } from '../../cli/restore-script/restore-script.ts';
import { run } from '../../lib/exec/run.ts';
import type { Manifest } from '../../lib/model/image.ts';
import {
  captureOf,
  deployOf,
  imageOf,
  makeHost,
  send,
  transmissionFor,
} from '../engine/operations/perform.ts';
import { readBytes, writeBytes } from '../lib/disk/tables/partitioned-file.ts';
import { afterTest, makeScratchDisk, MIB, type ScratchDisk } from '../engine/scratch-disk.ts';
import { SAMPLE_MANIFEST } from '../support/images.ts';

type Case = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sectorSizeBytes: number;
  readonly script: string;
  readonly fill: (address: string) => Promise<void>;
};

async function mkfs(tool: string, ...args: readonly string[]): Promise<void> {
  await run(tool, args);
}

const CASES: readonly Case[] = [
  {
    name: 'an MBR with partitions at odd sectors, NTFS smaller than its partition, swap with a header of 64 KiB pages',
    sizeBytes: 64 * MIB,
    sectorSizeBytes: 512,
    script: `label: dos
unit: sectors
disk1: start=63, size=40001, type=7, bootable
disk2: start=40500, size=80000, type=5
disk5: start=40563, size=30001, type=83
disk6: start=71000, size=20000, type=82
disk7: start=91063, size=4001, type=da
`,
    fill: async (disk) => {
      await mkfs('mkntfs', '-q', '-Q', '-F', '-s', '512', '-p', '63', `${disk}p1`, '39000');
      await mkfs('mkfs.ext4', '-q', '-F', '-b', '1024', `${disk}p5`);
      await mkfs('mkswap', '-p', '65536', '-L', 'schwäl', `${disk}p6`);
      await writeBytes(`${disk}p7`, 0, randomBytes(4001 * 512));
    },
  },
  {
    name: 'a GPT',
    sizeBytes: 96 * MIB,
    sectorSizeBytes: 512,
    script: 'label: gpt\nsize=33M\nsize=20M\nsize=8M, type=swap\nsize=3M\n',
    fill: async (disk) => {
      await mkfs('mkfs.vfat', '-F', '32', '-s', '1', `${disk}p1`);
      await mkfs('mkntfs', '-q', '-Q', '-F', `${disk}p2`);
      await mkfs('mkswap', '-U', 'clear', `${disk}p3`);
      await writeBytes(`${disk}p4`, 0, randomBytes(3 * MIB));
    },
  },
  {
    name: 'sectors of 4096 bytes',
    sizeBytes: 64 * MIB,
    sectorSizeBytes: 4096,
    script: 'label: gpt\nsize=20M\nsize=8M, type=swap\nsize=3M\n',
    fill: async (disk) => {
      await mkfs('mkfs.ext4', '-q', '-F', `${disk}p1`);
      await mkfs('mkswap', `${disk}p2`);
      await writeBytes(`${disk}p3`, 0, randomBytes(3 * MIB));
    },
  },
];

/** A disk of A5 bytes, whose first and last pages somebody has read and keeps in the cache. */
async function makeTarget(
  t: TestContext,
  { sizeBytes, sectorSizeBytes }: Case,
): Promise<ScratchDisk> {
  const disk = await makeScratchDisk(t, { sizeBytes, sectorSizeBytes, script: '' });
  const file = await open(disk.file, 'r+');
  try {
    for (let at = 0; at < sizeBytes; at += MIB)
      await file.write(Buffer.alloc(MIB, 0xa5), 0, MIB, at);
  } finally {
    await file.close();
  }
  await run('blockdev', ['--flushbufs', disk.address]);
  const reader = await open(disk.address, 'r');
  afterTest(t, () => reader.close());
  for (const at of [0, sizeBytes - MIB]) await reader.read(Buffer.alloc(MIB), 0, MIB, at);
  return disk;
}

describe('The script of an image and a deploy leave the same disk', () => {
  for (const each of CASES) {
    test(`The script of an image and a deploy leave the same disk: the restore script and a deploy write the same sectors: ${each.name}`, async (t) => {
      const { sizeBytes, sectorSizeBytes, script, fill } = each;
      const source = await makeScratchDisk(t, { sizeBytes, sectorSizeBytes, script });
      await fill(source.address);
      for (const number of [1, 2, 3, 4, 5, 6, 7]) {
        await run('blockdev', ['--flushbufs', `${source.address}p${number}`], {
          allowedStatuses: [0, 1],
        });
      }
      if (script.startsWith('label: dos')) {
        await writeBytes(source.address, 0, randomBytes(440));
        await writeBytes(source.address, 512, randomBytes(62 * 512));
      }
      await run('blockdev', ['--flushbufs', source.address]);

      const deployed = await makeTarget(t, each);
      const host = await makeHost(t, [source.address, deployed.address]);
      const captured = await host.perform(captureOf(source.address));
      assert.equal(captured.end.error, null);
      const image = imageOf(captured);
      send(host.data, transmissionFor(image, host.data.streams).bytes);
      assert.equal((await host.perform(deployOf(deployed.address, image))).end.error, null);

      const byHand = await makeTarget(t, each);
      for (const [name, bytes] of host.data.streams) {
        await writeFile(join(byHand.directory, name), bytes);
      }
      const manifest: Manifest = { ...SAMPLE_MANIFEST, ...image };
      const text = restoreScript(manifest, byHand.directory);
      const path = join(byHand.directory, 'by-hand.sh');
      await writeFile(path, text.replace(/^DISK=.*$/m, `DISK=${byHand.address}`));
      const { stdout } = await run('bash', [path]);
      assert.match(stdout, / is complete\.\n$/);

      for (const { address } of [deployed, byHand]) {
        await run('blockdev', ['--flushbufs', address]);
      }
      const [theirs, ours, original] = [
        await readBytes(deployed.file, 0, sizeBytes),
        await readBytes(byHand.file, 0, sizeBytes),
        await readBytes(source.file, 0, sizeBytes),
      ];
      const differing: number[] = [];
      for (let at = 0; at < sizeBytes && differing.length < 10; at += 512) {
        const range = [at, at + 512] as const;
        if (!theirs.subarray(...range).equals(ours.subarray(...range))) differing.push(at / 512);
      }
      assert.deepEqual(differing, [], 'sectors that differ');
      const first = image.partitions.map(({ startSector }) => startSector * sectorSizeBytes);
      for (const at of [0, sectorSizeBytes, ...first]) {
        const range = [at, at + sectorSizeBytes] as const;
        assert.ok(ours.subarray(...range).equals(original.subarray(...range)), `byte ${at}`);
      }
    });
  }
});

test('the restore script takes the table away again when the disk does not keep it', async (t) => {
  const [, each] = CASES;
  assert.ok(each !== undefined);
  const { sizeBytes, sectorSizeBytes, script } = each;
  const source = await makeScratchDisk(t, { sizeBytes, sectorSizeBytes, script });
  await mkfs('mkswap', `${source.address}p3`);
  const target = await makeTarget(t, each);
  const host = await makeHost(t, [source.address, target.address]);
  const image = imageOf(await host.perform(captureOf(source.address)));
  for (const [name, bytes] of host.data.streams)
    await writeFile(join(target.directory, name), bytes);
  const path = join(target.directory, 'by-hand.sh');
  const text = restoreScript({ ...SAMPLE_MANIFEST, ...image }, target.directory)
    .replace(/^DISK=.*$/m, `DISK=${target.address}`)
    // In place of a disk that is failing: what is read is not what was written.
    .replace('read_at() {', 'read_at() { echo other; return 0;');
  await writeFile(path, text);
  const { exitStatus, stderr } = await run('dash', [path], { allowedStatuses: [1] });
  assert.equal(exitStatus, 1);
  assert.match(stderr, /is failing: sector \d+ is not what was written/);
  assert.match(stderr, /was taken away again/);
  await run('blockdev', ['--flushbufs', target.address]);
  assert.ok((await readBytes(target.file, 0, 1024)).every((byte) => byte === 0));
  assert.ok((await readBytes(target.file, sizeBytes - 512, 512)).every((byte) => byte === 0));
});

test('the restore script refuses a disk on which it would have to move the end of a GPT', () => {
  const script = restoreScript(
    {
      ...SAMPLE_MANIFEST,
      requiredBytes: 1000 * 512,
      gaps: [],
      tableAreas: [
        { kind: 'gpt-backup', startSector: 1500, sectorCount: 1, dataBase64: 'A'.repeat(684) },
      ],
    },
    '/',
  );
  assert.match(script, /-ge 768512 \] \|\|\n.*too small for this script, which needs 768512 bytes/);
});
