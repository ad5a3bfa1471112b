/** What lies on a disk outside of its partitions: kept, or refused by its name; and never left on a disk that was deployed to. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import { CONTAINERS, isContainerType } from '../../../lib/filesystems/containers.ts';
import { run } from '../../../lib/exec/run.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import { readBytes, writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
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

const SIZE_BYTES = 32 * MIB;
const MBR = 'label: dos\nstart=2048, size=20000, type=83\n';
const GPT = 'label: gpt\nstart=2048, size=20000\n';

const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** A superblock of Linux RAID 1.0, 1.1 or 1.2 that lies in `sector` (md_p.h, struct mdp_superblock_1). */
function mdSuperblock(sector: number): Buffer {
  const bytes = Buffer.alloc(256);
  le32(0xa92b4efc).copy(bytes);
  le32(1).copy(bytes, 4);
  bytes.writeBigUInt64LE(BigInt(sector), 144);
  return bytes;
}

/** A label of LVM (lvm2, lib/label/label.h), its checksum as calc_crc() makes it. */
function lvmLabel(): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('LABELONE');
  bytes.writeBigUInt64LE(1n, 8);
  le32(32).copy(bytes, 20);
  bytes.write('LVM2 001', 24);
  let crc = 0xf597a6cf;
  for (const byte of bytes.subarray(20)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  le32(crc).copy(bytes, 16);
  return bytes;
}

/** Bytes from the end of the disk (negative) or its beginning, as libblkid looks for them. */
const MEMBERS: readonly (readonly [type: string, name: RegExp, offset: number, bytes: Buffer])[] = [
  ['isw_raid_member', /Intel Rapid Storage/, -1024, Buffer.from('Intel Raid ISM Cfg Sig. 1.3.00')],
  ['ddf_raid_member', /DDF/, -512, Buffer.from('de11de11000000000000000030312e30302e3030', 'hex')],
  ['lsi_mega_raid_member', /LSI MegaRAID/, -512, Buffer.from('$XIDE$')],
  ['promise_fasttrack_raid_member', /Promise/, -63 * 512, Buffer.from('Promise Technology, Inc.')],
  [
    'promise_fasttrack_raid_member',
    /Promise/,
    -3087 * 512,
    Buffer.from('Promise Technology, Inc.'),
  ],
  ['hpt45x_raid_member', /HighPoint 45x/, -11 * 512, le32(0x5a7816f3)],
  ['hpt37x_raid_member', /HighPoint 37x/, 9 * 512 + 32, le32(0x5a7816f0)],
  ['linux_raid_member', /Linux software RAID/, -64 * 1024, le32(0xa92b4efc)],
  ['linux_raid_member', /Linux software RAID/, -8192, mdSuperblock(SIZE_BYTES / 512 - 16)],
  ['linux_raid_member', /Linux software RAID/, 4096, mdSuperblock(8)],
  ['LVM2_member', /LVM volume group/, 512, lvmLabel()],
];

const at = (offset: number): number => (offset < 0 ? SIZE_BYTES + offset : offset);

/** Every type that libblkid finds on the disk itself, by blkid's own tool. */
async function typesOn({ address }: ScratchDisk): Promise<string[]> {
  await run('blockdev', ['--flushbufs', address]);
  const { stdout } = await run('wipefs', ['--noheadings', '--output', 'TYPE', address]);
  return stdout.trim().split(/\s+/);
}

async function put(disk: ScratchDisk, offset: number, bytes: Buffer): Promise<void> {
  await writeBytes(disk.address, at(offset), bytes);
  await run('blockdev', ['--flushbufs', disk.address]);
}

async function makeDisk(
  t: TestContext,
  script = MBR,
  sizeBytes = SIZE_BYTES,
): Promise<ScratchDisk> {
  const disk = await makeScratchDisk(t, { sizeBytes, script });
  await run('mkfs.ext4', ['-q', '-F', `${disk.address}p1`]);
  await run('blockdev', ['--flushbufs', `${disk.address}p1`]);
  return disk;
}

async function captured(
  t: TestContext,
  source: ScratchDisk,
  target: ScratchDisk,
): Promise<{ host: Host; image: DeployImage; warnings: string }> {
  const host = await makeHost(t, [source.address, target.address]);
  const performed = await host.perform(captureOf(source.address));
  assert.equal(performed.end.error, null);
  const warnings = performed.events
    .flatMap((event) => (event.type === 'step-ended' ? [english(event.notes)] : []))
    .join('\n');
  return { host, image: imageOf(performed), warnings };
}

async function deploy(host: Host, target: ScratchDisk, image: DeployImage): Promise<void> {
  send(host.data, transmissionFor(image, host.data.streams).bytes);
  const { end } = await host.perform(deployOf(target.address, image));
  assert.equal(end.error, null);
}

describe('A disk that is a member of something larger', () => {
  test('A disk that is a member of something larger is refused by name while it is planned, and can be captured after the remedy', async (t) => {
    const source = await makeDisk(t);
    const host = await makeHost(t, [source.address]);
    for (const [type, name, offset, bytes] of MEMBERS) {
      const before = await readBytes(source.file, at(offset), bytes.length);
      await put(source, offset, bytes);
      assert.ok((await typesOn(source)).includes(type), `${type} at ${offset} is recognised`);
      const error: unknown = await host.perform(captureOf(source.address)).then(
        () => assert.fail(`${type} at ${offset} was captured`),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof Error && 'code' in error && 'hint' in error);
      assert.equal(error.code, 'partition-table-bad');
      assert.match(error.message, name);
      const remedy = /`(wipefs [^`]+)`/.exec(String(error.hint))?.[1] ?? assert.fail();
      const [tool = '', ...args] = remedy.split(' ');
      await run(tool, args);
      assert.ok(!(await typesOn(source)).includes(type), `${remedy} helps`);
      assert.ok((await typesOn(source)).includes('dos'), 'and leaves the table');
      await put(source, offset, before);
    }
    assert.equal((await host.perform(captureOf(source.address))).end.error, null);
  });

  test('A disk that is a member of something larger has a decision for every type that libblkid calls a RAID', async () => {
    const { stdout } = await run('blkid', ['-k']);
    const known = stdout.trim().split('\n');
    const members = known.filter((type) =>
      /member|raid|drbd|bcache|ceph|stratis|vdo|LVM/.test(type),
    );
    assert.ok(members.length > 15);
    for (const type of members) {
      assert.ok(isContainerType(type), type);
      assert.equal(CONTAINERS[type], 'member', type);
    }
    for (const type of Object.keys(CONTAINERS)) {
      assert.ok(known.includes(type) || type === 'oracleasm' || type === 'mpool', type);
    }
  });
});

test('A disk without a table is refused by what takes it.', async (t) => {
  const disk = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: '' });
  const host = await makeHost(t, [disk.address]);
  for (const [make, name] of [
    [['mkfs.ext4', '-q', '-F'], /the whole disk is one ext4 file system/],
    [['mkfs.vfat', '-I'], /the whole disk is one (vfat|FAT) file system/],
    [['mkswap', '--force'], /the whole disk is a swap area/],
  ] as const) {
    await run('wipefs', ['--all', disk.address]);
    const [tool, ...args] = make;
    await run(tool, [...args, disk.address]);
    await run('blockdev', ['--flushbufs', disk.address]);
    await assert.rejects(host.perform(captureOf(disk.address)), {
      code: 'partition-table-bad',
      message: name,
    });
  }
});

test('What lies beside the partitions and cannot be in the image is said.', async (t) => {
  const source = await makeDisk(t);
  const target = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: '' });
  await put(source, 4086, Buffer.from('SWAPSPACE2'));
  await put(source, 1024, Buffer.from([1, 0, 0, 0, 9, 0, 0, 0]));
  const { warnings } = await captured(t, source, target);
  assert.match(
    warnings,
    /Outside the partitions there is the signature of a swap area \(byte 4086\)/,
  );
});

describe('After a deploy nothing is recognised that was on the target before', () => {
  for (const [name, script, sizeBytes] of [
    ['an MBR', MBR, SIZE_BYTES],
    ['a GPT', GPT, SIZE_BYTES],
    ['an image of a smaller disk', GPT, SIZE_BYTES - 8 * MIB],
  ] as const) {
    test(`After a deploy nothing is recognised that was on the target before: outside the partitions: ${name}`, async (t) => {
      const source = await makeDisk(t, script, sizeBytes);
      const target = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: '' });
      const { host, image } = await captured(t, source, target);
      const places: (readonly [number, Buffer])[] = [
        ...MEMBERS.map(([, , offset, bytes]) => [offset, bytes] as const),
        // A VMFS datastore's volume, and the database of a dynamic disk.
        [MIB, Buffer.from('0dd001c0', 'hex')],
        [-512, Buffer.from('PRIVHEAD')],
        [-192 * 512, Buffer.from('PRIVHEAD')],
        [-MIB, Buffer.from('TOCBLOCK')],
      ];
      const seen = new Set<string>();
      for (const [offset, bytes] of places) {
        await put(target, offset, bytes);
        for (const type of await typesOn(target)) seen.add(type);
      }
      assert.ok(seen.has('isw_raid_member') && seen.has('VMFS_volume_member'), [...seen].join());
      await deploy(host, target, image);
      const expected = script === MBR ? ['dos'] : ['PMBR', 'gpt', 'gpt'];
      assert.deepEqual((await typesOn(target)).toSorted(), expected.toSorted());
      for (const [offset, bytes] of places.filter(([offset]) => offset < 0)) {
        const found = await readBytes(target.file, at(offset), bytes.length);
        assert.ok(!found.equals(bytes), `${bytes.toString('latin1')} at ${offset}`);
      }
    });
  }
});

describe('A Windows dynamic disk', () => {
  /** linux/block/partitions/ldm.h: where a private header says that the database begins, and its size, big-endian. */
  function privateHeader(start: number, count: number): Buffer {
    const bytes = randomBytes(512);
    bytes.write('PRIVHEAD');
    bytes.writeBigUInt64BE(BigInt(start), 0x12b);
    bytes.writeBigUInt64BE(BigInt(count), 0x133);
    return bytes;
  }

  for (const [name, start, count] of [
    ['where its header says it is', SIZE_BYTES / 512 - 2048, 2048],
    ['farther from the end, where its header says it is', SIZE_BYTES / 512 - 6000, 2048],
    ['in the last MiB when the header is damaged', 2 ** 52, 2048],
  ] as const) {
    test(`A Windows dynamic disk comes with its database, ${name}, and with all volumes of its partition`, async (t) => {
      const source = await makeScratchDisk(t, {
        sizeBytes: SIZE_BYTES,
        script: 'label: dos\nstart=63, size=40000, type=42, bootable\n',
      });
      // The first volume is smaller than the partition; behind it lies another.
      await run('mkntfs', ['-q', '-Q', '-F', '-s', '512', `${source.address}p1`, '20000']);
      const volume = randomBytes(10_000 * 512);
      await writeBytes(`${source.address}p1`, 25_000 * 512, volume);
      await run('blockdev', ['--flushbufs', `${source.address}p1`]);
      const database = randomBytes(MIB);
      const from = Math.min(start, SIZE_BYTES / 512 - 2048);
      await put(source, from * 512, database);
      await put(source, 6 * 512, privateHeader(start, count));
      const target = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: GPT });
      const { host, image, warnings } = await captured(t, source, target);
      assert.match(warnings, /Windows dynamic disk/);
      assert.equal(image.requiredBytes, SIZE_BYTES);
      await deploy(host, target, image);
      for (const device of [
        `${source.address}p1`,
        source.address,
        `${target.address}p1`,
        target.address,
      ]) {
        await run('blockdev', ['--flushbufs', device]);
      }
      for (const [offset, length] of [
        [0, 63 * 512 + 40_000 * 512],
        [from * 512, MIB],
        [SIZE_BYTES - MIB, MIB],
      ] as const) {
        const [theirs, ours] = [
          await readBytes(source.file, offset, length),
          await readBytes(target.file, offset, length),
        ];
        assert.ok(ours.equals(theirs), `${length} bytes from ${offset}`);
      }
    });
  }

  test('A Windows dynamic disk with a GPT is copied sector by sector', async (t) => {
    const source = await makeScratchDisk(t, {
      sizeBytes: SIZE_BYTES,
      script: 'label: gpt\nsize=20M, type=AF9B60A0-1431-4F62-BC68-3311714A69AD\n',
    });
    await run('mkfs.ext4', ['-q', '-F', `${source.address}p1`, '10000']);
    await writeBytes(`${source.address}p1`, 15 * MIB, randomBytes(MIB));
    await run('blockdev', ['--flushbufs', `${source.address}p1`]);
    const { image, warnings } = await captured(t, source, source);
    assert.match(warnings, /Windows dynamic disk/);
    assert.match(warnings, /sector by sector: it belongs to a dynamic disk/);
    const [content] = image.partitions.map((each) => each.content);
    assert.ok(content?.type === 'stream' && content.stream.rawBytes === 20 * MIB);
  });
});
