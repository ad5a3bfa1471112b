import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { message } from '../../../../lib/model/messages/table.ts';
import {
  entriesCrcOf,
  parseGptEntries,
  parseGptHeader,
  toPartition,
  writeGptEntries,
  writeGptHeader,
  type GptEntry,
  type GptHeader,
} from '../../../../lib/disk/tables/gpt.ts';

const MAX_SECTOR = 2 ** 50;
const guid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
);
const uint32 = fc.nat({ max: 0xffffffff });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytesOf = (length: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes));

const anyHeader: fc.Arbitrary<GptHeader> = fc.constantFrom(512, 4096).chain((sectorSize) =>
  fc
    .record({
      revision: uint32,
      headerSizeBytes: fc.integer({ min: 92, max: sectorSize }),
      reserved: uint32,
      ownSector: fc.nat({ max: MAX_SECTOR }),
      alternateSector: fc.nat({ max: MAX_SECTOR }),
      usable: fc.tuple(fc.nat({ max: MAX_SECTOR }), fc.nat({ max: MAX_SECTOR })),
      diskGuid: guid,
      entriesSector: fc.nat({ max: MAX_SECTOR }),
      entryCount: fc.integer({ min: 1, max: 1000 }),
      entrySizeBytes: fc.constantFrom(128, 136, 256, 1024, 4096),
      entriesCrc: uint32,
      rest: bytesOf(sectorSize - 92),
    })
    .map(({ usable: [a, b], ...header }) => ({
      ...header,
      firstUsableSector: Math.min(a, b),
      lastUsableSector: Math.max(a, b),
    })),
);

test('any header is the same after write and parse, and its bytes after parse and write', () => {
  fc.assert(
    fc.property(anyHeader, (header) => {
      const sector = writeGptHeader(header);
      const reading = parseGptHeader(sector, header.ownSector);
      assert.ok(reading.type === 'sound');
      assert.deepEqual(reading.header, header);
      assert.ok(writeGptHeader(reading.header).equals(sector));
    }),
  );
});

test('a header with one changed bit is damaged or absent', () => {
  fc.assert(
    fc.property(anyHeader, fc.nat(), (header, position) => {
      const sector = writeGptHeader(header);
      const bit = position % (header.headerSizeBytes * 8);
      sector.writeUInt8(sector.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.notEqual(parseGptHeader(sector, header.ownSector).type, 'sound');
    }),
  );
});

test('a header that says it is for another sector is damaged', () => {
  fc.assert(
    fc.property(anyHeader, (header) => {
      const reading = parseGptHeader(writeGptHeader(header), header.ownSector + 1);
      const damage = message('gpt.other-sector', { sector: header.ownSector });
      assert.deepEqual(reading, { type: 'damaged', damage });
    }),
  );
});

test('any entry array is the same after parse and write, whatever is in its unused entries', () => {
  const array = fc
    .record({
      entryCount: fc.integer({ min: 1, max: 40 }),
      entrySizeBytes: fc.constantFrom(128, 136, 256),
    })
    .chain((shape) =>
      fc.tuple(fc.constant(shape), bytesOf(shape.entryCount * shape.entrySizeBytes)),
    );
  fc.assert(
    fc.property(array, ([shape, bytes]) => {
      const entries = parseGptEntries(bytes, shape);
      assert.equal(entries.length, shape.entryCount);
      const written = writeGptEntries(entries);
      assert.ok(written.equals(bytes));
      assert.equal(entriesCrcOf(written, shape), entriesCrcOf(bytes, shape));
    }),
  );
});

const anyEntry: fc.Arbitrary<GptEntry> = fc.record(
  {
    typeGuid: guid,
    guid,
    firstSector: uint64,
    lastSector: uint64,
    attributes: uint64,
    nameUnits: bytesOf(72),
    rest: bytesOf(0),
  },
  { noNullPrototype: true },
);

test('any entry is the same after write and parse', () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const bytes = writeGptEntries([entry]);
      assert.deepEqual(parseGptEntries(bytes, { entryCount: 1, entrySizeBytes: 128 }), [entry]);
    }),
  );
});

test('an entry as data has its sectors, its 64 attribute bits and the name up to the first 0', () => {
  const nameUnits = Buffer.alloc(72, 0x41);
  nameUnits.write('Übung 🦔\0', 'utf16le');
  const entry: GptEntry = {
    typeGuid: '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
    guid: '00112233-4455-6677-8899-AABBCCDDEEFF',
    firstSector: 2048n,
    lastSector: 4095n,
    attributes: 0x8000_0000_0000_0004n,
    nameUnits,
    rest: Buffer.alloc(0),
  };
  assert.deepEqual(toPartition(entry, 3), {
    number: 3,
    startSector: 2048,
    sectorCount: 2048,
    typeGuid: entry.typeGuid,
    guid: entry.guid,
    attributes: '8000000000000004',
    name: 'Übung 🦔',
  });
  assert.equal(toPartition({ ...entry, lastSector: 2047n }, 3), 'damaged');
  assert.equal(toPartition({ ...entry, lastSector: 2n ** 63n }, 3), 'damaged');
  const unused = { ...entry, typeGuid: '00000000-0000-0000-0000-000000000000' };
  assert.equal(toPartition(unused, 3), null);
});
