import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { test, type TestContext } from 'node:test';
import { collectSystemInfo } from '../../../engine/system-info/collect.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import { afterTest, makeScratchDisk, type ScratchDisk } from '../scratch-disk.ts';

const MIB = 1024 * 1024;

/** A Linux on ext4, a Windows on NTFS, swap, and a partition of zeros. */
async function makeDualBootDisk(t: TestContext): Promise<ScratchDisk> {
  const disk = await makeScratchDisk(t, {
    sizeBytes: 160 * MIB,
    script: [
      'label: gpt',
      'size=40M, type=linux, name="Würzel"',
      'size=40M, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name="Basic data partition"',
      'size=20M, type=swap',
      'size=10M, type=linux',
    ].join('\n'),
  });
  const mountpoint = join(disk.directory, 'mnt');
  await mkdir(mountpoint);
  await run('mkfs.ext4', ['-q', '-L', 'Größe', `${disk.address}p1`]);
  await run('mkfs.ntfs', ['-q', '-Q', '-L', 'Übung 1', `${disk.address}p2`]);
  await run('mkswap', ['-L', 'swäp', `${disk.address}p3`]);
  const mounted = async (number: number, tool: string, fill: () => Promise<unknown>) => {
    await run(tool, [`${disk.address}p${number}`, mountpoint]);
    try {
      await fill();
    } finally {
      await run('umount', [mountpoint]);
    }
  };
  await mounted(1, 'mount', async () => {
    await mkdir(join(mountpoint, 'etc'));
    await mkdir(join(mountpoint, 'usr/lib'), { recursive: true });
    await writeFile(join(mountpoint, 'usr/lib/os-release'), 'PRETTY_NAME="Übungs-Linux 3"\n');
    await symlink('../usr/lib/os-release', join(mountpoint, 'etc/os-release'));
  });
  await mounted(2, 'ntfs-3g', async () => {
    await mkdir(join(mountpoint, 'Windows/System32'), { recursive: true });
    await writeFile(join(mountpoint, 'Windows/System32/ntoskrnl.exe'), 'MZ');
  });
  return disk;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The real tools without those named: what a machine is like where they are not installed. */
function without(...missing: string[]): Run {
  return (tool, args, options) =>
    missing.includes(tool)
      ? Promise.reject(
          new OperatorError({
            code: 'tool-missing',
            message: `running ${tool}`,
            hint: 'Install it.',
          }),
        )
      : run(tool, args, options);
}

test('A disk is described with its table, partitions, file systems and operating systems.', async (t) => {
  const { address, file } = await makeDualBootDisk(t);
  await run('sync', []);
  const before = await hashOf(file);
  const info = await collectSystemInfo(run, { onlyDisks: [address] });
  const [disk] = info.disks;
  assert.equal(info.disks.length, 1);
  assert.equal(disk?.address, address);
  assert.equal(disk.sizeBytes, 160 * MIB);
  assert.equal(disk.tableType, 'gpt');
  assert.equal(disk.readOnly, false);
  assert.deepEqual(
    disk.partitions.map((partition) => [
      partition.number,
      partition.startSector,
      partition.sizeBytes,
      partition.name,
      partition.filesystem?.type,
      partition.filesystem?.label,
    ]),
    [
      [1, 2048, 40 * MIB, 'Würzel', 'ext4', 'Größe'],
      [2, 83968, 40 * MIB, 'Basic data partition', 'ntfs', 'Übung 1'],
      [3, 165888, 20 * MIB, null, 'swap', 'swäp'],
      [4, 206848, 10 * MIB, null, undefined, undefined],
    ],
  );
  assert.equal(disk.partitions[0]?.typeCode, '0FC63DAF-8483-4772-8E79-3D69D8477DE4');
  assert.deepEqual(info.operatingSystems, [
    { partition: `${address}p1`, name: 'Übungs-Linux 3' },
    { partition: `${address}p2`, name: 'Windows' },
  ]);
  assert.equal(await hashOf(file), before, 'looking at the disk changed it');
});

test('Partitions of a disk with 4096-byte sectors start where its own sectors say.', async (t) => {
  const { address } = await makeScratchDisk(t, {
    sizeBytes: 64 * MIB,
    sectorSizeBytes: 4096,
    script: 'label: dos\nstart=256, size=2560, type=7\nstart=4096, size=4096, type=83\n',
  });
  const { disks } = await collectSystemInfo(run, { onlyDisks: [address] });
  assert.equal(disks[0]?.logicalSectorBytes, 4096);
  assert.equal(disks[0].tableType, 'dos');
  assert.deepEqual(
    disks[0].partitions.map(({ startSector, sizeBytes, typeCode }) => [
      startSector,
      sizeBytes,
      typeCode,
    ]),
    [
      [256, 10 * MIB, '0x07'],
      [4096, 16 * MIB, '0x83'],
    ],
  );
});

test('A mounted partition tells where.', async (t) => {
  const { address, directory } = await makeScratchDisk(t, {
    sizeBytes: 32 * MIB,
    script: 'label: dos\ntype=83\n',
  });
  const mountpoint = join(directory, 'ä b');
  await mkdir(mountpoint);
  await run('mkfs.ext4', ['-q', `${address}p1`]);
  await run('mount', [`${address}p1`, mountpoint]);
  afterTest(t, () => run('umount', [mountpoint]));
  const { disks } = await collectSystemInfo(run, { onlyDisks: [address] });
  assert.deepEqual(disks[0]?.partitions[0]?.mountpoints, [mountpoint]);
});

test('Loop devices are no disks unless they are named, and memory never is.', async (t) => {
  const { address } = await makeScratchDisk(t, {
    sizeBytes: 32 * MIB,
    script: 'label: dos\ntype=83\n',
  });
  const { disks } = await collectSystemInfo(run, { onlyDisks: null });
  const addresses = disks.map((disk) => disk.address);
  assert.ok(!addresses.includes(address));
  assert.deepEqual(
    addresses.filter((one) => /zram|ram|loop/.test(one)),
    [],
  );
});

test('With an empty list of disks, or one of disks that are not there, no disk is seen.', async () => {
  assert.deepEqual((await collectSystemInfo(run, { onlyDisks: [] })).disks, []);
  assert.deepEqual((await collectSystemInfo(run, { onlyDisks: ['/dev/nonexistent'] })).disks, []);
});

test('Without any tool but lsblk the disks are still known, only not what is on them.', async (t) => {
  const { address } = await makeScratchDisk(t, {
    sizeBytes: 32 * MIB,
    script: 'label: dos\ntype=83\n',
  });
  const info = await collectSystemInfo(without('blkid', 'ip', 'lscpu', 'debugfs', 'ntfsls'), {
    onlyDisks: [address],
  });
  assert.deepEqual(info.interfaces, []);
  assert.ok(info.memoryBytes > 0);
  assert.equal(info.disks[0]?.tableType, 'unknown');
  assert.equal(info.disks[0].partitions[0]?.filesystem, null);
  assert.equal(info.disks[0].partitions[0].startSector, 2048);
});

test('Without lsblk there is no answer but an error.', async () => {
  await assert.rejects(collectSystemInfo(without('lsblk'), { onlyDisks: null }), {
    code: 'tool-missing',
  });
});
