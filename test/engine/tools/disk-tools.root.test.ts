import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockDeviceNumber } from '../../../engine/system-info/block-device.ts';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { addPartition, removePartition, updatePartitions } from '../../../engine/tools/partx.ts';
import { dumpTable } from '../../../engine/tools/sfdisk.ts';
import { wipeSignatures } from '../../../engine/tools/wipefs.ts';
import { run } from '../../../lib/exec/run.ts';
import { addPartitions } from '../../lab/loop-device.ts';
import { afterTest, makeScratchDisk, MIB } from '../scratch-disk.ts';

const SCRIPT = 'label: dos\nsize=10M, type=83\nsize=10M, type=83\n';

async function sizeBytesOf(device: string): Promise<number> {
  return Number((await run('blockdev', ['--getsize64', device])).stdout);
}

for (const sectorSizeBytes of [512, 4096]) {
  test(`A disk with sectors of ${sectorSizeBytes} bytes has partitions before it has a table.`, async (t) => {
    const { address } = await makeScratchDisk(t, {
      sizeBytes: 32 * MIB,
      script: '',
      sectorSizeBytes,
    });
    const range = {
      startSector: MIB / sectorSizeBytes,
      sectorCount: (5 * MIB) / sectorSizeBytes,
    };
    await addPartition(run, address, 3, range, sectorSizeBytes);
    assert.equal(await sizeBytesOf(`${address}p3`), 5 * MIB);
    const { stdout } = await run('lsblk', ['--noheadings', '--output', 'START', `${address}p3`]);
    assert.equal(Number(stdout), MIB / 512);
    await removePartition(run, address, 3);
    assert.equal(await blockDeviceNumber(`${address}p3`), null);
  });
}

test('A partition in use is not forgotten.', async (t) => {
  const { address, directory } = await makeScratchDisk(t, { sizeBytes: 32 * MIB, script: SCRIPT });
  await run('mkfs.ext4', ['-q', `${address}p1`]);
  await run('mount', [`${address}p1`, directory]);
  afterTest(t, () => run('umount', [directory]));
  await assert.rejects(removePartition(run, address, 1), { code: 'tool-failed' });
});

test('After another table was written the kernel has its partitions.', async (t) => {
  const { address } = await makeScratchDisk(t, { sizeBytes: 32 * MIB, script: SCRIPT });
  await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', address], {
    input: 'label: dos\nsize=5M, type=83\nstart=22M, size=4M, type=83\n',
  });
  await updatePartitions(run, address);
  assert.equal(await sizeBytesOf(`${address}p1`), 5 * MIB);
  assert.equal(await sizeBytesOf(`${address}p2`), 4 * MIB);
});

test('The dump of a table makes the same table on another disk.', async (t) => {
  const source = await makeScratchDisk(t, { sizeBytes: 32 * MIB, script: SCRIPT });
  const dump = await dumpTable(run, source.address);
  const copy = await makeScratchDisk(t, { sizeBytes: 32 * MIB, script: dump });
  assert.equal(
    (await dumpTable(run, copy.address)).replaceAll(copy.address, ''),
    dump.replaceAll(source.address, ''),
  );
});

test('After wiping nothing is recognised any more.', async (t) => {
  const { address } = await makeScratchDisk(t, { sizeBytes: 32 * MIB, script: SCRIPT });
  const device = `${address}p1`;
  await run('mkfs.vfat', [device]);
  await addPartitions(run, address);
  await wipeSignatures(run, device);
  const probe = await probeDevice(run, device);
  assert.deepEqual([probe.readable, probe.filesystemType, probe.tableType], [true, null, null]);
});
