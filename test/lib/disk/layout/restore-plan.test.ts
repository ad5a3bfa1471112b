import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capturedLayout } from '../../../../lib/disk/layout/plan-layout.ts';
import { restorePlan, type FinishStep } from '../../../../lib/disk/layout/restore-plan.ts';
import type { ImagePartition } from '../../../../lib/model/image.ts';
import { SAMPLE_MANIFEST } from '../../../support/images.ts';

const PLAN = restorePlan(capturedLayout(SAMPLE_MANIFEST));

function finishOf(change: Partial<ImagePartition>): FinishStep[] {
  const [first] = SAMPLE_MANIFEST.partitions;
  if (first === undefined) throw new TypeError('the sample has a partition');
  const partitions = [{ ...first, ...change }];
  return [...restorePlan(capturedLayout({ ...SAMPLE_MANIFEST, partitions })).finish];
}

test('clearing begins with what makes a disk boot, before anything is added to it', () => {
  assert.deepEqual(
    PLAN.clear.map(({ type }) => type),
    [
      'forget-partitions',
      'make-unbootable',
      'zero-ends',
      'wipe-signatures',
      'add-partition',
      'wipe-signatures',
      'add-partition',
      'wipe-signatures',
    ],
  );
});

test('the container of logical partitions is neither told to the kernel nor written nor flushed', () => {
  const numbers = [...PLAN.clear, ...PLAN.flush].flatMap((action) =>
    'number' in action && action.number !== null ? [action.number] : [],
  );
  assert.deepEqual([...new Set(numbers)], [1, 5]);
});

test('streams are written in the order in which a session sends them, gaps after partitions', () => {
  assert.deepEqual(
    PLAN.streams.map(({ stream }) => stream.name),
    ['p1.partclone.zst', 'gap-1.raw.zst'],
  );
});

test('the cache of the disk is written out after those of its partitions', () => {
  assert.deepEqual(PLAN.flush.at(-1), { type: 'flush', number: null });
});

test('the first sector is the last that is written, and every written area is compared', () => {
  const written = PLAN.table.flatMap((action) => ('area' in action ? [action.area] : []));
  const compared = PLAN.verify.flatMap((action) => ('areas' in action ? action.areas : []));
  assert.deepEqual(
    written.map(({ kind }) => kind),
    ['ebr', 'mbr'],
  );
  assert.deepEqual(compared, written);
});

test('swap of an image of 0.2 is made, swap with a header gets both ends zeroed and the header', () => {
  const swap = { type: 'swap', uuid: 'u', label: null } as const;
  const args = ['--force', '--uuid', 'u'];
  assert.deepEqual(finishOf({ content: swap }), [
    { type: 'make-swap', number: 1, actions: [{ type: 'run', tool: 'mkswap', args }] },
  ]);
  const header = { pageSizeBytes: 4096, signature: 'SWAPSPACE2', dataBase64: '' } as const;
  const [step] = finishOf({ sectorCount: 100_000, content: { ...swap, header } });
  const [start, end, page] = step?.actions ?? [];
  const countBytes = 1024 * 1024;
  assert.deepEqual(start, { type: 'zero', startBytes: 0, countBytes });
  assert.deepEqual(end, { type: 'zero', startBytes: 51_200_000 - countBytes, countBytes });
  assert.ok(page?.type === 'write' && page.startBytes === 0);
  assert.equal(page.data.toString('latin1', 4086), 'SWAPSPACE2');
});

test('a swap area smaller than what is zeroed at its ends is zeroed whole', () => {
  const header = { pageSizeBytes: 4096, signature: 'SWAPSPACE2', dataBase64: '' } as const;
  const content = { type: 'swap', uuid: null, label: null, header } as const;
  const [step] = finishOf({ sectorCount: 100, content });
  const zero = { type: 'zero', startBytes: 0, countBytes: 51_200 };
  assert.deepEqual(step?.actions.slice(0, 2), [zero, zero]);
});

test('NTFS gets its backup boot sector when partclone has written it, not when every sector was copied', () => {
  const [ntfs] = SAMPLE_MANIFEST.partitions;
  assert.ok(ntfs?.content.type === 'stream');
  assert.deepEqual(
    finishOf({}).map(({ type, number }) => [type, number]),
    [['write-ntfs-backup', 1]],
  );
  const stream = { ...ntfs.content.stream, content: 'raw' as const };
  assert.deepEqual(finishOf({ content: { type: 'stream', stream } }), []);
});
