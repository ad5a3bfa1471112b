import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToSectors, sectorsToBytes } from '../../lib/units.ts';

test('sectors become bytes by the size of the disk’s sectors', () => {
  assert.equal(sectorsToBytes(2048, 512), 1_048_576);
  assert.equal(sectorsToBytes(256, 4096), 1_048_576);
  assert.equal(sectorsToBytes(0, 512), 0);
});

test('a count that is no exact number of bytes is refused', () => {
  assert.throws(() => sectorsToBytes(2 ** 44, 4096), RangeError);
  assert.throws(() => sectorsToBytes(1.3, 512), RangeError);
  assert.throws(() => sectorsToBytes(Number.NaN, 512), RangeError);
  assert.equal(sectorsToBytes(2 ** 44 - 1, 512), (2 ** 44 - 1) * 512);
});

test('bytes below one sector are dropped', () => {
  assert.equal(bytesToSectors(1_048_576, 512), 2048);
  assert.equal(bytesToSectors(1023, 512), 1);
  assert.equal(bytesToSectors(4095, 4096), 0);
});
