import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DiskSelector } from '../../../lib/model/disk-selector.ts';
import { ImageId, VersionId } from '../../../lib/model/ids.ts';
import {
  AssignedOperation,
  EngineOperation,
  imageMade,
  Operation,
  traitsOf,
  versionRead,
  WantedOperation,
} from '../../../lib/model/operation.ts';
import { KIND_NAMES, OPERATION_KINDS } from '../../../lib/model/operations/table.ts';

const DISK: DiskSelector = { type: 'only' };
const IMAGE = ImageId.parse('image-0000000001');
const VERSION = VersionId.parse('version-0000000001');

/** As tasks of version 0.2 have them in the store. */
const STORED: readonly Operation[] = [
  { type: 'capture', disk: DISK, imageName: 'win11', compression: 'zstd' },
  {
    type: 'deploy',
    disk: DISK,
    imageId: IMAGE,
    versionId: VERSION,
    transport: 'auto',
    gatherMs: 0,
  },
  { type: 'partition', disk: DISK, imageId: IMAGE, versionId: VERSION },
  { type: 'shutdown', mode: 'exit' },
];

describe('the kinds of operations', () => {
  test('the kinds of operations: every row is under the name that its schemas have as type', () => {
    for (const [name, kind] of Object.entries(OPERATION_KINDS)) {
      const assigned = 'assigned' in kind ? [kind.assigned] : [];
      for (const schema of [kind.stored, kind.wanted, ...assigned]) {
        assert.equal(schema.shape.type.value, name);
      }
    }
    assert.deepEqual([...KIND_NAMES], Object.keys(OPERATION_KINDS));
  });

  test('the union of stored operations takes one of each kind as it is, and nothing else', () => {
    for (const operation of STORED) assert.deepEqual(Operation.parse(operation), operation);
    assert.deepEqual(
      STORED.map(({ type }) => type),
      [...KIND_NAMES],
    );
    assert.throws(() => Operation.parse({ type: 'format', disk: DISK }));
    assert.throws(() => Operation.parse({ type: 'deploy', disk: DISK }));
  });

  test('asked for and assigned, an operation is checked by the schema of its own kind', () => {
    const wanted = { type: 'deploy', image: 'win11', transport: 'auto', gatherMs: 0 };
    assert.deepEqual(WantedOperation.parse(wanted), wanted);
    assert.throws(() => WantedOperation.parse({ ...wanted, type: 'capture' }));
    assert.deepEqual(AssignedOperation.parse({ type: 'idle' }), { type: 'idle' });
    assert.throws(() => AssignedOperation.parse({ type: 'shutdown', mode: 'exit' }));
  });

  test('an engine is given the operations of the kinds whose trait says that an engine does them, and no others', () => {
    assert.deepEqual(
      EngineOperation.options.map(({ shape }) => shape.type.value),
      KIND_NAMES.filter((type) => traitsOf({ type }).worker === 'engine'),
    );
  });

  test('the kinds of operations: each says which image it reads and which it makes', () => {
    const read = { imageId: IMAGE, versionId: VERSION };
    assert.deepEqual(
      STORED.map((operation) => versionRead(operation)),
      [null, read, read, null],
    );
    assert.deepEqual(
      STORED.map((operation) => imageMade(operation)),
      ['win11', null, null, null],
    );
  });

  test('the kinds of operations: what loses what was on the disk is what leaves something else there', () => {
    const losing = STORED.filter((operation) => traitsOf(operation).leaves !== 'as-it-was');
    assert.deepEqual(
      losing.map(({ type }) => type),
      ['deploy', 'partition'],
    );
  });
});
