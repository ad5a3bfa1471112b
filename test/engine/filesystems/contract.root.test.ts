/** Every row of the table of file systems keeps the contract; each case is of the kind that it stands for. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FILESYSTEMS } from '../../../engine/filesystems/table.ts';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { run } from '../../../lib/exec/run.ts';
import { filesystemTraits } from '../../../lib/filesystems/kinds.ts';
import { filesystemContract } from './contract.ts';
import { CASES } from './contract-cases.ts';

test('the volume of each case of the contract suite is of that kind by libblkid, and there is one for every row', async (t) => {
  assert.deepEqual(Object.keys(CASES).toSorted(), Object.keys(FILESYSTEMS).toSorted());
  for (const [kind, { make }] of Object.entries(CASES)) {
    const { filesystemType } = await probeDevice(run, await make(t));
    assert.equal(filesystemTraits(filesystemType).kind, kind, filesystemType ?? 'no name');
  }
});

describe('Every kind of file system keeps the contract', { concurrency: 4 }, () => {
  for (const [kind, its] of Object.entries(CASES)) filesystemContract(kind, its);
});
