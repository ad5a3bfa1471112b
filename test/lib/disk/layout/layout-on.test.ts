import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOn } from '../../../../lib/disk/layout/layout-on.ts';
import { Sha256 } from '../../../../lib/model/names.ts';
import type { DeployImage } from '../../../../lib/model/operations/assignment.ts';
import type { Disk } from '../../../../lib/model/system-info.ts';
import { SAMPLE_MANIFEST } from '../../../support/images.ts';

const IMAGE: DeployImage = {
  ...SAMPLE_MANIFEST,
  name: 'win11',
  requiredBytes: 500_000_000_000,
  manifestSha256: Sha256.parse('0'.repeat(64)),
};

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

test('an image goes onto a disk of just its size', () => {
  assert.equal(layoutOn(DISK, IMAGE).partitions.length, IMAGE.partitions.length);
});

test('a disk one byte too small for an image is refused with both sizes and the way out', () => {
  assert.throws(() => layoutOn({ ...DISK, sizeBytes: 499_999_999_999 }, IMAGE), {
    code: 'disk-too-small',
    message:
      'checking that the image "win11" fits on /dev/sda (Samsung SSD 860, serial S3Z8NB0K, 499999999999 bytes): it needs 500000000000 bytes, the disk has 499999999999',
    hint: /1 B too small. Choose one of at least 500 GB/,
  });
});

test('a disk whose sectors are not those of the image is refused with both sector sizes', () => {
  assert.throws(() => layoutOn({ ...DISK, logicalSectorBytes: 4096 }, IMAGE), {
    code: 'disk-sector-size',
    message: /sectors of 512 bytes, this disk has 4096$/,
  });
});

test('a write-protected disk is refused as a target', () => {
  assert.throws(() => layoutOn({ ...DISK, readOnly: true }, IMAGE), {
    code: 'disk-read-only',
    hint: /blockdev --setrw \/dev\/sda/,
  });
});
