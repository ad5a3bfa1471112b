/** Swap areas of all kinds, captured and deployed onto a disk that is full of other things. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import type { SwapHeader } from '../../../lib/model/image.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import { swapPage } from '../../../lib/filesystems/swap-page.ts';
import { readBytes } from '../../lib/disk/tables/partitioned-file.ts';
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
import { english } from '../../support/messages.ts';
import { AREA_BYTES, mkswap, put, HEADERS, COPIES, type Area } from './swap-areas.ts';

const scriptFor = (count: number): string =>
  `label: gpt\n${`size=${AREA_BYTES / MIB}M, type=swap\n`.repeat(count)}`;

/** What libblkid says of a partition, but for where it is. */
async function probe(device: string): Promise<string> {
  const { stdout } = await run('blkid', ['-p', '-o', 'export', device]);
  return stdout.replace(/^(DEVNAME|PART_ENTRY_DISK)=.*\n/gm, '');
}

/** Every signature that libblkid finds, wherever. */
async function signatures(device: string): Promise<string> {
  const { stdout } = await run('wipefs', ['--parsable', '--output', 'OFFSET,TYPE,LABEL', device]);
  return stdout;
}

async function fill({ file }: ScratchDisk, byte: number, sizeBytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    for (let at = 0; at < sizeBytes; at += MIB)
      await handle.write(Buffer.alloc(MIB, byte), 0, MIB, at);
  } finally {
    await handle.close();
  }
}

type Moved = {
  host: Host;
  source: ScratchDisk;
  target: ScratchDisk;
  image: DeployImage;
  warned: string[];
};

/** Captures a disk with the swap areas and deploys it; `spoil` is called with each partition of the target before. */
async function move(
  t: TestContext,
  areas: readonly Pick<Area, 'make'>[],
  spoil: (device: string) => Promise<void> = () => Promise.resolve(),
): Promise<Moved> {
  const sizeBytes = (areas.length * 4 + 4) * MIB;
  const script = scriptFor(areas.length);
  const source = await makeScratchDisk(t, { sizeBytes, script });
  for (const [index, { make }] of areas.entries()) await make(`${source.address}p${index + 1}`);
  const target = await makeScratchDisk(t, { sizeBytes, script: '' });
  await fill(target, 0xa5, sizeBytes);
  const host = await makeHost(t, [source.address, target.address]);
  const captured = await host.perform(captureOf(source.address));
  assert.equal(captured.end.error, null);
  const image = imageOf(captured);
  const used = await makeScratchDisk(t, { sizeBytes, script });
  await run('dd', [`if=${used.file}`, `of=${target.file}`, 'bs=1M', 'conv=notrunc', 'count=1']);
  await run('partx', ['--update', target.address]);
  for (const index of areas.keys()) await spoil(`${target.address}p${index + 1}`);
  send(host.data, transmissionFor(image, host.data.streams).bytes);
  const deployed = await host.perform(deployOf(target.address, image));
  assert.equal(deployed.end.error, null);
  const warned = captured.events.flatMap((event) =>
    event.type === 'step-ended' && event.state === 'warned'
      ? [`${event.stepId}: ${english(event.notes)}`]
      : [],
  );
  return { host, source, target, image, warned };
}

/** How a hibernated Linux marks the swap area that it sleeps in. */
const ASLEEP: readonly { what: string; make: Area['make'] }[] = [
  ...[
    ['S1SUSPEND\0', 4096],
    ['ULSUSPEND\0', 65536],
    ['LINHIB0001', 4096],
  ].map(([signature, pageBytes]) => ({
    what: `${signature} with pages of ${pageBytes}`,
    make: async (d: string) => {
      await mkswap(d, '-L', 'asleep', '-p', String(pageBytes));
      await put(d, Number(pageBytes) - 10, Buffer.from(String(signature)));
    },
  })),
  {
    what: 'TuxOnIce',
    make: async (d) => {
      await mkswap(d);
      await put(d, 0, Buffer.from('\u00ed\u00c3\u0002\u00e9\u0098V\u00e5\f', 'latin1'));
    },
  },
  {
    // blkid(8) tells of neither.
    what: 'S1SUSPEND, and what is left of a file system that was there before',
    make: async (d) => {
      await run('mkfs.ext2', ['-q', '-F', d]);
      await mkswap(d);
      await put(d, 1080, Buffer.from([0x53, 0xef]));
      await put(d, 4086, Buffer.from('S1SUSPEND\0'));
    },
  },
];

test('A hibernated Linux is refused by name, before anything is read, and captured after the remedy.', async (t) => {
  const disk = await makeScratchDisk(t, { sizeBytes: 8 * MIB, script: scriptFor(1) });
  const host = await makeHost(t, [disk.address]);
  const device = `${disk.address}p1`;
  for (const { what, make } of ASLEEP) {
    await run('wipefs', ['--all', '--quiet', device]);
    await put(device, 0, Buffer.alloc(70_000));
    await make(device);
    const { end, steps } = await host.perform(captureOf(disk.address));
    assert.equal(end.outcome, 'failed', what);
    assert.match(end.error?.message ?? '', /checking the file system .*p1: a Linux is hibernated/);
    assert.match(end.error?.hint ?? '', /shut it down properly/);
    assert.equal(steps.at(-1), 'check-filesystems failed', what);
    assert.equal(host.data.streams.size, 0);
  }
  await run('mkswap', ['--force', device]);
  assert.equal((await host.perform(captureOf(disk.address))).end.error, null);
});

describe('A clone has the swap area', () => {
  test('A clone has the swap area and what lies behind one that ends before its partition', async (t) => {
    const behind = randomBytes(8192);
    const { source, target, image, warned } = await move(t, [
      {
        make: async (d: string) => {
          await run('mkswap', ['--force', '-L', 'short', d, '1024']);
          await put(d, MIB + 4096, behind);
          await put(d, AREA_BYTES - 8192, behind);
        },
      },
    ]);
    assert.deepEqual(warned, []);
    const [theirs, ours] = [`${source.address}p1`, `${target.address}p1`];
    for (const [from, length] of [
      [0, 4096],
      [MIB + 4096, 8192],
      [AREA_BYTES - 8192, 8192],
    ] as const) {
      const [one, other] = [
        await readBytes(theirs, from, length),
        await readBytes(ours, from, length),
      ];
      assert.ok(other.equals(one), `from byte ${from}`);
    }
    assert.match(await probe(ours), /LABEL=short\n/);
    assert.equal(image.partitions[0]?.filesystem?.type, 'swap');
  });

  test('A clone has the swap area: header for header, whatever the header says, without a warning', async (t) => {
    const { source, target, image, warned } = await move(t, HEADERS);
    assert.deepEqual(warned, []);
    for (const [index, { what, pageBytes }] of HEADERS.entries()) {
      const number = index + 1;
      const [theirs, ours] = [source, target].map(({ address }) => `${address}p${number}`);
      assert.ok(theirs !== undefined && ours !== undefined);
      assert.equal(await probe(ours), await probe(theirs), what);
      const [page, clone] = [
        await readBytes(theirs, 0, pageBytes),
        await readBytes(ours, 0, pageBytes),
      ];
      assert.ok(clone.equals(page), `the header ${what}`);
      const content = image.partitions[index]?.content;
      assert.ok(content?.type === 'swap' && content.header !== undefined, what);
      assert.ok(JSON.stringify(content).length < 64 * 1024);
      assert.ok(swapPage(content.header).equals(page), what);
    }
  });

  test('A clone has the swap area: sector for sector, with a warning, where the header alone would not do', async (t) => {
    const { source, target, warned } = await move(t, COPIES);
    for (const [index, { what, reason }] of COPIES.entries()) {
      const number = index + 1;
      assert.match(warned[index] ?? '', new RegExp(`^capture-p${number}: `));
      assert.match(warned[index] ?? '', reason);
      const [theirs, ours] = [
        await readBytes(`${source.address}p${number}`, 0, AREA_BYTES),
        await readBytes(`${target.address}p${number}`, 0, AREA_BYTES),
      ];
      assert.ok(ours.equals(theirs), what);
    }
  });

  test('A clone has the swap area and nothing is recognised beside it of what the target had in that place', async (t) => {
    const leftovers: readonly (readonly [string, ...string[]])[] = [
      ['mkfs.ext4', '-q', '-F'],
      ['mkfs.xfs', '-q', '-f', '-d', 'size=4m'],
      ['mkfs.vfat'],
      ['mkfs.ext2', '-q', '-F'],
    ];
    const areas = leftovers.map(() => ({ make: (d: string) => mkswap(d, '-L', 'swap') }));
    let next = 0;
    const { source, target } = await move(t, areas, async (device) => {
      const [tool, ...args] = leftovers[next++] ?? assert.fail();
      await run(tool, [...args, device], { allowedStatuses: [0, 1] });
      // A Linux RAID of version 1.0, whose magic number is 8 KiB before the end (md(4)), and one that nobody knows.
      await put(device, AREA_BYTES - 8192, Buffer.from([0xfc, 0x4e, 0x2b, 0xa9, 1, 0, 0, 0]));
      await put(device, AREA_BYTES - 4096, randomBytes(4096));
      await put(device, 64 * 1024, randomBytes(4096));
    });
    for (const [index] of areas.entries()) {
      const [theirs, ours] = [source, target].map(({ address }) => `${address}p${index + 1}`);
      assert.ok(theirs !== undefined && ours !== undefined);
      assert.equal(await signatures(ours), await signatures(theirs));
      for (const [start, count] of [
        [4096, MIB - 4096],
        [AREA_BYTES - MIB, MIB],
      ] as const) {
        assert.ok((await readBytes(ours, start, count)).every((byte) => byte === 0));
      }
    }
  });
});

test('An image of OpenClone 0.2, which kept UUID and label only, gets a swap area made again.', async (t) => {
  const { host, target, image } = await move(t, [{ make: (d: string) => mkswap(d, '-L', 'old') }]);
  const [partition] = image.partitions;
  assert.ok(partition?.content.type === 'swap');
  const { uuid, label } = partition.content;
  const old: DeployImage = {
    ...image,
    partitions: [{ ...partition, content: { type: 'swap', uuid, label } }],
  };
  send(host.data, transmissionFor(old, host.data.streams).bytes);
  const { end, steps } = await host.perform(deployOf(target.address, old));
  assert.equal(end.error, null);
  assert.ok(steps.includes('make-swap-p1 completed'));
  assert.match(await probe(`${target.address}p1`), /LABEL=old\n/);
});

test('A header that a manifest holds is the page again, and cannot reach behind it.', () => {
  const header: SwapHeader = {
    pageSizeBytes: 4096,
    signature: 'SWAPSPACE2',
    dataBase64: Buffer.alloc(9000, 0x41).toString('base64'),
  };
  const page = swapPage(header);
  assert.equal(page.length, 4096);
  assert.equal(page.toString('latin1', 4080), `${'A'.repeat(6)}SWAPSPACE2`);
});
