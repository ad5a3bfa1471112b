import assert from 'node:assert/strict';
import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { Inspection } from '../../../engine/filesystems/inspection.ts';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { inspectDevice } from '../../../engine/imaging/choose-source.ts';
import { findCompressor } from '../../../engine/imaging/compression.ts';
import { probeNtfs } from '../../../engine/tools/ntfs-probe.ts';
import { isLogDirty, parseLogState } from '../../../engine/tools/xfs-logprint.ts';
import { run } from '../../../lib/exec/run.ts';
import { Compression } from '../../../lib/model/image.ts';
import { attachLoop } from '../../lab/loop-device.ts';
import { readBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { afterTest, detachOwn, MIB } from '../scratch-disk.ts';
import {
  capture,
  filesystemSource,
  FILESYSTEMS,
  makeFilled,
  makePartition,
  restore,
  type TestPartition,
} from './partition-copy.ts';

async function inspect(device: string, type: string): Promise<Inspection> {
  const { signal } = new AbortController();
  return inspectDevice({ device, type }, filesystemOf(type), { run, signal });
}

function assertState(inspection: Inspection, state: RegExp, remedy: RegExp): void {
  assert.ok(inspection.type === 'refused', JSON.stringify(inspection));
  assert.match(inspection.state, state);
  assert.match(inspection.remedy, remedy);
}

/** Mounts, writes a file, and takes the disk's content as it is in that moment: as after a power cut. */
async function makeCutOff(
  t: TestContext,
  name: 'ext4' | 'xfs' | 'btrfs',
): Promise<TestPartition & { content: Buffer }> {
  const source = await makeFilled(t, name);
  const mountpoint = join(source.directory, 'mnt');
  const file = join(source.directory, 'cut-off.img');
  const content = Buffer.alloc(MIB, 'precious ');
  await run('mount', [source.device, mountpoint]);
  try {
    await writeFile(join(mountpoint, 'precious'), content);
    // One file alone goes to the log of btrfs; the others have it all there in any case.
    const synced =
      name === 'btrfs' ? [join(mountpoint, 'precious')] : ['--file-system', mountpoint];
    await run('sync', synced);
    await copyFile(source.file, file);
  } finally {
    await run('umount', [mountpoint]);
  }
  const address = await attachLoop(run, file, {});
  afterTest(t, () => detachOwn(address));
  return { address, file, directory: source.directory, device: `${address}p1`, content };
}

describe('A file system that was not left clean is refused', { concurrency: 3 }, () => {
  test('A file system that was not left clean is refused when ext4 says so itself', async (t) => {
    const { device } = await makeFilled(t, 'ext4');
    await run('debugfs', ['-w', '-R', 'set_super_value state 0', device]);
    assertState(await inspect(device, 'ext4'), /not unmounted cleanly/, /shut it down properly/);
  });

  test('A file system that was not left clean is refused when ext4 was copied while it was mounted', async (t) => {
    const { device } = await makeCutOff(t, 'ext4');
    assertState(await inspect(device, 'ext4'), /its journal/, /shut it down properly/);
  });

  test('A file system that was not left clean is refused when NTFS is marked for a check', async (t) => {
    const { device } = await makeFilled(t, 'ntfs');
    // Without options it sets the mark, for Windows to check at its next start (ntfsfix(8)).
    await run('ntfsfix', [device]);
    assertState(await inspect(device, 'ntfs'), /marked dirty/, /chkdsk \/f/);
  });

  test('A file system that was not left clean is refused when Windows is hibernated, which partclone takes without a word', async (t) => {
    const { device, file, directory } = await makeFilled(t, 'ntfs');
    assert.equal((await inspect(device, 'ntfs')).type, 'used-blocks');
    const hibernation = join(directory, 'hiberfil.sys');
    await writeFile(hibernation, Buffer.concat([Buffer.from('hibr'), Buffer.alloc(8188)]));
    await run('ntfscp', [device, hibernation, '/hiberfil.sys']);
    const before = await readBytes(file, 0, 2 * MIB + FILESYSTEMS.ntfs.sizeBytes);
    assertState(await inspect(device, 'ntfs'), /^Windows is hibernated/, /shutdown \/s \/t 0/);
    await run('blockdev', ['--setro', device]);
    assert.equal(await probeNtfs(run, device), 'hibernated');
    assert.ok((await readBytes(file, 0, before.length)).equals(before), 'nothing was written');
  });

  test('A file system that was not left clean is refused when the log of XFS was not replayed: partclone would leave out what it names', async (t) => {
    const { device, content } = await makeCutOff(t, 'xfs');
    assert.equal(await isLogDirty(run, device), true);
    assertState(await inspect(device, 'xfs'), /its log/, /mount and unmount/i);
    // This is why: partclone is content, but the file is not whole on the copy.
    const { bytes } = await capture(t, filesystemSource(device, 'xfs'));
    const copy = await makePartition(t, FILESYSTEMS.xfs.sizeBytes);
    await restore(t, bytes, 'partclone', { type: 'partition', device: copy.device });
    const mountpoint = join(copy.directory, 'mnt');
    await mkdir(mountpoint);
    await run('mount', [copy.device, mountpoint]);
    try {
      const seen = await readBytes(join(mountpoint, 'precious'), 0, content.length);
      assert.ok(!seen.equals(content));
    } finally {
      await run('umount', [mountpoint]);
    }
    assert.equal(await isLogDirty(run, copy.device), false);
  });
});

test('A btrfs with a log tree is refused, and one without is not.', async (t) => {
  const clean = await makeFilled(t, 'btrfs');
  assert.equal((await inspect(clean.device, 'btrfs')).type, 'used-blocks');
  const { device } = await makeCutOff(t, 'btrfs');
  assertState(await inspect(device, 'btrfs'), /a log with changes/, /Mount and unmount/);
});

test('What xfs_logprint says is read by its state; anything else is nothing.', () => {
  const line = (state: string): string => `    log tail: 14 head: 14 state: <${state}>\n\n`;
  assert.equal(parseLogState(`xfs_logprint:\n${line('CLEAN')}`), 'CLEAN');
  assert.equal(parseLogState(line('DIRTY')), 'DIRTY');
  assert.equal(parseLogState('xfs_logprint: cannot read\n'), null);
});

describe('A stream that is not what it was', { concurrency: 3 }, () => {
  const broken: readonly (readonly [string, Compression, (bytes: Buffer) => Buffer])[] = [
    ...(['zstd', 'gzip', 'lzo'] as const).map(
      (compression) => ['corrupted in the middle', compression, flipped] as const,
    ),
    ...Compression.options.map(
      (compression) =>
        ['truncated', compression, (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)] as const,
    ),
    ['corrupted in its header', 'none', (bytes) => flipped(bytes, 20)],
    ['empty', 'zstd', () => Buffer.alloc(0)],
  ];
  for (const [what, compression, damage] of broken) {
    test(`A stream that is not what it was fails, naming the device: ${what}, compression ${compression}`, async (t) => {
      const source = await makeFilled(t, 'vfat');
      const compressor = await findCompressor(run, compression);
      const { bytes } = await capture(t, filesystemSource(source.device, 'vfat'), compressor);
      const copy = await makePartition(t, FILESYSTEMS.vfat.sizeBytes);
      const target = { type: 'partition', device: copy.device } as const;
      await assert.rejects(restore(t, damage(bytes), 'partclone', target, compressor), {
        code: 'disk-write-failed',
        message: `writing the image to ${copy.device}`,
        hint: /openclone image verify/,
      });
    });
  }
});

test('A file system larger than its target fails, naming the device.', async (t) => {
  const source = await makeFilled(t, 'vfat');
  const { bytes } = await capture(t, filesystemSource(source.device, 'vfat'));
  const copy = await makePartition(t, 4 * MIB);
  const target = { type: 'partition', device: copy.device } as const;
  await assert.rejects(restore(t, bytes, 'partclone', target), {
    code: 'disk-write-failed',
    message: `writing the image to ${copy.device}`,
  });
});

test('Plain sectors that are fewer than the manifest says are refused, and more never reach beyond their place.', async (t) => {
  const { address, file } = await makePartition(t, 2 * MIB);
  const range = { startSector: 1, sectorCount: 62 };
  const target = { type: 'range', disk: address, range, sectorSizeBytes: 512 } as const;
  const none = await findCompressor(run, 'none');
  const fewer = Buffer.alloc(61 * 512, 0xaa);
  await assert.rejects(restore(t, fewer, 'raw', target, none, 62 * 512), { code: 'stream-wrong' });
  const more = Buffer.alloc(64 * 512, 0xaa);
  await restore(t, more, 'raw', target, none, 62 * 512).catch(() => undefined);
  assert.ok((await readBytes(file, 63 * 512, 2 * 512)).every((byte) => byte === 0));
});

describe('A disk that cannot be read in the middle', { concurrency: 3 }, () => {
  /** Everything behind 8 MiB gives EIO from now on, also when it was read before. */
  async function breakDisk({ address, file }: TestPartition): Promise<void> {
    await run('blockdev', ['--flushbufs', address]);
    await truncate(file, 8 * MIB);
  }

  test('A disk that cannot be read in the middle fails the reading of its file system', async (t) => {
    const source = await makeFilled(t, 'ext4');
    await breakDisk(source);
    await assert.rejects(capture(t, filesystemSource(source.device, 'ext4')), {
      code: 'disk-read-failed',
      message: `reading the file system on ${source.device}`,
      hint: /dmesg, smartctl/,
    });
  });

  test('A disk that cannot be read in the middle fails the reading of its sectors, also through a compressor that is content', async (t) => {
    const source = await makePartition(t, 16 * MIB);
    await breakDisk(source);
    const compressor = await findCompressor(run, 'zstd');
    await assert.rejects(capture(t, { type: 'device', device: source.device }, compressor), {
      code: 'disk-read-failed',
      message: `reading ${source.device}`,
    });
    const range = { startSector: (7 * MIB) / 512, sectorCount: (2 * MIB) / 512 };
    const gap = { type: 'range', disk: source.address, range, sectorSizeBytes: 512 } as const;
    await assert.rejects(capture(t, gap, compressor), {
      code: 'disk-read-failed',
      message: `reading the gap on ${source.address}`,
    });
  });
});

test('An ext4 with bigalloc is what partclone cannot read.', async (t) => {
  const { device } = await makePartition(t, 32 * MIB);
  await run('mkfs.ext4', ['-q', '-F', '-O', 'bigalloc', device]);
  await assert.rejects(capture(t, filesystemSource(device, 'ext4')), { code: 'disk-read-failed' });
});

function flipped(bytes: Buffer, at = Math.floor(bytes.length / 2)): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}
