import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { describe, test, type TestContext } from 'node:test';
import { layoutOn } from '../../../lib/disk/layout/layout-on.ts';
import { TargetDisk } from '../../../engine/disk/target-disk.ts';
import { blockDeviceNumber } from '../../../engine/system-info/block-device.ts';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { lockDisk } from '../../../engine/tools/disk-lock.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import type { Bytes } from '../../../lib/units.ts';
import { describedDisk, imageOfTable } from '../deploy-image.ts';
import { afterTest, makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';
import { assertVerified, readBytes, writeBytes } from '../../lib/disk/tables/partitioned-file.ts';

const GPT = 'label: gpt\nsize=10M, type=linux, name="Würzel"\nsize=8M, type=swap\n';
const MBR = `label: dos
disk1: start=1M, size=8M, type=83, bootable
disk2: start=9M, size=24M, type=5
disk5: start=10M, size=6M, type=83
disk6: start=17M, size=12M, type=82
`;
const SIZE_BYTES = 48 * MIB;

type Case = { disk: ScratchDisk; image: DeployImage; target: TargetDisk };

/** A disk with the table `target`, that is to get an image of a disk with the table `source`. */
async function makeCase(
  t: TestContext,
  options: {
    source: string;
    target: string;
    sizeBytes?: Bytes;
    sectorSizeBytes?: Bytes;
    run?: Run;
  },
): Promise<Case> {
  const { source, target, sizeBytes = SIZE_BYTES, sectorSizeBytes = 512 } = options;
  const golden = await makeScratchDisk(t, {
    sizeBytes: SIZE_BYTES,
    script: source,
    sectorSizeBytes,
  });
  const image = await imageOfTable(golden.address);
  const disk = await makeScratchDisk(t, { sizeBytes, script: target, sectorSizeBytes });
  const found = await describedDisk(disk.address);
  const targetDisk = new TargetDisk(options.run ?? run, found, layoutOn(found, image));
  afterTest(t, () => targetDisk.dispose());
  return { disk, image, target: targetDisk };
}

async function assertUnrecognised(address: string): Promise<void> {
  const probe = await probeDevice(run, address);
  assert.deepEqual([probe.readable, probe.tableType, probe.filesystemType], [true, null, null]);
}

async function assertNotBootable({ address, file }: ScratchDisk): Promise<void> {
  await assertUnrecognised(address);
  await run('blockdev', ['--flushbufs', address]);
  assert.ok((await readBytes(file, 0, 1024)).every((byte) => byte === 0));
  const { size } = await stat(file);
  assert.ok((await readBytes(file, size - 512, 512)).every((byte) => byte === 0));
}

/** Runs programs, but fails the `failing`-th call that writes sectors, and records where each writes. */
function watchedRun(failing: number): { run: Run; seeks: number[] } {
  const seeks: number[] = [];
  return {
    seeks,
    run: async (tool, args, options) => {
      const seek = args.find((arg) => arg.startsWith('seek='));
      if (tool === 'dd' && seek !== undefined) {
        seeks.push(Number(seek.slice('seek='.length)));
        if (seeks.length === failing) {
          throw new OperatorError({ code: 'tool-failed', message: 'running dd', hint: '' });
        }
      }
      return run(tool, args, options);
    },
  };
}

describe('Clearing a disk', { concurrency: 4 }, () => {
  test('clearing a disk leaves nothing that is recognised: tables, file systems at both ends, old partitions', async (t) => {
    const { disk, target } = await makeCase(t, { source: GPT, target: GPT });
    await run('mkfs.ext4', ['-q', '-F', `${disk.address}p1`]);
    await run('mkswap', [`${disk.address}p2`]);
    // ZFS and old RAID keep their labels at the end of a disk.
    await writeBytes(disk.file, SIZE_BYTES - 100 * 1024, randomBytes(1024));
    assert.equal(target.isTouched, false);
    await target.clear();
    assert.equal(target.isTouched, true);
    await assertNotBootable(disk);
    for (const number of [1, 2]) await assertUnrecognised(target.partition(number));
    const ends = [await readBytes(disk.file, 0, MIB), await readBytes(disk.file, 47 * MIB, MIB)];
    assert.ok(Buffer.concat(ends).every((byte) => byte === 0));
  });

  test('clearing a disk removes a file system that takes the whole disk', async (t) => {
    const { disk, target } = await makeCase(t, { source: MBR, target: '' });
    await run('mkfs.btrfs', ['-q', '-f', '--mixed', disk.address]);
    await target.clear();
    await assertUnrecognised(disk.address);
  });

  test('clearing a disk makes the kernel know the partitions of the image and forget the old ones, though there is no table', async (t) => {
    const { disk, target } = await makeCase(t, { source: MBR, target: GPT });
    await target.clear();
    await assertUnrecognised(disk.address);
    const { stdout } = await run('lsblk', [
      '--noheadings',
      '--raw',
      '--bytes',
      '--output',
      'NAME,SIZE',
      disk.address,
    ]);
    const name = disk.address.slice('/dev/'.length);
    assert.deepEqual(stdout.trim().split('\n').slice(1).toSorted(), [
      `${name}p1 ${8 * MIB}`,
      `${name}p5 ${6 * MIB}`,
      `${name}p6 ${12 * MIB}`,
    ]);
    await run('mkfs.ext4', ['-q', target.partition(1)]);
    assert.equal((await probeDevice(run, target.partition(1))).filesystemType, 'ext4');
  });

  test('Clearing a disk: a cleared disk is locked, so that udev leaves it alone, until it is released', async (t) => {
    const { disk, target } = await makeCase(t, { source: GPT, target: '' });
    await target.clear();
    await assert.rejects(lockDisk(disk.address), { code: 'disk-busy' });
    await target.dispose();
    const unlock = await lockDisk(disk.address);
    await unlock();
  });

  test('Clearing a disk: a disk that is locked or mounted is not cleared and stays as it was', async (t) => {
    const { disk, target } = await makeCase(t, { source: GPT, target: GPT });
    await run('mkfs.ext4', ['-q', '-F', `${disk.address}p1`]);
    await run('blockdev', ['--flushbufs', disk.address]);
    const before = await readBytes(disk.file, 0, SIZE_BYTES);
    const unlock = await lockDisk(disk.address);
    afterTest(t, unlock);
    await assert.rejects(target.clear(), { code: 'disk-busy' });
    await unlock();
    const mountpoint = disk.directory;
    await run('mount', ['-o', 'ro', `${disk.address}p1`, mountpoint]);
    try {
      await assert.rejects(target.clear());
    } finally {
      await run('umount', [mountpoint]);
    }
    assert.equal(target.isTouched, false);
    assert.ok((await readBytes(disk.file, 0, SIZE_BYTES)).equals(before));
  });

  test('clearing that is rolled back before its first byte leaves the disk as it was', async (t) => {
    const { disk, target } = await makeCase(t, { source: GPT, target: GPT });
    const before = await readBytes(disk.file, 0, SIZE_BYTES);
    const clearing = target.clear();
    assert.equal(await target.rollBack(), 'untouched');
    await assert.rejects(clearing);
    assert.equal(target.isTouched, false);
    await run('blockdev', ['--flushbufs', disk.address]);
    assert.ok((await readBytes(disk.file, 0, SIZE_BYTES)).equals(before));
  });
});

describe('Writing the table', { concurrency: 4 }, () => {
  const ORDERS: readonly (readonly [string, string, readonly number[]])[] = [
    // EBRs in the order of the disk; sector 0 last.
    ['MBR', MBR, [9 * MIB, 16 * MIB, 0]],
    ['GPT', GPT, [SIZE_BYTES - 33 * 512, 512, 0]],
  ];
  for (const [name, script, order] of ORDERS) {
    test(`Writing the table: the table of an image (${name}) is written last to the sector that the firmware begins with`, async (t) => {
      const watched = watchedRun(Number.NaN);
      const { disk, target } = await makeCase(t, { source: script, target: '', run: watched.run });
      await target.clear();
      watched.seeks.length = 0;
      await target.writeTable();
      assert.deepEqual(watched.seeks, order);
      await target.verifyTable();
      await run('sfdisk', ['--verify', disk.address]);
      assert.notEqual(await blockDeviceNumber(target.partition(1)), null);
    });

    for (const failing of order.keys()) {
      test(`writing a table (${name}) that fails at write ${failing + 1} leaves no table after the roll-back`, async (t) => {
        const CLEARING_WRITES = 4;
        const watched = watchedRun(CLEARING_WRITES + failing + 1);
        const { disk, target } = await makeCase(t, {
          source: script,
          target: script,
          run: watched.run,
        });
        await target.clear();
        assert.equal(watched.seeks.length, CLEARING_WRITES);
        await assert.rejects(target.writeTable(), { code: 'tool-failed' });
        assert.equal(await target.rollBack(), 'cleared');
        await assertNotBootable(disk);
      });
    }
  }

  test('writing a table that is rolled back meanwhile stops, and leaves no table', async (t) => {
    const { disk, target } = await makeCase(t, { source: GPT, target: '' });
    await target.clear();
    const writing = target.writeTable();
    assert.equal(await target.rollBack(), 'cleared');
    await writing;
    await assertNotBootable(disk);
  });

  test('Writing the table: a table that is complete is taken away by a roll-back', async (t) => {
    const { disk, target } = await makeCase(t, { source: MBR, target: '' });
    await target.clear();
    await target.writeTable();
    await target.verifyTable();
    await target.rollBack();
    await assertNotBootable(disk);
  });

  for (const sectorSizeBytes of [512, 4096]) {
    test(`Writing the table: a GPT written to a larger disk has its backup at the end of it (sectors of ${sectorSizeBytes})`, async (t) => {
      const { disk, target } = await makeCase(t, {
        source: GPT,
        target: GPT,
        sizeBytes: SIZE_BYTES + 16 * MIB,
        sectorSizeBytes,
      });
      await target.clear();
      await target.writeTable();
      await target.verifyTable();
      await target.dispose();
      await run('blockdev', ['--flushbufs', disk.address]);
      await assertVerified(disk.file, sectorSizeBytes);
    });
  }
});

describe('Verifying the table', { concurrency: 4 }, () => {
  for (const [name, script, place] of [
    ['the MBR', MBR, 300],
    ['an EBR', MBR, 16 * MIB + 450],
    ['the primary GPT', GPT, 1024 + 40],
    ['the backup GPT', GPT, SIZE_BYTES - 512 + 20],
  ] as const) {
    test(`verifying the table finds a changed byte in ${name}`, async (t) => {
      const { disk, target } = await makeCase(t, { source: script, target: '' });
      await target.clear();
      await target.writeTable();
      await writeBytes(disk.address, place, Buffer.from([0xa5]));
      await assert.rejects(target.verifyTable(), {
        code: 'disk-write-failed',
        message: new RegExp(`^reading the partition table of ${disk.address} back: sector `),
      });
    });
  }
});
