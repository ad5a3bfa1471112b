import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { checkNotBusy, findHolders, parseSwaps } from '../../../engine/checks/disk-busy.ts';
import { readStack } from '../../../engine/checks/stacked-devices.ts';
import { run } from '../../../lib/exec/run.ts';
import { afterTest, makeScratchDisk, type ScratchDisk } from '../scratch-disk.ts';
import { recorded } from '../tools/recorded.ts';

const MIB = 1024 * 1024;

function makeDisk(t: TestContext, sizeBytes = 64 * MIB): Promise<ScratchDisk> {
  return makeScratchDisk(t, {
    sizeBytes,
    script: `label: dos\nsize=${sizeBytes / 2 / MIB}M, type=83\nsize=16M, type=82\n`,
  });
}

async function mount(t: TestContext, device: string, mountpoint: string): Promise<void> {
  await mkdir(mountpoint);
  await run('mount', [device, mountpoint]);
  afterTest(t, () => run('umount', [mountpoint]));
}

/** Ends the program when the test ends, and waits until it has. */
function endAfter(t: TestContext, child: ChildProcess): void {
  const ended = once(child, 'exit');
  afterTest(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
}

/** A program that has `device` open the way `flags` say, as its standard input, and does nothing. */
async function holdOpen(t: TestContext, device: string, flags: number): Promise<number> {
  const file = await open(device, flags);
  const child = spawn('sleep', ['600'], { stdio: [file.fd, 'ignore', 'ignore'] });
  endAfter(t, child);
  await once(child, 'spawn');
  await file.close();
  assert.ok(child.pid !== undefined);
  return child.pid;
}

test('A disk that nobody uses is free.', async (t) => {
  const { address } = await makeDisk(t);
  assert.deepEqual(await findHolders(run, address), []);
  await checkNotBusy(run, address);
});

test('A mounted partition is named with its mountpoint, and with the way to release it.', async (t) => {
  const { address, directory } = await makeDisk(t);
  await run('mkfs.ext4', ['-q', `${address}p1`]);
  const mountpoint = join(directory, 'ä b');
  await mount(t, `${address}p1`, mountpoint);
  await assert.rejects(checkNotBusy(run, address), {
    code: 'disk-busy',
    message: `checking that nothing uses ${address}: ${address}p1 is mounted on ${mountpoint}`,
    hint: `Release the disk and try again: umount '${mountpoint}'.`,
  });
});

test('Active swap space is named.', async (t) => {
  const { address } = await makeDisk(t);
  await run('mkswap', [`${address}p2`]);
  await run('swapon', [`${address}p2`]);
  afterTest(t, () => run('swapoff', [`${address}p2`]));
  assert.deepEqual(await findHolders(run, address), [
    { type: 'swap-area', device: `${address}p2` },
  ]);
});

test('A loop device on a partition, and what is mounted from it, are named.', async (t) => {
  const { address, directory } = await makeDisk(t);
  await run('mkfs.ext4', ['-q', `${address}p1`]);
  const upper = (await run('losetup', ['--find', '--show', `${address}p1`])).stdout.trim();
  afterTest(t, () => run('losetup', ['--detach', upper]));
  assert.deepEqual(await findHolders(run, address), [
    { type: 'loop', device: `${address}p1`, upper },
  ]);
  const mountpoint = join(directory, 'mnt');
  await mount(t, upper, mountpoint);
  assert.deepEqual(await findHolders(run, address), [
    { type: 'loop', device: `${address}p1`, upper },
    { type: 'mount', device: upper, mountpoint },
  ]);
});

test('A btrfs of two disks makes both of them busy, whichever the mount names.', async (t) => {
  const first = await makeDisk(t, 300 * MIB);
  const second = await makeDisk(t, 300 * MIB);
  await run('mkfs.btrfs', ['-q', '-d', 'single', `${first.address}p1`, `${second.address}p1`]);
  await run('btrfs', ['device', 'scan', `${first.address}p1`, `${second.address}p1`]);
  const mountpoint = join(first.directory, 'mnt');
  await mount(t, `${first.address}p1`, mountpoint);
  for (const { address } of [first, second]) {
    assert.deepEqual(await findHolders(run, address), [
      { type: 'mount', device: `${address}p1`, mountpoint },
    ]);
  }
});

test('A mount that only another mount namespace has is found and named with a process there.', async (t) => {
  const { address, directory } = await makeDisk(t);
  await run('mkfs.ext4', ['-q', `${address}p1`]);
  const mountpoint = join(directory, 'mnt');
  await mkdir(mountpoint);
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--propagation',
      'slave',
      'sh',
      '-c',
      'mount "$0" "$1" && echo mounted && exec sleep 600',
      `${address}p1`,
      mountpoint,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  endAfter(t, child);
  await once(child.stdout, 'data');
  assert.deepEqual(await findHolders(run, address), [
    {
      type: 'foreign-mount',
      device: `${address}p1`,
      mountpoint,
      pid: child.pid,
      processName: 'sleep',
    },
  ]);
});

test('A process that has a partition open for writing is named.', async (t) => {
  const { address } = await makeDisk(t);
  const pid = await holdOpen(t, `${address}p1`, constants.O_RDWR);
  await assert.rejects(checkNotBusy(run, address), {
    code: 'disk-busy',
    message: `checking that nothing uses ${address}: process ${pid} (sleep) has ${address}p1 open for writing`,
  });
});

test('A process that only reads is no holder.', async (t) => {
  const { address } = await makeDisk(t);
  await holdOpen(t, address, constants.O_RDONLY);
  assert.deepEqual(await findHolders(run, address), []);
});

test('A process that reads and wants the disk for itself is one.', async (t) => {
  const { address } = await makeDisk(t);
  const pid = await holdOpen(t, `${address}p2`, constants.O_RDONLY | constants.O_EXCL);
  assert.deepEqual(await findHolders(run, address), [
    { type: 'process', device: `${address}p2`, pid, processName: 'sleep', forWriting: false },
  ]);
});

test('What is no block device is no disk.', async () => {
  await assert.rejects(findHolders(run, '/dev/nonexistent'), { code: 'disk-not-found' });
  await assert.rejects(findHolders(run, '/dev/null'), { code: 'disk-not-found' });
});

test('Device-mapper on RAID on a partition is followed to the top (as sysfs shows it).', async (t) => {
  // This kernel has neither: the directories are made like those of one that has.
  const sysfs = await mkdtemp(join(tmpdir(), 'openclone-test-'));
  t.after(() => rm(sysfs, { recursive: true, force: true }));
  const device = async (path: string, number: string): Promise<string> => {
    const directory = join(sysfs, 'devices', path);
    await mkdir(join(directory, 'holders'), { recursive: true });
    await writeFile(join(directory, 'dev'), `${number}\n`);
    await mkdir(join(sysfs, 'dev/block'), { recursive: true });
    await symlink(directory, join(sysfs, 'dev/block', number));
    return directory;
  };
  const disk = await device('sda', '8:0');
  const partition = await device('sda/sda1', '8:1');
  await writeFile(join(partition, 'partition'), '1\n');
  await writeFile(join(partition, 'start'), '2048\n');
  const raid = await device('md0', '9:0');
  const volume = await device('dm-0', '253:0');
  await mkdir(join(volume, 'dm'));
  await writeFile(join(volume, 'dm/name'), 'vg-root\n');
  await symlink(raid, join(partition, 'holders/md0'));
  await symlink(volume, join(raid, 'holders/dm-0'));

  const stack = await readStack(
    { address: '/dev/sda', deviceNumber: '8:0', sysfsDirectory: disk },
    sysfs,
  );
  assert.deepEqual(
    stack.devices.map(({ address }) => address),
    ['/dev/sda', '/dev/sda1', '/dev/md0', '/dev/dm-0'],
  );
  assert.deepEqual(
    stack.links.map(({ type, lower, upper, upperName }) => [
      type,
      lower.address,
      upper.address,
      upperName,
    ]),
    [
      ['kernel-device', '/dev/sda1', '/dev/md0', null],
      ['kernel-device', '/dev/md0', '/dev/dm-0', 'vg-root'],
    ],
  );
});

test('/proc/swaps names devices and files, with spaces escaped.', () => {
  assert.deepEqual(parseSwaps(recorded('proc-swaps-linux-6.18.txt')), ['/dev/loop0p6']);
  assert.deepEqual(
    parseSwaps('Filename\tType\tSize\tUsed\tPriority\n/mnt/a\\040b\tfile\t1\t0\t-2\n'),
    ['/mnt/a b'],
  );
});
