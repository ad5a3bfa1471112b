import assert from 'node:assert/strict';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import {
  assertSameWhereUsed,
  copyVolume,
  fillSome,
  fillToTheLastBlock,
  filesOf,
  IS_LONG,
  makeVolume,
  removeEverySecond,
  withMounted,
  type Copy,
} from './copy-proof.ts';
import { checkExt, usedByExt } from './ext-volume.ts';
import { english } from '../../support/messages.ts';

const SIZE = 32 * MIB;
const SMALL = 8 * MIB;

/** Copies and compares by the file system's own tools and, where this kernel can, by mounting. */
async function assertCopied(
  t: TestContext,
  file: string,
  options: { readonly mounts?: boolean; readonly sizeBytes?: number } = {},
): Promise<Copy> {
  const copy = await copyVolume(t, file, options.sizeBytes ?? SIZE);
  assert.ok(copy.file !== null, JSON.stringify(copy.choice));
  await assertSameWhereUsed(await usedByExt(file), file, copy.file);
  await checkExt(copy.file);
  if (options.mounts !== false) {
    assert.deepEqual(await filesOf(t, copy.file), await filesOf(t, file));
  }
  return copy;
}

function warningOf({ choice }: Copy): string {
  assert.ok(choice.type === 'capture', JSON.stringify(choice));
  return english(choice.warnings);
}

/** What mkfs of Debian 12 offers; those that this kernel cannot mount are filled by mkfs itself. */
const FEATURES: readonly (readonly [string, ...string[]])[] = [
  ['mkfs.ext2'],
  ['mkfs.ext2', '-r', '0', '-b', '1024', '-I', '128'],
  ['mkfs.ext2', '-b', '1024', '-g', '1024'],
  ['mkfs.ext3'],
  ['mkfs.ext3', '-b', '1024', '-J', 'size=4'],
  ['mkfs.ext4'],
  ['mkfs.ext4', '-b', '1024'],
  ['mkfs.ext4', '-b', '2048', '-g', '2048', '-G', '4'],
  ['mkfs.ext4', '-b', '4096', '-g', '512'],
  ['mkfs.ext4', '-O', '^64bit'],
  ['mkfs.ext4', '-O', '^flex_bg', '-b', '1024'],
  ['mkfs.ext4', '-O', 'meta_bg,^resize_inode', '-b', '1024', '-g', '256'],
  ['mkfs.ext4', '-O', 'meta_bg,^resize_inode,^flex_bg,^sparse_super', '-b', '1024', '-g', '256'],
  ['mkfs.ext4', '-O', 'sparse_super2', '-b', '1024', '-g', '1024'],
  ['mkfs.ext4', '-O', '^sparse_super,^resize_inode', '-b', '1024', '-g', '1024'],
  ['mkfs.ext4', '-O', '^metadata_csum,uninit_bg', '-b', '1024'],
  ['mkfs.ext4', '-O', '^metadata_csum,^uninit_bg', '-b', '1024'],
  ['mkfs.ext4', '-O', '^has_journal'],
  ['mkfs.ext4', '-O', 'mmp'],
  ['mkfs.ext4', '-O', 'encrypt'],
  ['mkfs.ext4', '-O', 'casefold'],
  ['mkfs.ext4', '-O', 'inline_data,ea_inode'],
  ['mkfs.ext4', '-O', 'orphan_file'],
  ['mkfs.ext4', '-O', 'stable_inodes,verity,large_dir'],
  ['mkfs.ext4', '-O', 'project'],
  ['mkfs.ext4', '-E', 'packed_meta_blocks=1'],
  ['mkfs.ext4', '-E', 'lazy_itable_init=1,lazy_journal_init=1', '-b', '1024'],
  ['mkfs.ext4', '-b', '65536'],
  ['mkfs.ext4', '-O', 'bigalloc'],
  ['mkfs.ext4', '-O', 'bigalloc', '-b', '1024', '-C', '8192'],
  ['mkfs.ext4', '-O', 'bigalloc', '-C', '65536'],
];

describe(
  'A copy of an ext file system has all that its own tools call used',
  { concurrency: 2 },
  () => {
    for (const [mkfs, ...args] of FEATURES) {
      test(`A copy of an ext file system has all that its own tools call used: ${[mkfs, ...args].join(' ')}`, async (t) => {
        const content = await scratchDirectory(t);
        await fillSome(content);
        const file = await makeVolume(t, SIZE, [mkfs, '-q', '-F', ...args, '-d', content]);
        const mounts = await run('mount', ['-o', 'loop', file, content]).then(
          () => true,
          () => false,
        );
        if (mounts) {
          await rm(join(content, 'large'));
          await writeFile(join(content, 'later'), Buffer.alloc(MIB, 'written by the kernel'));
          await run('umount', [content]);
        }
        await assertCopied(t, file, { mounts });
      });
    }

    test('A copy of an ext file system has all that its own tools call used when it is full to the last block, and when every second block is', async (t) => {
      const full = await makeVolume(t, SMALL, [
        'mkfs.ext4',
        '-q',
        '-F',
        '-b',
        '4096',
        '-m',
        '0',
        '-N',
        '4000',
        '-O',
        '^has_journal,^resize_inode',
      ]);
      await withMounted(t, full, (directory) => {
        assert.ok(fillToTheLastBlock(directory) > 1000);
        return Promise.resolve();
      });
      await assertCopied(t, full, { sizeBytes: SMALL });
      for (const remainder of [0, 1] as const) {
        const half = join(await scratchDirectory(t), 'half.img');
        await copyFile(full, half);
        await withMounted(t, half, (directory) => {
          removeEverySecond(directory, remainder);
          return Promise.resolve();
        });
        const { choice } = await assertCopied(t, half, { sizeBytes: SMALL });
        assert.ok(choice.type === 'capture' && choice.source.type === 'filesystem');
      }
    });

    test('A copy of an ext file system has all that its own tools call used with its journal on another device, which is said', async (t) => {
      const journal = await makeVolume(t, 16 * MIB, [
        'mkfs.ext4',
        '-q',
        '-F',
        '-b',
        '1024',
        '-O',
        'journal_dev',
      ]);
      const { stdout } = await run('losetup', ['--find', '--show', journal]);
      const device = stdout.trim();
      try {
        const file = await makeVolume(t, SIZE, [
          'mkfs.ext4',
          '-q',
          '-F',
          '-b',
          '1024',
          '-J',
          `device=${device}`,
        ]);
        await withMounted(t, file, fillSome);
        const copy = await assertCopied(t, file);
        assert.match(warningOf(copy), /journal is on another device/);
        const other = await copyVolume(t, journal, 16 * MIB);
        assert.ok(other.file !== null);
        await assertSameWhereUsed([{ startBytes: 0, endBytes: 16 * MIB }], journal, other.file);
      } finally {
        await run('losetup', ['--detach', device]);
      }
    });
  },
);

test('The comparison sees one sector that is missing where the file system uses it.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '1024']);
  const { choice, file: copy } = await copyVolume(t, file, SIZE);
  assert.ok(copy !== null && choice.type === 'capture' && choice.source.type === 'filesystem');
  const used = await usedByExt(file);
  const everything = [{ startBytes: 0, endBytes: SIZE }];
  await assert.rejects(assertSameWhereUsed(everything, file, copy), /differs at byte/);
  const last = used.at(-1) ?? assert.fail();
  await run('dd', [
    'if=/dev/urandom',
    `of=${copy}`,
    'bs=512',
    'count=1',
    'conv=notrunc',
    `seek=${last.endBytes / 512 - 1}`,
    'status=none',
  ]);
  await assert.rejects(assertSameWhereUsed(used, file, copy), /differs at byte/);
});

test('What partclone cannot read is copied sector by sector, which is said: clusters of several blocks.', async (t) => {
  const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-O', 'bigalloc']);
  const copy = await assertCopied(t, file);
  assert.match(warningOf(copy), /^copied sector by sector: partclone.extfs cannot read it/);
});

describe('An ext file system that is not what its bitmaps say', { concurrency: 2 }, () => {
  async function assertRefused(t: TestContext, file: string, state: RegExp): Promise<void> {
    const { choice } = await copyVolume(t, file, SIZE);
    assert.ok(choice.type === 'refused', JSON.stringify(choice));
    assert.match(choice.state, state);
    assert.match(choice.remedy, /shut it down properly/);
  }

  for (const mkfs of ['mkfs.ext3', 'mkfs.ext4']) {
    const moments = IS_LONG ? [1, 5, 20, 45] : [0];
    test(`An ext file system that is not what its bitmaps say is refused when it was cut off while mounted (${mkfs})`, async (t) => {
      const file = await makeVolume(t, SIZE, [mkfs, '-q', '-F']);
      await withMounted(t, file, async (directory) => {
        await writeFile(join(directory, 'new'), Buffer.alloc(MIB, 'precious '));
        await run('sync', [join(directory, 'new')]);
        let waited = 0;
        for (const seconds of moments) {
          await delay((seconds - waited) * 1000);
          waited = seconds;
          const cut = join(await scratchDirectory(t), 'cut.img');
          await copyFile(file, cut);
          await assertRefused(t, cut, /its journal holds changes/);
        }
      });
      await assertCopied(t, file);
    });
  }

  for (const args of [['mkfs.ext2'], ['mkfs.ext4', '-O', '^has_journal']] as const) {
    test(`An ext file system that is not what its bitmaps say is refused when it was cut off and has no journal (${args.join(' ')})`, async (t) => {
      const [mkfs, ...others] = args;
      const file = await makeVolume(t, SIZE, [mkfs, '-q', '-F', ...others]);
      await withMounted(t, file, async (directory) => {
        await writeFile(join(directory, 'new'), Buffer.alloc(MIB, 'precious '));
        await run('sync', ['--file-system', directory]);
        const cut = join(await scratchDirectory(t), 'cut.img');
        await copyFile(file, cut);
        await assertRefused(t, cut, /not unmounted cleanly/);
      });
    });
  }

  test('An ext file system that is not what its bitmaps say is copied by its used blocks when it only was mounted too often without a check', async (t) => {
    const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F']);
    await run('tune2fs', ['-c', '5', '-C', '20', file]);
    const copy = await copyVolume(t, file, SIZE);
    assert.ok(copy.choice.type === 'capture' && copy.choice.source.type === 'filesystem');
    assert.equal(warningOf(copy), '');
    assert.ok(copy.file !== null);
    await assertSameWhereUsed(await usedByExt(file), file, copy.file);
  });

  /** What is done to a sound one, and what the warning says; each is copied sector by sector. */
  const ODD: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'it is marked as having errors',
      ['debugfs', '-w', '-R', 'ssv state 2'],
      /marked as having errors and was not unmounted/,
    ],
    [
      'errors were found while it was mounted',
      ['debugfs', '-w', '-R', 'ssv state 3'],
      /having errors/,
    ],
    ['a bitmap contradicts its count', ['debugfs', '-w', '-R', 'freeb 300 200'], /contradict/],
    [
      'it has a feature from the future',
      ['debugfs', '-w', '-R', 'ssv feature_incompat 0x80000242'],
      /does not know/,
    ],
  ];
  for (const [what, [tool = '', ...args], said] of ODD) {
    test(`An ext file system that is not what its bitmaps say is never an incomplete image: ${what}`, async (t) => {
      const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '1024']);
      await run(tool, [...args, file]);
      const copy = await copyVolume(t, file, SIZE);
      if (copy.file === null) {
        assert.match(JSON.stringify(copy.choice), said);
        return;
      }
      assert.match(warningOf(copy), /^copied sector by sector: /);
      assert.match(warningOf(copy), said);
      await assertSameWhereUsed([{ startBytes: 0, endBytes: SIZE }], file, copy.file);
    });
  }

  test('An ext file system that is not what its bitmaps say is copied sector by sector when it is larger than its partition', async (t) => {
    const file = await makeVolume(t, SIZE, ['mkfs.ext4', '-q', '-F', '-b', '4096']);
    await run('truncate', ['--size', String(SIZE - 8 * MIB), file]);
    const copy = await copyVolume(t, file, SIZE - 8 * MIB);
    assert.match(warningOf(copy), /larger than its partition/);
  });
});
