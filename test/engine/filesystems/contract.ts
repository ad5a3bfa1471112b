/**
 * What every kind of file system must keep, whatever it is: a real volume with known content is captured and deployed by the
 * engine's own operations, onto a disk that is full of other bytes.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { test, type TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import type { Bytes } from '../../../lib/units.ts';
import {
  captureOf,
  deployOf,
  imageOf,
  makeHost,
  send,
  transmissionFor,
  type Host,
  type Performed,
} from '../operations/perform.ts';
import { english } from '../../support/messages.ts';
import { makeScratchDisk, MIB, type ScratchDisk } from '../scratch-disk.ts';

export type FilesystemCase = {
  /** A volume with known content, in a file of its own. */
  readonly make: (t: TestContext) => Promise<string>;
  /** Throws unless the file system's own tools find the restored volume sound. A text is why there is nothing to ask. */
  readonly check: ((file: string) => Promise<unknown>) | string;
  /** All that counts in the volume, to be compared. */
  readonly contents: (t: TestContext, file: string) => Promise<unknown>;
  /** How it comes into the image: as a stream of used blocks or of all sectors, as a header alone; or not at all. */
  readonly comesAs: 'partclone' | 'raw' | 'swap' | 'refused';
  /** What the capture warns of, or why it refuses; null for nothing. */
  readonly says: RegExp | null;
  /** One that was not left as it should be. A text is why there is no such thing. */
  readonly unclean:
    | {
        readonly spoil: (t: TestContext, file: string) => Promise<unknown>;
        readonly comesAs: 'raw' | 'refused';
        readonly says: RegExp;
      }
    | string;
};

export function filesystemContract(kind: string, its: FilesystemCase): void {
  const { unclean } = its;
  if (its.comesAs === 'refused') {
    test(`${kind}: is refused, and its source is left as it was`, async (t) => {
      await assertRefused(t, await its.make(t), its.says ?? assert.fail());
    });
    return;
  }
  test(`${kind}: a clone on a disk full of other bytes has the same content, also behind its end, and is sound`, async (t) => {
    const volume = await its.make(t);
    const sizeBytes = await sizeOf(volume);
    const behind = Buffer.alloc(SPACE_BEHIND, 'behind the end ');
    const { captured, image, target } = await move(t, volume, behind);
    // A header alone has nothing that is behind: then there is a stream after all.
    assert.equal(contentIn(image), its.comesAs === 'swap' ? 'partclone' : its.comesAs);
    assertSaid(captured, its.says);
    const whole = await volumeOf(target, sizeBytes + behind.length);
    await assertEndsWith(whole, behind);
    await run('truncate', ['--size', String(sizeBytes), whole]);
    if (typeof its.check !== 'string') await its.check(whole);
    assert.deepEqual(await its.contents(t, whole), await its.contents(t, volume));
  });
  if (its.comesAs === 'swap') {
    test(`${kind}: where it fills its partition, its header alone makes a clone of it`, async (t) => {
      const volume = await its.make(t);
      const { captured, image, target } = await move(t, volume);
      assert.equal(contentIn(image), 'swap');
      assertSaid(captured, null);
      const clone = await volumeOf(target, await sizeOf(volume));
      assert.deepEqual(await its.contents(t, clone), await its.contents(t, volume));
    });
  }
  if (typeof unclean === 'string') return;
  test(`${kind}: one that was not left clean is ${unclean.comesAs === 'raw' ? 'copied whole, with a warning' : 'refused'}`, async (t) => {
    const volume = await its.make(t);
    await unclean.spoil(t, volume);
    if (unclean.comesAs === 'refused') {
      await assertRefused(t, volume, unclean.says);
      return;
    }
    const source = await diskWith(t, volume);
    const captured = await captureUnchanged(await makeHost(t, [source.address]), source);
    assert.equal(contentIn(imageOf(captured)), 'raw');
    assertSaid(captured, unclean.says);
  });
}

/** Less than what a capture gives a warning for. */
const SPACE_BEHIND = 512 * 1024;
const START_BYTES = MIB;
const GARBAGE = 0xa5;

type Moved = {
  readonly captured: Performed;
  readonly image: DeployImage;
  readonly target: ScratchDisk;
};

/** Puts the volume into the only partition of a disk, captures that and deploys it. */
async function move(t: TestContext, volume: string, behind?: Buffer): Promise<Moved> {
  const source = await diskWith(t, volume, behind);
  const diskBytes = await sizeOf(source.file);
  const target = await makeScratchDisk(t, { sizeBytes: diskBytes, script: '' });
  await fillWithGarbage(target.address, diskBytes);
  const host = await makeHost(t, [source.address, target.address]);
  const captured = await captureUnchanged(host, source);
  const image = imageOf(captured);
  send(host.data, transmissionFor(image, host.data.streams).bytes);
  const { end } = await host.perform(deployOf(target.address, image));
  assert.equal(end.error, null);
  return { captured, image, target };
}

async function captureUnchanged(host: Host, source: ScratchDisk): Promise<Performed> {
  const before = await hashOf(source.file);
  const captured = await host.perform(captureOf(source.address, 'none'));
  assert.equal(captured.end.error, null);
  assert.equal(await hashOf(source.file), before, 'a capture changes nothing on its source');
  return captured;
}

async function assertRefused(t: TestContext, volume: string, says: RegExp): Promise<void> {
  const source = await diskWith(t, volume);
  const host = await makeHost(t, [source.address]);
  const before = await hashOf(source.file);
  const { end, steps } = await host.perform(captureOf(source.address, 'none'));
  assert.match(end.error?.message ?? 'not refused', says);
  assert.equal(steps.at(-1), 'check-filesystems failed', 'before the first byte is read');
  assert.equal(await hashOf(source.file), before, 'a capture changes nothing on its source');
}

/** A disk with one partition, in which the volume lies, and behind it `behind`. */
async function diskWith(
  t: TestContext,
  volume: string,
  behind: Buffer = Buffer.alloc(0),
): Promise<ScratchDisk> {
  const sizeBytes = await sizeOf(volume);
  const partitionSectors = (sizeBytes + behind.length) / 512;
  const script = `label: dos\nstart=2048, size=${partitionSectors}, type=83\n`;
  const disk = await makeScratchDisk(t, {
    sizeBytes: Math.ceil((sizeBytes + behind.length) / MIB) * MIB + 2 * MIB,
    script,
  });
  const device = `${disk.address}p1`;
  await run('dd', [`if=${volume}`, `of=${device}`, 'bs=1M', 'conv=notrunc,fsync', 'status=none']);
  const handle = await open(device, 'r+');
  await handle.write(behind, 0, behind.length, sizeBytes);
  await handle.sync();
  await handle.close();
  await run('blockdev', ['--flushbufs', disk.address]);
  return disk;
}

/** The first `sizeBytes` of the disk's partition, as a file for tools. */
async function volumeOf(disk: ScratchDisk, sizeBytes: Bytes): Promise<string> {
  const file = join(await mkdtemp(join(disk.directory, 'clone-')), 'clone.img');
  await run('blockdev', ['--flushbufs', disk.address]);
  await run('dd', [
    `if=${disk.file}`,
    `of=${file}`,
    'bs=1M',
    `skip=${START_BYTES / MIB}`,
    'conv=sparse',
    'iflag=count_bytes',
    `count=${sizeBytes}`,
    'status=none',
  ]);
  await run('truncate', ['--size', String(sizeBytes), file]);
  return file;
}

async function fillWithGarbage(device: string, sizeBytes: Bytes): Promise<void> {
  const handle = await open(device, 'r+');
  try {
    const piece = Buffer.alloc(MIB, GARBAGE);
    for (let at = 0; at < sizeBytes; at += MIB) await handle.write(piece, 0, MIB, at);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function assertEndsWith(file: string, end: Buffer): Promise<void> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  const found = Buffer.alloc(end.length);
  await handle.read(found, 0, end.length, size - end.length);
  await handle.close();
  assert.ok(found.equals(end), 'what lies behind the end of the file system is on the clone');
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function contentIn({ partitions }: DeployImage): string {
  const [partition] = partitions;
  const content = partition?.content ?? assert.fail('no partition');
  return content.type === 'stream' ? content.stream.content : content.type;
}

function assertSaid({ events }: Performed, says: RegExp | null): void {
  const notes = events.flatMap((event) => (event.type === 'step-ended' ? event.notes : []));
  if (says === null) assert.equal(english(notes), '');
  else assert.match(english(notes), says);
}

async function sizeOf(file: string): Promise<Bytes> {
  return (await stat(file)).size;
}
