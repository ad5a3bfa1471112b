/** Captures that are refused, interrupted or of odd disks; and partitioning alone. */

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { RunStopped } from '../../../engine/abort.ts';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { dumpTable } from '../../../engine/tools/sfdisk.ts';
import { run } from '../../../lib/exec/run.ts';
import { writeBytes } from '../../lib/disk/tables/partitioned-file.ts';

import { makeScratchDisk, MIB } from '../scratch-disk.ts';
import {
  captureOf,
  deployOf,
  imageOf,
  makeHost,
  partitionOf,
  send,
  transmissionFor,
} from './perform.ts';
import { makeSource, makeDeployCase, hashOf, assertGivenBack } from './old-disk.ts';

describe('A capture', { concurrency: 4 }, () => {
  test('A capture of a mounted disk is refused, naming the mountpoint', async (t) => {
    const { disk } = await makeSource(t);
    const host = await makeHost(t, [disk.address]);
    const mountpoint = join(disk.directory, 'mnt');
    await mkdir(mountpoint);
    await run('mount', [`${disk.address}p5`, mountpoint]);
    try {
      const { end } = await host.perform(captureOf(disk.address));
      assert.equal(end.error?.code, 'disk-busy');
      assert.ok(end.error.message.includes(mountpoint));
    } finally {
      await run('umount', [mountpoint]);
    }
    assert.equal(host.data.streams.size, 0);
    await assertGivenBack(disk);
  });

  test('A capture of a hibernated Windows is refused before anything is read', async (t) => {
    const { disk } = await makeSource(t);
    const file = join(disk.directory, 'hiberfil.sys');
    await writeFile(file, Buffer.concat([Buffer.from('HIBR'), Buffer.alloc(8188)]));
    await run('ntfscp', [`${disk.address}p1`, file, '/hiberfil.sys']);
    const host = await makeHost(t, [disk.address]);
    const { end, steps } = await host.perform(captureOf(disk.address));
    assert.equal(steps.at(-1), 'check-filesystems failed');
    assert.equal(
      end.error?.message,
      `checking the file system on ${disk.address}p1: Windows is hibernated`,
    );
    assert.match(end.error.hint, /shutdown \/s \/t 0/);
    assert.equal(host.data.streams.size, 0);
    await assertGivenBack(disk);
  });

  test('A capture of several file systems that were not left clean is refused naming each of them', async (t) => {
    const disk = await makeScratchDisk(t, {
      sizeBytes: 40 * MIB,
      script: 'label: gpt\nsize=10M\nsize=10M\nsize=10M\n',
    });
    for (const number of [1, 2, 3]) {
      await run('mkfs.ext4', ['-q', '-F', `${disk.address}p${number}`]);
    }
    const change = (number: number, request: string): Promise<unknown> =>
      run('debugfs', ['-w', '-R', request, `${disk.address}p${number}`]);
    await change(2, 'feature needs_recovery');
    await change(3, 'set_super_value state 0');
    const host = await makeHost(t, [disk.address]);
    const { end, steps } = await host.perform(captureOf(disk.address));
    assert.equal(steps.at(-1), 'check-filesystems failed');
    assert.match(
      end.error?.message ?? '',
      /^checking the file systems of \/dev\/loop\d+: on \S+p2, its journal holds changes .*; on \S+p3, it was not unmounted cleanly$/,
    );
    assert.match(end.error?.hint ?? '', /shut it down properly/);
    assert.equal(host.data.streams.size, 0);
    await assertGivenBack(disk);
  });

  test('A capture of a Minix 3 is sector by sector, says so, and comes back exactly', async (t) => {
    const source = await makeScratchDisk(t, {
      sizeBytes: 24 * MIB,
      script: 'label: gpt\nsize=16M, type=linux\n',
    });
    await run('mkfs.minix', ['-3', `${source.address}p1`]);
    await run('blockdev', ['--flushbufs', `${source.address}p1`]);
    const target = await makeScratchDisk(t, { sizeBytes: 24 * MIB, script: '' });
    const host = await makeHost(t, [source.address, target.address]);
    const captured = await host.perform(captureOf(source.address, 'gzip'));
    assert.equal(captured.end.outcome, 'warned');
    const warned = captured.events.find(
      (event) => event.type === 'step-ended' && event.state === 'warned',
    );
    assert.match(JSON.stringify(warned), /"note\.every-sector"/);
    const image = imageOf(captured);
    send(host.data, transmissionFor(image, host.data.streams).bytes);
    const { end } = await host.perform(deployOf(target.address, image));
    assert.equal(end.outcome, 'completed');
    await run('blockdev', ['--flushbufs', target.address]);
    assert.equal(await hashOf(target.file), await hashOf(source.file));
  });

  test('A capture whose connection breaks sends the stream again from its start, and warns', async (t) => {
    const { disk } = await makeSource(t);
    const host = await makeHost(t, [disk.address]);
    let broken = 0;
    host.data.onUpload = (request) => {
      if (broken > 0 || !(request.url ?? '').endsWith('p7.raw.zst')) return false;
      broken += 1;
      request.once('data', () => request.socket.destroy());
      return true;
    };
    const { end, events } = await host.perform(captureOf(disk.address));
    assert.equal(end.outcome, 'warned', JSON.stringify(end));
    const warned = events.filter(
      (event) => event.type === 'step-ended' && event.state === 'warned',
    );
    assert.equal(warned.length, 1);
    assert.match(JSON.stringify(warned), /capture-p7.*"note\.sent-again","params":\{"times":2\}/);
    const stream = imageOf({ end, events, steps: [] }).partitions.find(
      ({ number }) => number === 7,
    );
    assert.ok(stream?.content.type === 'stream');
    assert.equal(stream.content.stream.sizeBytes, host.data.streams.get('p7.raw.zst')?.length);
  });

  test('A capture that is cancelled in the middle ends, and gives the disk back writable', async (t) => {
    const { disk } = await makeSource(t);
    const host = await makeHost(t, [disk.address]);
    const stop = new AbortController();
    host.data.onUpload = (request) => {
      // The server does not read on, so that the engine stands in the middle of the stream.
      if (!(request.url ?? '').endsWith('p7.raw.zst')) return false;
      request.pause();
      stop.abort(new RunStopped('aborted', 'alice cancelled it'));
      return true;
    };
    const { end, steps } = await host.perform(captureOf(disk.address), { signal: stop.signal });
    assert.deepEqual([end.outcome, end.diskOutcome], ['aborted', 'untouched']);
    assert.equal(steps.at(-1), 'capture-p7 aborted');
    await assertGivenBack(disk);
    await writeBytes(`${disk.address}p7`, 0, Buffer.from('x'));
  });

  test('A capture of a disk without a table is refused while it is planned', async (t) => {
    const disk = await makeScratchDisk(t, { sizeBytes: 4 * MIB, script: '' });
    const host = await makeHost(t, [disk.address]);
    await assert.rejects(host.perform(captureOf(disk.address)), { code: 'partition-table-bad' });
  });

  test('A capture tells a kernel that knows no partitions of them, and takes them away afterwards', async (t) => {
    const { disk } = await makeSource(t);
    await run('partx', ['--delete', disk.address]);
    const host = await makeHost(t, [disk.address]);
    const { end } = await host.perform(captureOf(disk.address));
    assert.equal(end.outcome, 'completed', JSON.stringify(end));
    const { stdout } = await run('lsblk', [
      '--noheadings',
      '--raw',
      '--output',
      'NAME',
      disk.address,
    ]);
    assert.equal(stdout.trim(), disk.address.slice('/dev/'.length));
  });
});

test('Partitioning writes the table of the image and nothing else.', async (t) => {
  const { host, source, target, image } = await makeDeployCase(t, {
    script: 'label: gpt\nsize=20M\n',
  });
  const { end } = await host.perform(partitionOf(target.address, image));
  assert.deepEqual([end.outcome, end.diskOutcome], ['completed', 'complete']);
  assert.equal(host.data.asked, 0);
  const dumps = await Promise.all(
    [source, target].map(async ({ address }) =>
      (await dumpTable(run, address)).replaceAll(address, ''),
    ),
  );
  assert.equal(dumps[0], dumps[1]);
  assert.equal((await probeDevice(run, `${target.address}p1`)).filesystemType, null);
  await assertGivenBack(target);
});
