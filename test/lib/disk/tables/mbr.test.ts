import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMbrSector, writeMbrSector } from '../../../../lib/disk/tables/mbr.ts';

const sectorWithSignature = fc
  .constantFrom(512, 4096)
  .chain((size) => fc.uint8Array({ minLength: size, maxLength: size }))
  .map((bytes) => {
    const sector = Buffer.from(bytes);
    sector.writeUInt16LE(0xaa55, 510);
    return sector;
  });

test('any sector with the signature is the same after parse and write', () => {
  fc.assert(
    fc.property(sectorWithSignature, (sector) => {
      const mbr = parseMbrSector(sector);
      assert.ok(mbr !== null);
      assert.ok(writeMbrSector(mbr).equals(sector));
    }),
  );
});

const anyMbr = fc.record(
  {
    bootCode: fc.uint8Array({ minLength: 440, maxLength: 440 }).map((bytes) => Buffer.from(bytes)),
    diskSignature: fc.nat({ max: 0xffffffff }),
    reserved: fc.nat({ max: 0xffff }),
    entries: fc.array(
      fc.record(
        {
          status: fc.nat({ max: 0xff }),
          startChs: fc.nat({ max: 0xffffff }),
          typeByte: fc.nat({ max: 0xff }),
          endChs: fc.nat({ max: 0xffffff }),
          startSector: fc.nat({ max: 0xffffffff }),
          sectorCount: fc.nat({ max: 0xffffffff }),
        },
        { noNullPrototype: true },
      ),
      { minLength: 4, maxLength: 4 },
    ),
    rest: fc.constantFrom(Buffer.alloc(0), Buffer.alloc(3584, 7)),
  },
  { noNullPrototype: true },
);

test('any record is the same after write and parse', () => {
  fc.assert(
    fc.property(anyMbr, (mbr) => {
      assert.deepEqual(parseMbrSector(writeMbrSector(mbr)), mbr);
    }),
  );
});

test('a sector without the signature 55 AA is no MBR', () => {
  assert.equal(parseMbrSector(Buffer.alloc(512)), null);
  assert.equal(parseMbrSector(Buffer.alloc(511, 0xaa)), null);
});
