import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTarget } from '../../../engine/checks/target-fit.ts';
import type { Disk } from '../../../lib/model/system-info.ts';

const IMAGE = { name: 'win11', requiredBytes: 500_000_000_000, sectorSizeBytes: 512 };

const DISK: Disk = {
  address: '/dev/sda',
  sizeBytes: 500_000_000_000,
  logicalSectorBytes: 512,
  physicalSectorBytes: 4096,
  model: 'Samsung SSD 860',
  serial: 'S3Z8NB0K',
  wwn: null,
  firmware: null,
  transport: 'sata',
  readOnly: false,
  removable: false,
  tableType: 'none',
  partitions: [],
};

test('An image goes onto a disk of just its size.', () => {
  checkTarget(DISK, IMAGE);
});

test('A disk one byte too small is refused, with both sizes and the way out.', () => {
  assert.throws(() => checkTarget({ ...DISK, sizeBytes: 499_999_999_999 }, IMAGE), {
    code: 'disk-too-small',
    message:
      'checking that the image "win11" fits on /dev/sda (Samsung SSD 860, serial S3Z8NB0K, 499999999999 bytes): it needs 500000000000 bytes, the disk has 499999999999',
    hint: /1 B too small. Choose one of at least 500 GB/,
  });
});

test('A disk with other sectors is refused, with both sector sizes.', () => {
  assert.throws(() => checkTarget({ ...DISK, logicalSectorBytes: 4096 }, IMAGE), {
    code: 'disk-sector-size',
    message: /sectors of 512 bytes, this disk has 4096$/,
  });
});

test('A write-protected disk is refused.', () => {
  assert.throws(() => checkTarget({ ...DISK, readOnly: true }, IMAGE), {
    code: 'disk-read-only',
    hint: /blockdev --setrw \/dev\/sda/,
  });
});
