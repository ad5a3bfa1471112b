import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { restoreScript } from '../../cli/restore-script/restore-script.ts';
import { run, type RunResult } from '../../lib/exec/run.ts';
import type { Manifest } from '../../lib/model/image.ts';
import { attachLoop, detachLoops } from '../lab/loop-device.ts';
import { makeSampleImage, type SampleDisk } from './sample-image.ts';
import { SAMPLE_MANIFEST } from '../support/images.ts';
import { withDirectory } from '../support/directories.ts';

const MIB = 1024 * 1024;

const GPT_DISK: SampleDisk = {
  sizeBytes: 96 * MIB,
  sectorSizeBytes: 512,
  table: 'label: gpt\n,20M,L\n,24M,L\n,8M,S\n,4M,L\n',
  tableType: 'gpt',
  partitions: [
    { number: 1, filesystem: 'ext4' },
    { number: 2, filesystem: 'ntfs' },
    { number: 3, filesystem: 'swap' },
    { number: 4, filesystem: 'none' },
  ],
  compression: 'zstd',
  gap: null,
};

const MBR_DISK: SampleDisk = {
  sizeBytes: 96 * MIB,
  sectorSizeBytes: 512,
  table: 'label: dos\n,40M,c,*\n,,5\n,20M,83\n,8M,82\n',
  tableType: 'dos',
  partitions: [
    { number: 1, filesystem: 'vfat' },
    { number: 2, filesystem: 'extended' },
    { number: 5, filesystem: 'ext4' },
    { number: 6, filesystem: 'swap' },
  ],
  compression: 'gzip',
  gap: { startSector: 1, sectorCount: 2047 },
};

const LARGE_SECTORS: SampleDisk = {
  sizeBytes: 64 * MIB,
  sectorSizeBytes: 4096,
  table: 'label: gpt\n,20M,L\n,4M,L\n',
  tableType: 'gpt',
  partitions: [
    { number: 1, filesystem: 'ext4' },
    { number: 2, filesystem: 'none' },
  ],
  compression: 'lzo',
  gap: null,
};

describe('the script that restores an image by hand', () => {
  test('the script that restores an image by hand: the restore script restores a GPT disk with ext4, NTFS, swap and random bytes, byte for byte', async () => {
    await restoreAndCompare(GPT_DISK, 'bash');
  });

  test('the script that restores an image by hand: the restore script restores an MBR disk with logical partitions and a boot loader in the gap, in dash too', async () => {
    await restoreAndCompare(MBR_DISK, 'dash');
  });

  test('the script that restores an image by hand: the restore script restores a disk with sectors of 4096 bytes', async () => {
    await restoreAndCompare(LARGE_SECTORS, 'bash');
  });

  test('the restore script restores an image that is not compressed', async () => {
    await restoreAndCompare({ ...LARGE_SECTORS, compression: 'none' }, 'dash');
  });

  test('the script that restores an image by hand: the restore script restores on a system without addpart', async () => {
    await restoreAndCompare(LARGE_SECTORS, 'dash', 'no-addpart');
  });

  test('the restore script writes nothing when a file of the image is damaged, the disk is too small or in use', async () => {
    await withDirectory(async (directory) => {
      const manifest = await makeSampleImage(directory, LARGE_SECTORS);
      await withTarget(directory, 32 * MIB, 4096, async (device, target) => {
        const small = await runScript(manifest, directory, device, 'bash');
        assert.match(small.stderr, /is too small/);
        assert.equal(small.exitStatus, 1);
        assert.ok(readFileSync(target).every((byte) => byte === 0));
      });
      await withTarget(directory, 64 * MIB, 512, async (device) => {
        const sectors = await runScript(manifest, directory, device, 'bash');
        assert.match(sectors.stderr, /does not have sectors of 4096 bytes/);
      });
      await withTarget(directory, 64 * MIB, 4096, async (device, target) => {
        await run('mkfs.ext4', ['-q', device]);
        const before = readFileSync(target);
        const mountpoint = join(directory, 'mounted');
        mkdirSync(mountpoint);
        await run('mount', ['-o', 'ro,noload', device, mountpoint]);
        try {
          const busy = await runScript(manifest, directory, device, 'bash');
          assert.match(busy.stderr, /is in use/);
        } finally {
          await run('umount', [mountpoint]);
        }
        assert.ok(readFileSync(target).equals(before));
        flipByte(join(directory, 'p2.raw.lzo'));
        const damaged = await runScript(manifest, directory, device, 'bash');
        assert.equal(damaged.exitStatus, 1);
        assert.match(damaged.stdout, /p2\.raw\.lzo: FAILED/);
        assert.ok(readFileSync(target).equals(before));
      });
    });
  });

  test('the script that restores an image by hand: the restore script does nothing before the disk is filled in', async () => {
    const script = restoreScript(SAMPLE_MANIFEST, '/');
    const { exitStatus, stderr } = await run('bash', ['-c', script], { allowedStatuses: [1] });
    assert.equal(exitStatus, 1);
    assert.match(stderr, /Fill in DISK/);
  });

  test('the script that restores an image by hand: the restore script checks the files before it touches the disk, and writes the partition table last', () => {
    const script = restoreScript(SAMPLE_MANIFEST, '/srv/images/x');
    const order = [
      'sha256sum --check',
      'SIZE=$(blockdev --getsize64',
      '# mbr, sector 0',
      'partx --delete',
      'wipefs --all --force --quiet "$DISK"',
      'addpart "$DISK" 1 2048 204800',
      'partclone.restore',
      'zstd -q -d -c <gap-1.raw.zst',
      'mkswap --force --uuid',
      'dd if="$PART" of="$PART"',
      'blockdev --flushbufs "$(part 1)"',
      '# ebr',
      '# mbr\n',
      'partx --update "$DISK"',
      'cmp -s',
    ].map((line) => [line, script.lastIndexOf(line)] as const);
    for (const [line, position] of order) assert.notEqual(position, -1, line);
    const sorted = order.toSorted(([, one], [, other]) => one - other);
    // Swap and NTFS come in the order of the partitions.
    const isOrdered = ([line]: readonly [string, number]): boolean => !/mkswap|PART/.test(line);
    assert.deepEqual(sorted.filter(isOrdered), order.filter(isOrdered));
    assert.doesNotMatch(script, /addpart "\$DISK" 2 /, 'the extended partition gets no device');
  });

  test('the script that restores an image by hand: the restore script quotes names, labels and paths, and keeps control characters out', () => {
    const script = restoreScript(
      { ...SAMPLE_MANIFEST, name: 'a\nrm -rf /', host: { ...SAMPLE_MANIFEST.host, name: 'x' } },
      "/srv/it's here",
    );
    assert.match(script, /^IMAGE='\/srv\/it'\\''s here'$/m);
    assert.match(script, /--label 'it'\\''s swap'/);
    assert.doesNotMatch(script, /^rm -rf/m);
  });
});

/** `addpart`: what the script is to look for in its place. */
async function restoreAndCompare(
  sample: SampleDisk,
  shell: string,
  addpart = 'addpart',
): Promise<void> {
  await withDirectory(async (directory) => {
    const manifest = await makeSampleImage(directory, sample);
    await withTarget(
      directory,
      sample.sizeBytes,
      sample.sectorSizeBytes,
      async (device, target) => {
        // Another table was on the disk before.
        await run('sfdisk', ['--quiet', device], { input: 'label: dos\n,10M\n,10M\n' });
        await run('partx', ['--update', device]);
        const { stderr, stdout, exitStatus } = await runScript(
          manifest,
          directory,
          device,
          shell,
          addpart,
        );
        assert.equal(exitStatus, 0, `${stderr}\n${stdout}`);
        assert.match(stdout, / is complete\.\n$/);
        const source = readFileSync(join(directory, 'source.img'));
        const restored = readFileSync(target);
        assert.deepEqual(differingSectors(source, restored), []);
        const { stdout: listed } = await run('lsblk', ['-nro', 'NAME', device]);
        assert.equal(listed.trim().split('\n').length, 1 + sample.partitions.length);
      },
    );
  });
}

/** Numbers of 512-byte sectors that differ, the first ten. */
function differingSectors(one: Buffer, other: Buffer): number[] {
  if (one.equals(other)) return [];
  const sectors: number[] = [];
  for (let at = 0; at < one.length && sectors.length < 10; at += 512) {
    if (!one.subarray(at, at + 512).equals(other.subarray(at, at + 512))) sectors.push(at / 512);
  }
  return sectors;
}

async function runScript(
  manifest: Manifest,
  directory: string,
  device: string,
  shell: string,
  addpart = 'addpart',
): Promise<RunResult> {
  const plain = restoreScript(manifest, directory);
  assert.match(plain, /command -v addpart /);
  const script = plain
    .replace(/^DISK=.*$/m, `DISK=${device}`)
    .replace('command -v addpart ', `command -v ${addpart} `);
  const path = join(directory, 'by-hand.sh');
  writeFileSync(path, script);
  return run(shell, [path], { allowedStatuses: [0, 1, 2] });
}

async function withTarget(
  directory: string,
  sizeBytes: number,
  sectorSizeBytes: number,
  work: (device: string, file: string) => Promise<void>,
): Promise<void> {
  const file = join(directory, 'target.img');
  writeFileSync(file, '');
  truncateSync(file, sizeBytes);
  const device = await attachLoop(run, file, { sectorSizeBytes });
  try {
    await work(device, file);
  } finally {
    await detachLoops(run, { path: file });
  }
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(path, bytes);
}
