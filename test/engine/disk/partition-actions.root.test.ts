import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { run } from '../../../lib/exec/run.ts';
import { finishSwap } from '../after-restore.ts';
import { makeScratchDisk, MIB } from '../scratch-disk.ts';

const DISK = { sizeBytes: 32 * MIB, script: 'label: gpt\nsize=16M, type=swap\n' };

test('Swap is made with the UUID and the label that it had, umlauts and spaces too.', async (t) => {
  const { address } = await makeScratchDisk(t, DISK);
  const uuid = 'bfa59981-8456-4e90-8d20-d352e47b7b46';
  await finishSwap(`${address}p1`, { uuid, label: 'Größe ä 1' });
  const probe = await probeDevice(run, `${address}p1`);
  assert.equal(probe.filesystemType, 'swap');
  assert.equal(probe.filesystemUuid, uuid);
  assert.equal(probe.filesystemLabel, 'Größe ä 1');
});

test('Swap without a label gets none, also where a file system was.', async (t) => {
  const { address } = await makeScratchDisk(t, DISK);
  await run('mkfs.ext4', ['-q', '-F', '-L', 'old', `${address}p1`]);
  const uuid = '11111111-2222-3333-4444-555555555555';
  await finishSwap(`${address}p1`, { uuid, label: null });
  const probe = await probeDevice(run, `${address}p1`);
  assert.deepEqual(
    [probe.filesystemType, probe.filesystemUuid, probe.filesystemLabel],
    ['swap', uuid, null],
  );
});
