/** Partition tables as years of repartitioning leave them: a clone has every byte of table, gaps and partitions. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { readBytes, writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';
import { captureOf, deployOf, imageOf, makeHost, send, transmissionFor } from './perform.ts';

const SIZE_BYTES = 32 * MIB;

const GPT = `label: gpt
table-length: 256
first-lba: 66
5: start=30001, size=10000
200: start=66, size=2000, type=21686148-6449-6E6F-744E-656564454649
2: start=10000, size=15001, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7
130: start=50000, size=5000, attrs="LegacyBIOSBootable GUID:48,63"
`;
const MBR = `label: dos
unit: sectors
disk1: start=40000, size=25536, type=83
disk2: start=9000, size=30000, type=85
disk3: start=63, size=2000, type=83, bootable
disk4: start=3000, size=5001, type=c
disk5: start=20000, size=9001, type=83
disk6: start=9063, size=1, type=83
disk7: start=38000, size=8, type=83
`;

async function nothing(): Promise<void> {
  // The table is as it should be.
}

const CASES: readonly (readonly [string, string, (disk: ScratchDisk) => Promise<unknown>])[] = [
  ['a GPT of 256 entries, out of order, numbers up to 200', GPT, nothing],
  [
    'a hybrid MBR whose protective entry is not the first',
    GPT,
    ({ address }) => run('sgdisk', ['-h', '2:5', address], { allowedStatuses: [0, 1, 2, 3, 4] }),
  ],
  [
    'a protective MBR that is active and of a wrong size',
    GPT,
    async ({ address }) => {
      await writeBytes(address, 446, Buffer.from([0x80]));
      await writeBytes(address, 458, Buffer.from([1, 0, 0, 0]));
    },
  ],
  [
    'an MBR out of order, to the last sector, the third active, its container of type 85',
    MBR,
    nothing,
  ],
];

describe('A clone has every byte of table, gaps and partitions', () => {
  for (const [name, script, change] of CASES) {
    test(`A clone has every byte of table, gaps and partitions: ${name}`, async (t) => {
      const source = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script });
      await writeBytes(source.address, 0, randomBytes(440));
      await change(source);
      const { stdout } = await run('sfdisk', ['--dump', source.address]);
      const ranges = [...stdout.matchAll(/start= *(\d+), size= *(\d+), type=(\w+)/g)]
        .filter(([, , , type]) => type !== '85')
        .map(([, start, size]) => [Number(start) * 512, Number(size) * 512] as const);
      assert.ok(ranges.length >= 4);
      for (const [start, length] of ranges) {
        const filled = Math.min(length, MIB);
        await writeBytes(source.address, start, randomBytes(filled));
        await writeBytes(source.address, start + length - 512, randomBytes(512));
      }
      await run('blockdev', ['--flushbufs', source.address]);
      const target = await makeScratchDisk(t, { sizeBytes: SIZE_BYTES, script: '' });
      const host = await makeHost(t, [source.address, target.address]);
      const captured = await host.perform(captureOf(source.address));
      assert.equal(captured.end.error, null);
      const image = imageOf(captured);
      send(host.data, transmissionFor(image, host.data.streams).bytes);
      assert.equal((await host.perform(deployOf(target.address, image))).end.error, null);
      for (const { address } of [source, target]) await run('blockdev', ['--flushbufs', address]);
      const first = Math.min(...ranges.map(([start]) => start));
      const areas = image.tableAreas.map(
        ({ startSector, sectorCount }) => [startSector * 512, sectorCount * 512] as const,
      );
      for (const [start, length] of [[0, first] as const, ...areas, ...ranges]) {
        const [theirs, ours] = [
          await readBytes(source.file, start, length),
          await readBytes(target.file, start, length),
        ];
        assert.ok(ours.equals(theirs), `${length} bytes from ${start}`);
      }
    });
  }
});
