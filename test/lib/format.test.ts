import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatRate,
  printable,
} from '../../lib/format.ts';

test('bytes have decimal units and three digits', () => {
  const expected: readonly [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1536, '1.54 kB'],
    [9994, '9.99 kB'],
    [9995, '10.0 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [500_107_862_016, '500 GB'],
    [Number.MAX_SAFE_INTEGER, '9.01 PB'],
  ];
  for (const [bytes, text] of expected) assert.equal(formatBytes(bytes), text);
  assert.equal(formatRate(12_345_678), '12.3 MB/s');
});

test('the printed number of bytes is within half a percent of the real one', () => {
  const factors = new Map(['B', 'kB', 'MB', 'GB', 'TB', 'PB'].map((unit, i) => [unit, 1000 ** i]));
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      const [number, unit] = formatBytes(bytes).split(' ');
      const value = Number(number) * (factors.get(unit ?? '') ?? Number.NaN);
      assert.ok(Math.abs(value - bytes) <= bytes * 0.005001, `${bytes}`);
    }),
  );
});

test('durations have seconds, minutes or hours, rounded to whole seconds', () => {
  const expected: readonly [number, string][] = [
    [-5, '0 s'],
    [0, '0 s'],
    [499, '0 s'],
    [59_499, '59 s'],
    [59_500, '1:00 min'],
    [187_000, '3:07 min'],
    [3_599_499, '59:59 min'],
    [3_599_500, '1:00:00 h'],
    [7_509_000, '2:05:09 h'],
    [360_000_000, '100:00:00 h'],
  ];
  for (const [elapsedMs, text] of expected) assert.equal(formatDuration(elapsedMs), text);
});

test('percent are 100 only when everything is done', () => {
  assert.equal(formatPercent(0, 0), '0 %');
  assert.equal(formatPercent(42, 100), '42 %');
  assert.equal(formatPercent(999_999, 1_000_000), '99 %');
  assert.equal(formatPercent(7, 7), '100 %');
  assert.equal(formatPercent(8, 7), '100 %');
  assert.equal(formatPercent(-1, 7), '0 %');
});

test('nothing that a terminal acts on is left in a printable text', () => {
  assert.equal(printable('a\u001b[2Jb\u009bc\u202ed\n\t'), 'a·[2Jb·c·d··');
  assert.equal(printable('Müller – 数'), 'Müller – 数');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      assert.equal(shown.length, text.length);
      assert.doesNotMatch(shown, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
