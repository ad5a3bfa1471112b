import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boundedSystemInfo } from '../../../lib/hosts/bounded-system-info.ts';
import { MAX_PENDING_INFO_BYTES, MAX_SYSTEM_INFO_BYTES } from '../../../lib/model/limits.ts';
import { SystemInfo, type Disk } from '../../../lib/model/system-info.ts';
import { sampleHost } from '../../server/store/sample-data.ts';

function sample(): SystemInfo {
  const { systemInfo } = sampleHost(1);
  assert.ok(systemInfo !== null);
  return systemInfo;
}

/** `count` disks with `partitions` each, all texts `length` characters long. */
function large(count: number, partitions: number, length: number): SystemInfo {
  const text = 'ä'.repeat(length);
  const [disk] = sample().disks;
  assert.ok(disk !== undefined);
  const each: Disk = {
    ...disk,
    model: text,
    serial: text,
    wwn: text,
    firmware: text,
    transport: text,
    partitions: Array.from({ length: partitions }, (_, index) => ({
      number: index + 1,
      startSector: 2048,
      sizeBytes: 1e9,
      typeCode: text,
      name: text,
      filesystem: { type: text, uuid: text, label: text },
      mountpoints: [text, text],
    })),
  };
  return { ...sample(), disks: Array.from({ length: count }, () => each) };
}

function bytesOf(info: SystemInfo): number {
  return Buffer.byteLength(JSON.stringify(info));
}

describe('what a host says of itself', () => {
  test('what a host says of itself stays as it is when there is room for it', () => {
    const info = sample();
    assert.equal(boundedSystemInfo(info, MAX_SYSTEM_INFO_BYTES), info);
    const server = large(24, 3, 12);
    assert.equal(boundedSystemInfo(server, MAX_SYSTEM_INFO_BYTES), server);
  });

  test('what a host says of itself is cut where there is none, and says how much is missing', () => {
    const info = large(2, 300, 36);
    const cut = boundedSystemInfo(info, MAX_SYSTEM_INFO_BYTES);
    assert.ok(bytesOf(cut) <= MAX_SYSTEM_INFO_BYTES);
    assert.equal(cut.disks.length, 2);
    const left = cut.disks.reduce((sum, { partitions }) => sum + partitions.length, 0);
    assert.ok(left > 0);
    assert.equal(cut.leftOut, 600 - left);
    const again = boundedSystemInfo(cut, MAX_PENDING_INFO_BYTES);
    const still = again.disks.reduce((sum, { partitions }) => sum + partitions.length, 0);
    assert.equal(again.leftOut, 600 - still);
  });

  test('what a host says of itself: always fits, whatever it was, and stays what its schema allows', () => {
    for (const [count, partitions, length] of [
      [256, 0, 256],
      [256, 1024, 4],
      [1, 1024, 256],
      [24, 128, 256],
    ] as const) {
      const cut = boundedSystemInfo(large(count, partitions, length), MAX_PENDING_INFO_BYTES);
      assert.ok(bytesOf(cut) <= MAX_PENDING_INFO_BYTES, `${count} ${partitions} ${length}`);
      assert.deepEqual(SystemInfo.parse(cut), cut);
    }
    const text = 'ä'.repeat(256);
    const adapter = {
      name: text,
      mac: sample().interfaces[0]?.mac ?? '',
      addresses: Array.from({ length: 256 }, () => 'x'.repeat(64)),
      linkUp: true,
      mbitPerSecond: null,
    };
    const interfaces = SystemInfo.shape.interfaces.parse(
      Array.from({ length: 256 }, () => adapter),
    );
    const cut = boundedSystemInfo({ ...sample(), interfaces }, MAX_PENDING_INFO_BYTES);
    assert.ok(bytesOf(cut) <= MAX_PENDING_INFO_BYTES);
  });
});
