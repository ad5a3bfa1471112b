import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSameDisk, type KnownDisk } from '../../../lib/disk/same-disk.ts';

const DISK = {
  model: 'Samsung SSD 860',
  serial: 'S3Z8',
  wwn: '0x5002',
  sizeBytes: 500_107_862_016,
  address: '/dev/sda',
};
/** As virtual and cheap disks are. */
const NAMELESS = { ...DISK, serial: null, wwn: null };
const NUMBERLESS = { ...DISK, serial: null };

describe('a disk is the same', () => {
  const same: readonly (readonly [string, KnownDisk, KnownDisk])[] = [
    ['at another address, by serial number', DISK, { ...DISK, address: '/dev/sdb' }],
    ['at another address, by WWN alone', NUMBERLESS, { ...NUMBERLESS, address: '/dev/sdb' }],
    ['without any number, at its address', NAMELESS, { ...NAMELESS }],
    [
      'for a task of version 0.2, which knows neither model nor address',
      DISK,
      { serial: 'S3Z8', wwn: '0x5002', sizeBytes: 500_107_862_016 },
    ],
  ];
  for (const [what, one, other] of same) {
    test(`a disk is the same: ${what}`, () => {
      assert.deepEqual([isSameDisk(one, other), isSameDisk(other, one)], [true, true]);
    });
  }
});

describe('a disk is another one', () => {
  const others: readonly (readonly [string, KnownDisk, KnownDisk])[] = [
    ['with another serial number', DISK, { ...DISK, serial: 'S3Z9' }],
    ['with another WWN', DISK, { ...DISK, wwn: '0x5003' }],
    [
      'with another WWN, at one address, without serial numbers',
      NUMBERLESS,
      { ...NUMBERLESS, wwn: '0x5003' },
    ],
    ['of another size', DISK, { ...DISK, sizeBytes: 500_107_862_017 }],
    ['of another model with the same number', DISK, { ...DISK, model: 'Kingston' }],
    ['that has a number where the first has none', NUMBERLESS, DISK],
    ['that has a WWN where the first has none', NAMELESS, NUMBERLESS],
    ['without any number, at another address', NAMELESS, { ...NAMELESS, address: '/dev/sdb' }],
  ];
  for (const [what, one, other] of others) {
    test(`a disk is another one: ${what}`, () => {
      assert.deepEqual([isSameDisk(one, other), isSameDisk(other, one)], [false, false]);
    });
  }
});
