import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchDirectory } from '../scratch-disk.ts';
import {
  allBut,
  assertSameWhereUsed,
  copyVolume,
  fillSome,
  fillToTheLastBlock,
  filesOf,
  IS_LONG,
  makeVolume,
  removeEverySecond,
  withMounted,
  type ByteRange,
  type Copy,
} from './copy-proof.ts';
import { english } from '../../support/messages.ts';

const SIZE = 64 * MIB;
/** --unsupported: else mkfs.xfs makes none that is so small. */
const MKFS = ['mkfs.xfs', '-q', '-f', '--unsupported'] as const;

/** All but what xfs_db finds in the trees of free space and the lists beside them. */
async function usedByXfs(file: string): Promise<ByteRange[]> {
  const ask = async (...requests: string[]): Promise<string> => {
    const commands = requests.flatMap((request) => ['-c', request]);
    return (await run('xfs_db', ['-r', '-f', ...commands, file])).stdout;
  };
  const numbers = [
    ...(await ask('sb 0', 'print blocksize agblocks dblocks')).matchAll(/= (\d+)$/gm),
  ];
  const [blockBytes = NaN, groupBlocks = NaN, blockCount = NaN] = numbers.map(([, value]) =>
    Number(value),
  );
  const free = [...(await ask('freesp -d')).matchAll(/^ *(\d+) +(\d+) +(\d+)$/gm)].map(
    ([, group, first, count]) => {
      const startBytes = (Number(group) * groupBlocks + Number(first)) * blockBytes;
      return { startBytes, endBytes: startBytes + Number(count) * blockBytes };
    },
  );
  assert.ok(blockCount > 0 && free.length > 0);
  return allBut(free, blockCount * blockBytes);
}

async function assertCopied(t: TestContext, file: string, mounts = true): Promise<Copy> {
  const copy = await copyVolume(t, file, SIZE);
  assert.ok(copy.file !== null, JSON.stringify(copy.choice));
  await assertSameWhereUsed(await usedByXfs(file), file, copy.file);
  await run('xfs_repair', ['-n', '-f', copy.file]);
  if (mounts) {
    const theirs = await filesOf(t, file, ['nouuid']);
    assert.deepEqual(await filesOf(t, copy.file, ['nouuid']), theirs);
  }
  return copy;
}

function assertByUsedBlocks({ choice }: Copy): void {
  assert.ok(
    choice.type === 'capture' && choice.source.type === 'filesystem',
    JSON.stringify(choice),
  );
  assert.deepEqual(choice.warnings, []);
}

/** A prototype file (mkfs.xfs(8), -p) with some files in it; returns its path. */
async function makePrototype(t: TestContext): Promise<string> {
  const directory = await scratchDirectory(t);
  const lines = ['/', '0 0', 'd--755 0 0'];
  for (const length of [1, 5000, 70_000, 2 * MIB]) {
    const path = join(directory, `file-${length}`);
    await writeFile(path, Buffer.alloc(length, `${length} bytes `));
    lines.push(`file-${length} ---644 0 0 ${path}`);
  }
  const prototype = join(directory, 'prototype');
  await writeFile(prototype, `${[...lines, '$', '$'].join('\n')}\n`);
  return prototype;
}

/** What mkfs.xfs of Debian 12 offers. */
const FEATURES: readonly (readonly string[])[] = [
  [],
  ['-m', 'crc=0'],
  ['-m', 'crc=0', '-i', 'size=256,attr=1'],
  ['-m', 'rmapbt=1,reflink=1'],
  ['-m', 'reflink=0,bigtime=0,inobtcount=0', '-i', 'sparse=0'],
  ['-m', 'finobt=0,rmapbt=0,reflink=0'],
  ['-i', 'nrext64=1'],
  ['-b', 'size=1024'],
  ['-b', 'size=512', '-m', 'crc=0'],
  ['-s', 'size=4096'],
  ['-n', 'size=8192'],
  ['-n', 'version=ci', '-m', 'crc=0'],
  ['-d', 'agcount=2'],
  ['-d', 'agcount=3,su=64k,sw=2'],
  ['-l', 'lazy-count=1,su=32k'],
];

describe('A copy of an XFS has all that its own tools call used', { concurrency: 2 }, () => {
  for (const args of FEATURES) {
    test(`A copy of an XFS has all that its own tools call used: ${['mkfs.xfs', ...args].join(' ')}`, async (t) => {
      // Kernels do not mount version 4 any more: mkfs puts the files in.
      const isOld = args.includes('crc=0');
      const prototype = isOld ? ['-p', await makePrototype(t)] : [];
      const file = await makeVolume(t, SIZE, [...MKFS, ...args, ...prototype]);
      if (!isOld) {
        await withMounted(t, file, async (directory) => {
          await fillSome(directory);
          if (args.includes('rmapbt=1,reflink=1')) {
            await run('cp', [
              '--reflink=always',
              join(directory, 'large'),
              join(directory, 'shared'),
            ]);
          }
        });
      }
      assertByUsedBlocks(await assertCopied(t, file, !isOld));
    });
  }

  test('A copy of an XFS has all that its own tools call used when it is full to the last block, and when every second block is', async (t) => {
    const file = await makeVolume(t, SIZE, [...MKFS]);
    await withMounted(t, file, async (directory) => {
      // What the many small files need not fill one by one.
      await run('fallocate', ['--length', '45M', join(directory, 'large')]);
      assert.ok(fillToTheLastBlock(directory) > 500);
    });
    assertByUsedBlocks(await assertCopied(t, file));
    await withMounted(t, file, (directory) => {
      removeEverySecond(directory, 1);
      return Promise.resolve();
    });
    assertByUsedBlocks(await assertCopied(t, file));
  });
});

describe('An XFS that is not what its trees say', { concurrency: 2 }, () => {
  test('An XFS that is not what its trees say is refused when it was cut off while mounted, and not when it was unmounted', async (t) => {
    const file = await makeVolume(t, SIZE, [...MKFS]);
    await withMounted(t, file, async (directory) => {
      await writeFile(join(directory, 'new'), Buffer.alloc(MIB, 'precious '));
      await run('sync', [join(directory, 'new')]);
      let waited = 0;
      for (const seconds of IS_LONG ? [1, 5, 20, 45] : [0]) {
        await delay((seconds - waited) * 1000);
        waited = seconds;
        const cut = join(await scratchDirectory(t), 'cut.img');
        await copyFile(file, cut);
        const { choice } = await copyVolume(t, cut, SIZE);
        assert.ok(choice.type === 'refused', JSON.stringify(choice));
        assert.match(choice.state, /its log holds changes/);
        assert.match(choice.remedy, /mount and unmount/);
      }
    });
    assertByUsedBlocks(await assertCopied(t, file));
  });

  test('An XFS that is not what its trees say is copied sector by sector with an external log, without the usage text of a tool', async (t) => {
    const log = await makeVolume(t, 80 * MIB, ['true']);
    const device = (await run('losetup', ['--find', '--show', log])).stdout.trim();
    try {
      const file = await makeVolume(t, SIZE, [...MKFS, '-l', `logdev=${device}`]);
      const { choice, file: copy } = await copyVolume(t, file, SIZE);
      assert.ok(choice.type === 'capture' && copy !== null);
      assert.match(english(choice.warnings), /^copied sector by sector: .*external log/);
      await assertSameWhereUsed([{ startBytes: 0, endBytes: SIZE }], file, copy);
    } finally {
      await run('losetup', ['--detach', device]);
    }
  });

  test('An XFS that is not what its trees say is copied sector by sector with a real-time device', async (t) => {
    const other = await makeVolume(t, 32 * MIB, ['true']);
    const device = (await run('losetup', ['--find', '--show', other])).stdout.trim();
    try {
      const file = await makeVolume(t, SIZE, [
        ...MKFS,
        '-m',
        'rmapbt=0,reflink=0',
        '-r',
        `rtdev=${device}`,
      ]);
      const { choice, file: copy } = await copyVolume(t, file, SIZE);
      assert.ok(choice.type === 'capture' && copy !== null);
      assert.match(english(choice.warnings), /real-time/);
      await assertSameWhereUsed([{ startBytes: 0, endBytes: SIZE }], file, copy);
    } finally {
      await run('losetup', ['--detach', device]);
    }
  });

  test('An XFS that is not what its trees say is copied sector by sector when it is larger than its partition', async (t) => {
    const file = await makeVolume(t, SIZE, [...MKFS]);
    await run('truncate', ['--size', String(SIZE - MIB), file]);
    const { choice } = await copyVolume(t, file, SIZE - MIB);
    assert.ok(choice.type === 'capture');
    assert.match(english(choice.warnings), /larger than its partition/);
  });

  test('An XFS that is not what its trees say is copied sector by sector when a count is wrong', async (t) => {
    const file = await makeVolume(t, SIZE, [...MKFS]);
    await run('xfs_db', ['-x', '-f', '-c', 'agf 1', '-c', 'write -d freeblks 77', file]);
    const { choice, file: copy } = await copyVolume(t, file, SIZE);
    assert.ok(choice.type === 'capture' && copy !== null);
    assert.match(english(choice.warnings), /contradict/);
    await assertSameWhereUsed([{ startBytes: 0, endBytes: SIZE }], file, copy);
  });
});
