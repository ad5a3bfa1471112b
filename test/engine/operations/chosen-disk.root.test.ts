/** The disk that the operator saw, and none in its place: when the work begins, and once more right before it is cleared. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { run, type Run } from '../../../lib/exec/run.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import type { EngineOperation } from '../../../lib/model/operation.ts';
import { makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';
import {
  captureOf,
  deployOf,
  imageOf,
  makeHost,
  partitionOf,
  send,
  transmissionFor,
  type Host,
} from './perform.ts';

const SIZE_BYTES = 16 * MIB;

async function makeCase(
  t: TestContext,
): Promise<{ host: Host; target: ScratchDisk; image: DeployImage }> {
  const script = 'label: dos\nstart=2048, size=2048, type=da\n';
  const source = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script });
  const target = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script });
  const host = await makeHost(t, [source.address, target.address]);
  const image = imageOf(await host.perform(captureOf(source.address)));
  send(host.data, transmissionFor(image, host.data.streams).bytes);
  return { host, target, image };
}

const hashOf = ({ file }: ScratchDisk): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

describe('Another disk than the one that was there when the task was made is refused', () => {
  const others = [
    ['by its size', { serial: null, sizeBytes: SIZE_BYTES + 512 }],
    ['by its serial number', { serial: 'S3Z9NB0K', sizeBytes: SIZE_BYTES }],
    ['by its WWN', { serial: null, wwn: '0x5002538d', sizeBytes: SIZE_BYTES }],
  ] as const;
  for (const [what, known] of others) {
    test(`Another disk than the one that was there when the task was made is refused: ${what}, whatever is to be done with it`, async (t) => {
      const { host, target, image } = await makeCase(t);
      const before = hashOf(target);
      const expectedDisk = { wwn: null, ...known };
      const operations: EngineOperation[] = [
        { ...deployOf(target.address, image), expectedDisk },
        { ...partitionOf(target.address, image), expectedDisk },
        { ...captureOf(target.address), expectedDisk },
      ];
      for (const operation of operations) {
        await assert.rejects(host.perform(operation), {
          code: 'disk-changed',
          message: /is not the one that was there when the task was made/,
        });
      }
      assert.equal(hashOf(target), before);
    });
  }
});

describe('A disk that was exchanged after the check is not cleared', () => {
  for (const kind of ['deploy', 'partition'] as const) {
    test(`A disk that was exchanged after the check is not cleared by ${kind}`, async (t) => {
      const { host, target, image } = await makeCase(t);
      const before = hashOf(target);
      let isClearing = false;
      // What lsblk says of the disk from then on: as if another one had come in its place.
      const exchanged: Run = async (tool, args, options) => {
        const result = await run(tool, args, options);
        if (tool !== 'lsblk' || !isClearing) return result;
        const stdout = result.stdout.replaceAll(/"serial": ?null/g, '"serial":"OTHER"');
        return { ...result, stdout };
      };
      const operation =
        kind === 'deploy' ? deployOf(target.address, image) : partitionOf(target.address, image);
      const { end } = await host.perform(operation, {
        run: exchanged,
        onEvent: (event) => {
          if (event.type === 'step-started' && event.stepId === 'clear-disk') isClearing = true;
        },
      });
      assert.equal(end.error?.code, 'disk-changed');
      assert.equal(end.diskOutcome, 'untouched');
      assert.equal(hashOf(target), before);
    });
  }
});
