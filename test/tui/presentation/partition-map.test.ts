/** The map of a disk's partitions. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  mapPieces,
  partitionMapLines,
  type DiskMap,
} from '../../../tui/presentation/partition-map.ts';
import { lineWidth } from '../../../tui/picture.ts';
import { MODEL } from '../sample-keys.ts';

describe('partition map', () => {
  const GB = 1e9;
  const disks = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 500 })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((parts): DiskMap => {
      let end = 0;
      const partitions = parts.map(([size, gap], index) => {
        const startBytes = end + gap * 10_000_000;
        end = startBytes + size * 100_000_000;
        return {
          number: index + 1,
          startBytes,
          sizeBytes: size * 100_000_000,
          filesystem: 'ext4',
          label: '',
          usedBytes: null,
        };
      });
      return { sizeBytes: end + 1_000_000, partitions };
    });

  test('fills exactly the width, shows every partition, in order', () => {
    fc.assert(
      fc.property(disks, fc.integer({ min: 76, max: 298 }), (map, width) => {
        const pieces = mapPieces(map, width);
        const sum = pieces.reduce((total, piece) => total + piece.width, pieces.length - 1);
        assert.equal(sum, width);
        const numbers = pieces.flatMap(({ partition }) =>
          partition === null ? [] : [partition.number],
        );
        assert.deepEqual(
          numbers,
          map.partitions.map(({ number }) => number),
        );
        assert.ok(pieces.every((piece) => piece.width >= 2));
      }),
    );
  });

  test('a partition that is larger is never drawn smaller by more than a cell', () => {
    fc.assert(
      fc.property(disks, fc.integer({ min: 76, max: 298 }), (map, width) => {
        const pieces = mapPieces(map, width);
        for (const one of pieces) {
          for (const other of pieces) {
            if (one.sizeBytes > other.sizeBytes) assert.ok(one.width >= other.width - 1);
          }
        }
      }),
    );
  });

  test('partition map: all its lines have the same width, in UTF-8 and ASCII', () => {
    fc.assert(
      fc.property(disks, fc.integer({ min: 76, max: 200 }), fc.boolean(), (map, width, unicode) => {
        const lines = partitionMapLines(map, width, { ...MODEL, unicode });
        assert.deepEqual(
          lines.map(lineWidth),
          lines.map(() => width),
        );
      }),
    );
  });

  test('partition map: a size is written whole or not at all', () => {
    const part = (number: number, startBytes: number, sizeBytes: number) => ({
      number,
      startBytes,
      sizeBytes,
      filesystem: 'vfat',
      label: '',
      usedBytes: null,
    });
    const map = {
      sizeBytes: 1000 * GB,
      partitions: [part(1, 0, 0.5 * GB), part(2, 0.5 * GB, 999.5 * GB)],
    };
    const sizes = partitionMapLines(map, 80, MODEL)[2]?.map(({ text }) => text.trim()) ?? [];
    assert.deepEqual(
      sizes.filter((text) => /\d/.test(text)),
      ['1.00 TB'],
    );
  });
});
