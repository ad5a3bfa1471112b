import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileReader } from '../../../lib/disk/file-reader.ts';
import { BTRFS } from '../../../engine/filesystems/btrfs.ts';
import type { Choice } from '../../../engine/imaging/choose-source.ts';
import { run } from '../../../lib/exec/run.ts';
import { attachLoop } from '../../lab/loop-device.ts';
import { afterTest, detachOwn, MIB } from '../scratch-disk.ts';
import { scrubbedFiles, withBtrfs } from './btrfs-volume.ts';
import { copyVolume, fillSome, makeVolume } from './copy-proof.ts';
import { patchFile } from './patch-file.ts';
import { english } from '../../support/messages.ts';

const SIZE = 120 * MIB;
/** Of two devices, the least that mkfs takes. */
const PART = 126 * MIB;

async function assertCopied(
  t: TestContext,
  file: string,
  sizeBytes = SIZE,
): Promise<Extract<Choice, { type: 'capture' }>> {
  const before = await scrubbedFiles(t, [file]);
  const { choice, file: copy } = await copyVolume(t, file, sizeBytes);
  assert.ok(choice.type === 'capture' && copy !== null, JSON.stringify(choice));
  await run('btrfs', ['check', '--readonly', copy]);
  assert.deepEqual(await scrubbedFiles(t, [copy]), before);
  return choice;
}

/** What mkfs.btrfs of Debian 12 offers for one device. */
const FEATURES: readonly { readonly size?: number; readonly options: readonly string[] }[] = [
  { options: [] },
  { size: 240, options: ['--data', 'dup', '--metadata', 'dup', '--checksum', 'xxhash'] },
  {
    size: 160,
    options: ['--mixed', '--data', 'dup', '--metadata', 'dup', '--nodesize', '4096'],
  },
  {
    options: [
      '--data',
      'single',
      '--metadata',
      'single',
      '--nodesize',
      '65536',
      '--features',
      '^no-holes,^extref,^skinny-metadata',
      '--runtime-features',
      'quota,^free-space-tree',
    ],
  },
  { size: 130, options: ['--metadata', 'raid0', '--data', 'raid0', '--checksum', 'blake2'] },
];

/** One after the other: the kernel knows one volume of a UUID, and its copy has the same. */
describe('Every copy of every block of a btrfs is in its copy', { concurrency: 1 }, () => {
  for (const { size = SIZE / MIB, options } of FEATURES) {
    test(`Every copy of every block of a btrfs is in its copy: ${['mkfs.btrfs', ...options].join(' ')}`, async (t) => {
      const file = await makeVolume(t, size * MIB, ['mkfs.btrfs', '-q', '-f', ...options]);
      await withBtrfs(
        [file],
        async (directory) => {
          await fillSome(directory);
          await run('btrfs', ['subvolume', 'snapshot', directory, join(directory, 'snapshot')]);
          await rm(join(directory, 'large'));
          await run('cp', [
            '--reflink=always',
            join(directory, 'hard'),
            join(directory, 'reflink'),
          ]);
        },
        t,
        ['compress=zstd'],
      );
      const choice = await assertCopied(t, file, size * MIB);
      assert.equal(english(choice.warnings), '', 'by its used blocks');
    });
  }

  test('Every copy of every block of a btrfs is in its copy when it is full, and when every second file is gone', async (t) => {
    const file = await makeVolume(t, SIZE, ['mkfs.btrfs', '-q', '-f', '--mixed']);
    const write = async (directory: string): Promise<void> => {
      await mkdir(join(directory, 'many'));
      for (let number = 0; ; number += 1) {
        const path = join(directory, 'many', String(number));
        await writeFile(path, Buffer.alloc(40_000, `file ${number} `));
      }
    };
    await withBtrfs([file], (directory) => assert.rejects(write(directory), /ENOSPC/), t);
    await assertCopied(t, file);
    await withBtrfs(
      [file],
      async (directory) => {
        const names = await readdir(join(directory, 'many'));
        assert.ok(names.length > 500);
        for (const name of names.filter((_, index) => index % 2 === 0)) {
          await rm(join(directory, 'many', name));
        }
      },
      t,
    );
    await assertCopied(t, file);
  });

  for (const profile of ['raid0', 'raid1']) {
    test(`Every copy of every block of a btrfs is in its copy over two partitions, ${profile}: both are copied whole, and said to belong together`, async (t) => {
      const files = await Promise.all([
        makeVolume(t, PART, ['true']),
        makeVolume(t, PART, ['true']),
      ]);
      const devices = await Promise.all(files.map((file) => attachLoop(run, file, {})));
      try {
        const options = ['-q', '-f', '--data', profile, '--metadata', profile];
        await run('mkfs.btrfs', [...options, ...devices]);
      } finally {
        for (const device of devices) {
          await run('btrfs', ['device', 'scan', '--forget', device], { allowedStatuses: [0, 1] });
          await detachOwn(device);
        }
      }
      await withBtrfs(files, fillSome, t);
      const before = await scrubbedFiles(t, files);
      const copies: string[] = [];
      for (const source of files) {
        const { choice, file } = await copyVolume(t, source, PART);
        assert.ok(choice.type === 'capture' && choice.source.type === 'device' && file !== null);
        assert.match(english(choice.warnings), /over 2 devices, which are of use only together/);
        copies.push(file);
      }
      assert.deepEqual(await scrubbedFiles(t, copies), before);
    });
  }

  test('Every copy of every block of a btrfs is in its copy: a damaged super block, and one that contradicts the trees, are copied whole', async (t) => {
    for (const offset of [0x10040, 0x10078]) {
      const file = await makeVolume(t, SIZE, ['mkfs.btrfs', '-q', '-f']);
      await patchFile(file, offset, [0x99]);
      const reader = await fileReader(file, 512);
      afterTest(t, () => reader.close());
      const seen = await BTRFS.inspect({ reader, sizeBytes: SIZE });
      assert.equal(seen.type, 'every-sector', JSON.stringify(seen));
    }
  });
});
