/** A partition that is a member of something larger is copied whole, and it is said when that is not all. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bufferReader } from '../../../lib/disk/sector-reader.ts';
import { filesystemOf } from '../../../engine/filesystems/table.ts';
import { containerText } from '../../../lib/messages/containers.ts';
import { CONTAINERS } from '../../../lib/filesystems/containers.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB } from '../scratch-disk.ts';
import { english } from '../../support/messages.ts';

async function reasonOf(type: string, bytes: Buffer): Promise<string | null> {
  const reader = bufferReader(bytes, 512);
  const volume = { run, type, device: 'memory', sizeBytes: bytes.length, reader };
  const inspection = await filesystemOf(type).inspect(volume);
  assert.ok(inspection.type === 'every-sector');
  return inspection.reason === null ? null : english(inspection.reason);
}

/** With `bytes` at `offset`. */
function volumeWith(offset: number, bytes: Buffer): Buffer {
  const volume = Buffer.alloc(MIB + 512);
  bytes.copy(volume, offset);
  return volume;
}

/** mdadm(8), --metadata: where each version keeps its super block. */
function raid(version: string, level: number, devices: number): Buffer {
  const block = Buffer.alloc(256);
  block.writeUInt32LE(0xa92b4efc);
  if (version === '0.90') {
    block.writeUInt32LE(90, 8);
    block.writeInt32LE(level, 28);
    block.writeUInt32LE(devices, 40);
    return volumeWith(MIB - 64 * 1024, block);
  }
  block.writeUInt32LE(1, 4);
  block.writeInt32LE(level, 72);
  block.writeUInt32LE(devices, 92);
  return volumeWith({ '1.0': MIB - 8192, '1.1': 0, '1.2': 4096 }[version] ?? NaN, block);
}

describe('A member of a Linux software RAID', () => {
  for (const version of ['0.90', '1.0', '1.1', '1.2']) {
    test(`A member of a Linux software RAID of version ${version} says what a clone of it is worth`, async () => {
      const said = (level: number, devices: number): Promise<string | null> =>
        reasonOf('linux_raid_member', raid(version, level, devices));
      assert.equal(await said(1, 1), null);
      assert.match((await said(1, 2)) ?? '', /one of 2 devices of a Linux RAID 1; a clone has all/);
      assert.match(
        (await said(5, 3)) ?? '',
        /one of 3 devices of a Linux RAID 5, which are of use/,
      );
      assert.match((await said(0, 2)) ?? '', /RAID 0, which are of use only together/);
      assert.match((await said(-1, 2)) ?? '', /RAID \(linear\), which are/);
    });
  }
});

/** lvm2, lib/format_text/layout.h: a label in sector 1, the area at 4096, the text in a ring behind its header. */
function physicalVolume(text: string | null, offset = 1024): Buffer {
  const areaBytes = 16 * 1024;
  const label = Buffer.alloc(512);
  label.write('LABELONE');
  label.writeBigUInt64LE(1n, 8);
  label.writeUInt32LE(32, 20);
  label.write('LVM2 001', 24);
  // UUID and size, one data area to the end, the end of that list, one area of metadata.
  label.writeBigUInt64LE(BigInt(MIB), 32 + 40);
  label.writeBigUInt64LE(4096n, 32 + 72);
  label.writeBigUInt64LE(BigInt(areaBytes), 32 + 80);
  const volume = volumeWith(512, label);
  volume.write(' LVM2 x[5A%r0N*>', 4100, 'latin1');
  volume.writeBigUInt64LE(BigInt(areaBytes), 4096 + 32);
  if (text === null) return volume;
  volume.writeBigUInt64LE(BigInt(offset), 4096 + 40);
  volume.writeBigUInt64LE(BigInt(text.length), 4096 + 48);
  for (const [index, byte] of Buffer.from(text).entries()) {
    const at = offset + index;
    volume.writeUInt8(byte, 4096 + (at < areaBytes ? at : at - areaBytes + 512));
  }
  return volume;
}

/** As vgcreate(8) and lvcreate(8) write it; one of its logical volumes has the name of a physical one. */
const GROUP = (count: number): string => `vg0 {
id = "d5xrFJ-x"
status = ["RESIZEABLE", "READ", "WRITE"]

physical_volumes {

${Array.from({ length: count }, (_, index) => `pv${index} {\nid = "x"\ndevice = "/dev/sda${index + 1}"\n}\n`).join('\n')}}

logical_volumes {

pv7 {
segment1 {
stripes = [
"pv0", 0
]
}
}
}

}
contents = "Text Format Volume Group"
`;

describe('A physical volume of LVM', () => {
  test('A physical volume of LVM that is alone in its volume group, or in none, is all', async () => {
    assert.equal(await reasonOf('LVM2_member', physicalVolume(GROUP(1))), null);
    assert.equal(await reasonOf('LVM2_member', physicalVolume(null)), null);
  });

  test('A physical volume of LVM that is one of several is said, also where the ring of its metadata begins again', async () => {
    for (const offset of [1024, 16 * 1024 - 180]) {
      assert.match(
        (await reasonOf('LVM2_member', physicalVolume(GROUP(3), offset))) ?? '',
        /one of 3 physical volumes of an LVM volume group, which are of use only together/,
      );
    }
  });
});

/** A label of ZFS: the pairs that matter, in XDR. */
function poolLabel(children: number, type: string): Buffer {
  const label = Buffer.alloc(32);
  label.write('vdev_children');
  label.writeUInt32BE(8, 16);
  label.writeUInt32BE(1, 20);
  label.writeBigUInt64BE(BigInt(children), 24);
  return volumeWith(16 * 1024 + 400, Buffer.concat([label, Buffer.from(type)]));
}

test('A device of a ZFS pool is all when it is the only one, or one of a mirror.', async () => {
  assert.equal(await reasonOf('zfs_member', poolLabel(1, 'disk')), null);
  assert.equal(await reasonOf('zfs_member', poolLabel(1, 'mirror')), null);
  for (const label of [poolLabel(1, 'raidz'), poolLabel(2, 'disk')]) {
    assert.match((await reasonOf('zfs_member', label)) ?? '', /of use only together/);
  }
});

test('Of every other member, and of one whose metadata is damaged, it is said that it may not be all.', async () => {
  const members = Object.entries(CONTAINERS).filter(([, use]) => use === 'member');
  assert.ok(members.length > 20);
  for (const [type] of members) {
    const name = containerText('en', type);
    const reason = await reasonOf(type, Buffer.alloc(MIB));
    assert.ok(reason?.startsWith(`it belongs to ${name}: what of that lies on other disks`), type);
  }
});
