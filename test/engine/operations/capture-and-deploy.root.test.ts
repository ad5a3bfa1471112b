import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { dumpTable } from '../../../engine/tools/sfdisk.ts';
import { run } from '../../../lib/exec/run.ts';
import { readBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { capture, filesystemSource } from '../imaging/partition-copy.ts';
import { makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';
import {
  captureOf,
  deployOf,
  imageOf,
  makeHost,
  send,
  transmissionFor,
  type Host,
} from './perform.ts';
import { OLD, makeSource, makeDeployCase, hashOf, assertGivenBack } from './old-disk.ts';

test('A captured disk is the same after it was deployed: table, boot code, gaps, every partition.', async (t) => {
  const { disk: source, unknown } = await makeSource(t);
  const target = await makeScratchDisk(t, {
    sizeBytes: OLD.sizeBytes + 8 * MIB,
    script: 'label: gpt\nsize=20M\n',
  });
  const host = await makeHost(t, [source.address, target.address]);
  const before = await hashOf(source.file);

  const captured = await host.perform(captureOf(source.address));
  assert.deepEqual([captured.end.outcome, captured.end.diskOutcome], ['completed', 'untouched']);
  assert.equal(await hashOf(source.file), before);
  await assertGivenBack(source);
  const [planned] = captured.events;
  assert.ok(planned?.type === 'plan');
  assert.partialDeepStrictEqual(planned.diskIdentity, {
    address: source.address,
    sizeBytes: OLD.sizeBytes,
  });
  assert.deepEqual(captured.steps, [
    'check-source completed',
    'protect-source completed',
    'check-filesystems completed',
    'capture-p1 completed',
    'capture-p5 completed',
    'read-p6 completed',
    'capture-p7 completed',
    ...[1, 2].map((gap) => `capture-gap-${gap} completed`),
    'store-image completed',
  ]);
  const image = imageOf(captured);
  assert.deepEqual(
    [...host.data.streams.keys()],
    [
      'p1.partclone.zst',
      'p5.partclone.zst',
      'p7.raw.zst',
      ...[1, 2].map((gap) => `gap-${gap}.raw.zst`),
    ],
  );
  assert.deepEqual(
    image.gaps.map(({ startSector, sectorCount }) => [startSector, sectorCount]),
    [
      [1, 62],
      [65_601, 62],
    ],
  );

  send(host.data, transmissionFor(image, host.data.streams).bytes);
  const deployed = await host.perform(deployOf(target.address, image));
  assert.equal(deployed.end.error, null);
  assert.deepEqual([deployed.end.outcome, deployed.end.diskOutcome], ['completed', 'complete']);
  assert.ok(deployed.steps.every((step) => step.endsWith(' completed')));
  assert.deepEqual(deployed.steps.slice(-2), ['write-table completed', 'verify-table completed']);
  await assertGivenBack(target);

  const strip = (dump: string, { address }: ScratchDisk): string => dump.replaceAll(address, '');
  assert.equal(
    strip(await dumpTable(run, target.address), target),
    strip(await dumpTable(run, source.address), source),
  );
  await run('blockdev', ['--flushbufs', target.address]);
  for (const [startSector, sectorCount] of [
    [0, 63],
    [65_600, 63],
    ...image.gaps.map((gap) => [gap.startSector, gap.sectorCount] as const),
  ] as const) {
    const range = [startSector * 512, sectorCount * 512] as const;
    const [theirs, ours] = [
      await readBytes(source.file, ...range),
      await readBytes(target.file, ...range),
    ];
    assert.ok(theirs.equals(ours), `sectors from ${startSector}`);
  }
  assert.ok((await readBytes(target.file, 151_400 * 512, unknown.length)).equals(unknown));
  for (const [number, type] of [
    [1, 'ntfs'],
    [5, 'ext4'],
  ] as const) {
    const ours = await capture(t, filesystemSource(`${target.address}p${number}`, type));
    const theirs = await capture(t, filesystemSource(`${source.address}p${number}`, type));
    assert.ok(ours.bytes.equals(theirs.bytes), type);
  }
  await run('ntfsfix', ['--no-action', `${target.address}p1`]);
  await run('e2fsck', ['-f', '-n', `${target.address}p5`]);
  const swaps = [source, target].map(({ address }) => probeDevice(run, `${address}p6`));
  const [theirs, ours] = await Promise.all(swaps);
  assert.deepEqual(
    [ours?.filesystemType, ours?.filesystemUuid, ours?.filesystemLabel],
    ['swap', theirs?.filesystemUuid, 'swäp'],
  );
});

describe(
  'A target is refused before its first byte and before any data is asked for',
  { concurrency: 4 },
  () => {
    async function assertUntouched(
      { host, target }: { host: Host; target: ScratchDisk },
      attempt: () => Promise<unknown>,
    ): Promise<void> {
      const before = await hashOf(target.file);
      await attempt();
      await run('blockdev', ['--flushbufs', target.address]);
      assert.equal(await hashOf(target.file), before);
      assert.equal(host.data.asked, 0);
      await assertGivenBack(target);
    }

    test('A target is refused before its first byte and before any data is asked for when it is mounted', async (t) => {
      const made = await makeDeployCase(t, { script: 'label: dos\nsize=32M, type=83\n' });
      const { host, target, image } = made;
      await run('mkfs.ext4', ['-q', '-F', `${target.address}p1`]);
      await run('blockdev', ['--flushbufs', `${target.address}p1`]);
      const mountpoint = join(target.directory, 'mnt');
      await mkdir(mountpoint);
      await run('mount', ['-o', 'ro', `${target.address}p1`, mountpoint]);
      try {
        await assertUntouched(made, async () => {
          const { end } = await host.perform(deployOf(target.address, image));
          assert.deepEqual([end.outcome, end.diskOutcome], ['failed', 'untouched']);
          assert.equal(end.error?.code, 'disk-busy');
          assert.ok(end.error.message.includes(mountpoint));
          assert.ok(end.error.hint.includes('umount'));
        });
      } finally {
        await run('umount', [mountpoint]);
      }
    });

    test('A target is refused before its first byte and before any data is asked for when it is too small', async (t) => {
      const made = await makeDeployCase(t, { sizeBytes: 70 * MIB });
      await assertUntouched(made, () =>
        assert.rejects(made.host.perform(deployOf(made.target.address, made.image)), {
          code: 'disk-too-small',
        }),
      );
    });

    test('A target is refused before its first byte and before any data is asked for when its sectors have another size', async (t) => {
      const made = await makeDeployCase(t, { sectorSizeBytes: 4096 });
      await assertUntouched(made, () =>
        assert.rejects(made.host.perform(deployOf(made.target.address, made.image)), {
          code: 'disk-sector-size',
        }),
      );
    });

    test('A target is refused before its first byte and before any data is asked for when there is no such disk', async (t) => {
      const made = await makeDeployCase(t);
      await assertUntouched(made, () =>
        assert.rejects(made.host.perform(deployOf('/dev/sdz', made.image)), {
          code: 'disk-not-found',
          hint: new RegExp(made.target.address),
        }),
      );
    });
  },
);
