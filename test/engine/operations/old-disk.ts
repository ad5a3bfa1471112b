/** A disk as Windows XP laid it out, with several file systems, and a host that has it and another one. */

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type TestContext } from 'node:test';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { run } from '../../../lib/exec/run.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import { writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';
import { captureOf, imageOf, makeHost, send, transmissionFor, type Host } from './perform.ts';

/** As Windows XP laid out disks: everything at odd places. Room for a boot loader before each logical partition. */
export const OLD = {
  sizeBytes: 96 * MIB,
  script: `label: dos
unit: sectors
disk1: start=63, size=65535, type=7, bootable
disk2: start=65600, size=130000, type=5
disk5: start=65663, size=65535, type=83
disk6: start=131300, size=20000, type=82
disk7: start=151400, size=4001, type=da
`,
};

type Source = { disk: ScratchDisk; unknown: Buffer };

export async function makeSource(t: TestContext, sizeBytes = OLD.sizeBytes): Promise<Source> {
  const disk = await makeScratchDisk(t, { ...OLD, sizeBytes });
  const { address } = disk;
  await run('mkntfs', ['-q', '-Q', '-F', '-p', '63', '-L', 'Übung', `${address}p1`]);
  await run('mkfs.ext4', ['-q', '-F', '-L', 'Größe', `${address}p5`]);
  await run('mkswap', ['-L', 'swäp', `${address}p6`]);
  const unknown = randomBytes(4001 * 512);
  await writeBytes(`${address}p7`, 0, unknown);
  for (const device of [1, 5, 6, 7]) {
    await run('blockdev', ['--flushbufs', `${address}p${device}`]);
  }
  // Boot code, and a boot loader in the gap; both up to the last byte.
  await writeBytes(address, 0, randomBytes(440));
  await writeBytes(address, 512, randomBytes(62 * 512));
  await run('blockdev', ['--flushbufs', address]);
  return { disk, unknown };
}

/** A captured image of makeSource, and a host with a blank disk to put it on. */
export async function makeDeployCase(
  t: TestContext,
  targetOptions: { sizeBytes?: number; script?: string; sectorSizeBytes?: number } = {},
): Promise<{
  host: Host;
  source: ScratchDisk;
  target: ScratchDisk;
  image: DeployImage;
  transmission: ReturnType<typeof transmissionFor>;
}> {
  const { disk } = await makeSource(t);
  const target = await makeScratchDisk(t, { ...OLD, script: '', ...targetOptions });
  const host = await makeHost(t, [disk.address, target.address]);
  const captured = await host.perform(captureOf(disk.address));
  assert.equal(captured.end.outcome, 'completed', JSON.stringify(captured.end));
  const image = imageOf(captured);
  const transmission = transmissionFor(image, host.data.streams);
  send(host.data, transmission.bytes);
  return { host, source: disk, target, image, transmission };
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export async function assertCleared({ address }: ScratchDisk): Promise<void> {
  const { readable, tableType, filesystemType } = await probeDevice(run, address);
  assert.deepEqual([readable, tableType, filesystemType], [true, null, null]);
}

/** The disk is not locked, not write-protected, and has only the partitions it had. */
export async function assertGivenBack({ address }: ScratchDisk): Promise<void> {
  await run('flock', ['--exclusive', '--nonblock', address, 'true']);
  assert.equal((await run('blockdev', ['--getro', address])).stdout.trim(), '0');
}
