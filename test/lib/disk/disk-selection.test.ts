import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeDisk,
  formatDiskSelector,
  parseDiskSelector,
  selectDisk,
} from '../../../lib/disk/disk-selection.ts';
import { Disk } from '../../../lib/model/system-info.ts';

function disk(address: string, facts: Partial<Disk> = {}): Disk {
  return Disk.parse({
    address,
    sizeBytes: 500_107_862_016,
    logicalSectorBytes: 512,
    physicalSectorBytes: 4096,
    model: 'Samsung SSD 860',
    serial: null,
    wwn: null,
    firmware: null,
    transport: 'sata',
    readOnly: false,
    removable: false,
    tableType: 'gpt',
    partitions: [],
    ...facts,
  });
}

const SDA = disk('/dev/sda', { serial: 'S3Z8NB0K', wwn: '0x5002538e40b2c0d1' });
const SDB = disk('/dev/sdb', { serial: 'S3Z8NB0K', model: '' });
const STICK = disk('/dev/sdc', { removable: true });

test('a disk is named by address, serial number, WWN or "only"', () => {
  assert.deepEqual(parseDiskSelector('/dev/sda'), { type: 'address', value: '/dev/sda' });
  assert.deepEqual(parseDiskSelector('nvme0n1'), { type: 'address', value: '/dev/nvme0n1' });
  assert.deepEqual(parseDiskSelector('serial:S3:Z8'), { type: 'serial', value: 'S3:Z8' });
  assert.deepEqual(parseDiskSelector('wwn:0x5002'), { type: 'wwn', value: '0x5002' });
  assert.deepEqual(parseDiskSelector('only'), { type: 'only' });
});

test('what names no disk is refused with what does', () => {
  for (const text of ['', 'serial:', 'wwn:', 'the first one', '/etc/passwd', 'sda;reboot']) {
    assert.throws(() => parseDiskSelector(text), {
      code: 'bad-argument',
      message: `reading the disk "${text}"`,
      hint: /serial:NUMBER/,
    });
  }
});

test('a selector is printed as it is read', () => {
  for (const text of ['/dev/sda', 'serial:S3:Z8', 'wwn:eui.0025385b01b1e2f3', 'only']) {
    assert.equal(formatDiskSelector(parseDiskSelector(text)), text);
  }
});

test('the selector finds its disk, whatever the order of the disks', () => {
  for (const disks of [
    [SDA, STICK],
    [STICK, SDA],
  ]) {
    for (const text of ['sda', 'serial:S3Z8NB0K', 'wwn:0x5002538e40b2c0d1', 'only']) {
      assert.equal(selectDisk(disks, parseDiskSelector(text)), SDA);
    }
  }
});

test('a disk that is not there is an error that names those that are', () => {
  assert.throws(() => selectDisk([SDA, STICK], parseDiskSelector('sdb')), {
    code: 'disk-not-found',
    message: 'choosing the disk /dev/sdb: the host has no such disk',
    hint: /\/dev\/sda \(Samsung SSD 860, serial S3Z8NB0K, 500107862016 bytes\); \/dev\/sdc/,
  });
  assert.throws(() => selectDisk([], parseDiskSelector('only')), { hint: /The host has no disk/ });
  // A disk without a serial number never matches one.
  assert.throws(() => selectDisk([STICK], parseDiskSelector('serial:null')), {
    code: 'disk-not-found',
  });
});

test('two disks that match are never chosen from', () => {
  assert.throws(() => selectDisk([SDA, SDB], parseDiskSelector('serial:S3Z8NB0K')), {
    code: 'disk-ambiguous',
    message: 'choosing the disk serial:S3Z8NB0K: 2 disks match',
  });
  assert.throws(() => selectDisk([SDA, SDB, STICK], parseDiskSelector('only')), {
    code: 'disk-ambiguous',
  });
});

test('a disk is described also when its firmware says little', () => {
  assert.equal(
    describeDisk(disk('/dev/vda', { model: '' })),
    '/dev/vda (unknown model, no serial number, 500107862016 bytes)',
  );
});
