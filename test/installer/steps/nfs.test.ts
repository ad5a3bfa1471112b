/** The export of the root file systems follows the plan, and is found as planned afterwards. */

import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { EXPORTS_FILE } from '../../../installer/machine/names.ts';
import { nfs } from '../../../installer/steps/nfs.ts';
import { execute } from '../sample-steps.ts';
import { samplePlan, withMachine, type Call } from '../samples.ts';

const BY_NFS = samplePlan({ rootTransport: 'nfs', nfsServer: 'none' });
const BY_HTTP = samplePlan({ rootTransport: 'ram', nfsServer: 'none' });
const DONE = ['started nfs', 'done nfs'];
const SKIPPED = ['skipped nfs'];

function readsAgain(calls: readonly Call[]): number {
  return calls.filter((call) => call.join(' ') === 'exportfs -ra').length;
}

describe('the step that exports by NFS', () => {
  test('the step that exports by NFS takes the export back once when root file systems go by HTTP from now on, and makes it again when they do not', async () => {
    await withMachine(async (system, calls) => {
      const file = join(system.root, EXPORTS_FILE);
      const exported = async (): Promise<boolean> => /^\//m.test(await readFile(file, 'utf8'));
      assert.deepEqual(await execute(system, [nfs], { plan: BY_NFS }), DONE);
      assert.equal(await exported(), true);
      assert.deepEqual(await execute(system, [nfs], { plan: BY_NFS }), SKIPPED);

      assert.deepEqual(await execute(system, [nfs], { plan: BY_HTTP }), DONE);
      assert.equal(await exported(), false);
      assert.equal(readsAgain(calls), 2);
      assert.deepEqual(await execute(system, [nfs], { plan: BY_HTTP }), SKIPPED);
      assert.equal(readsAgain(calls), 2);

      assert.deepEqual(await execute(system, [nfs], { plan: BY_NFS }), DONE);
      assert.equal(await exported(), true);
    });
  });

  test('the step that exports by NFS makes no file where root file systems have never gone by NFS', async () => {
    await withMachine(async (system, calls) => {
      assert.deepEqual(await execute(system, [nfs], { plan: BY_HTTP }), SKIPPED);
      await assert.rejects(stat(join(system.root, EXPORTS_FILE)));
      assert.deepEqual(calls, []);
    });
  });
});
