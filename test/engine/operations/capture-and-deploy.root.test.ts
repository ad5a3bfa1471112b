import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, test, type TestContext } from 'node:test';
import { RunStopped } from '../../../engine/abort.ts';
import { probeDevice } from '../../../engine/tools/blkid.ts';
import { dumpTable } from '../../../engine/tools/sfdisk.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import { ImageId } from '../../../lib/model/ids.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import { readBytes, writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { capture, filesystemSource } from '../imaging/partition-copy.ts';
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
import { until } from '../../support/wait.ts';

/** As Windows XP laid out disks: everything at odd places. Room for a boot loader before each logical partition. */
const OLD = {
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

async function makeSource(t: TestContext, sizeBytes = OLD.sizeBytes): Promise<Source> {
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
async function makeDeployCase(
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

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function assertCleared({ address }: ScratchDisk): Promise<void> {
  const { readable, tableType, filesystemType } = await probeDevice(run, address);
  assert.deepEqual([readable, tableType, filesystemType], [true, null, null]);
}

/** The disk is not locked, not write-protected, and has only the partitions it had. */
async function assertGivenBack({ address }: ScratchDisk): Promise<void> {
  await run('flock', ['--exclusive', '--nonblock', address, 'true']);
  assert.equal((await run('blockdev', ['--getro', address])).stdout.trim(), '0');
}

test('A captured disk is the same after it was deployed: table, boot code, gaps, every partition.', async (t) => {
  const { disk: source, unknown } = await makeSource(t);
  const target = await makeScratchDisk(t, {
    sizeBytes: OLD.sizeBytes + 8 * MIB,
    script: 'label: gpt\nsize=20M\n',
  });
  const host = await makeHost(t, [source.address, target.address]);
  const before = await hashOf(source.file);

  const captured = await host.perform(captureOf(source.address));
  assert.deepEqual([captured.end.outcome, captured.end.diskOutcome], ['completed', 'untouched']);
  assert.equal(await hashOf(source.file), before);
  await assertGivenBack(source);
  const [planned] = captured.events;
  assert.ok(planned?.type === 'plan');
  assert.partialDeepStrictEqual(planned.diskIdentity, {
    address: source.address,
    sizeBytes: OLD.sizeBytes,
  });
  assert.deepEqual(captured.steps, [
    'check-source completed',
    'protect-source completed',
    'check-filesystems completed',
    'capture-p1 completed',
    'capture-p5 completed',
    'read-p6 completed',
    'capture-p7 completed',
    ...[1, 2].map((gap) => `capture-gap-${gap} completed`),
    'store-image completed',
  ]);
  const image = imageOf(captured);
  assert.deepEqual(
    [...host.data.streams.keys()],
    [
      ...['p1.partclone.zst', 'p5.partclone.zst', 'p7.raw.zst'],
      ...[1, 2].map((gap) => `gap-${gap}.raw.zst`),
    ],
  );
  assert.deepEqual(
    image.gaps.map(({ startSector, sectorCount }) => [startSector, sectorCount]),
    [
      [1, 62],
      [65_601, 62],
    ],
  );

  send(host.data, transmissionFor(image, host.data.streams).bytes);
  const deployed = await host.perform(deployOf(target.address, image));
  assert.equal(deployed.end.error, null);
  assert.deepEqual([deployed.end.outcome, deployed.end.diskOutcome], ['completed', 'complete']);
  assert.ok(deployed.steps.every((step) => step.endsWith(' completed')));
  assert.deepEqual(deployed.steps.slice(-2), ['write-table completed', 'verify-table completed']);
  await assertGivenBack(target);

  const strip = (dump: string, { address }: ScratchDisk): string => dump.replaceAll(address, '');
  assert.equal(
    strip(await dumpTable(run, target.address), target),
    strip(await dumpTable(run, source.address), source),
  );
  await run('blockdev', ['--flushbufs', target.address]);
  for (const [startSector, sectorCount] of [
    [0, 63],
    [65_600, 63],
    ...image.gaps.map((gap) => [gap.startSector, gap.sectorCount] as const),
  ] as const) {
    const range = [startSector * 512, sectorCount * 512] as const;
    const [theirs, ours] = [
      await readBytes(source.file, ...range),
      await readBytes(target.file, ...range),
    ];
    assert.ok(theirs.equals(ours), `sectors from ${startSector}`);
  }
  assert.ok((await readBytes(target.file, 151_400 * 512, unknown.length)).equals(unknown));
  for (const [number, type] of [
    [1, 'ntfs'],
    [5, 'ext4'],
  ] as const) {
    const ours = await capture(t, filesystemSource(`${target.address}p${number}`, type));
    const theirs = await capture(t, filesystemSource(`${source.address}p${number}`, type));
    assert.ok(ours.bytes.equals(theirs.bytes), type);
  }
  await run('ntfsfix', ['--no-action', `${target.address}p1`]);
  await run('e2fsck', ['-f', '-n', `${target.address}p5`]);
  const swaps = [source, target].map(({ address }) => probeDevice(run, `${address}p6`));
  const [theirs, ours] = await Promise.all(swaps);
  assert.deepEqual(
    [ours?.filesystemType, ours?.filesystemUuid, ours?.filesystemLabel],
    ['swap', theirs?.filesystemUuid, 'swäp'],
  );
});

describe(
  'A target is refused before its first byte and before any data is asked for',
  { concurrency: 4 },
  () => {
    async function assertUntouched(
      { host, target }: { host: Host; target: ScratchDisk },
      attempt: () => Promise<unknown>,
    ): Promise<void> {
      const before = await hashOf(target.file);
      await attempt();
      await run('blockdev', ['--flushbufs', target.address]);
      assert.equal(await hashOf(target.file), before);
      assert.equal(host.data.asked, 0);
      await assertGivenBack(target);
    }

    test('when it is mounted', async (t) => {
      const made = await makeDeployCase(t, { script: 'label: dos\nsize=32M, type=83\n' });
      const { host, target, image } = made;
      await run('mkfs.ext4', ['-q', '-F', `${target.address}p1`]);
      await run('blockdev', ['--flushbufs', `${target.address}p1`]);
      const mountpoint = join(target.directory, 'mnt');
      await mkdir(mountpoint);
      await run('mount', ['-o', 'ro', `${target.address}p1`, mountpoint]);
      try {
        await assertUntouched(made, async () => {
          const { end } = await host.perform(deployOf(target.address, image));
          assert.deepEqual([end.outcome, end.diskOutcome], ['failed', 'untouched']);
          assert.equal(end.error?.code, 'disk-busy');
          assert.ok(end.error.message.includes(mountpoint));
          assert.ok(end.error.hint.includes('umount'));
        });
      } finally {
        await run('umount', [mountpoint]);
      }
    });

    test('when it is too small', async (t) => {
      const made = await makeDeployCase(t, { sizeBytes: 70 * MIB });
      await assertUntouched(made, () =>
        assert.rejects(made.host.perform(deployOf(made.target.address, made.image)), {
          code: 'disk-too-small',
        }),
      );
    });

    test('when its sectors have another size', async (t) => {
      const made = await makeDeployCase(t, { sectorSizeBytes: 4096 });
      await assertUntouched(made, () =>
        assert.rejects(made.host.perform(deployOf(made.target.address, made.image)), {
          code: 'disk-sector-size',
        }),
      );
    });

    test('when there is no such disk', async (t) => {
      const made = await makeDeployCase(t);
      await assertUntouched(made, () =>
        assert.rejects(made.host.perform(deployOf('/dev/sdz', made.image)), {
          code: 'disk-not-found',
          hint: new RegExp(made.target.address),
        }),
      );
    });
  },
);

describe('A deployment that fails', { concurrency: 4 }, () => {
  test('by one flipped bit in a stream leaves no table, and says which stream', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    const bytes = Buffer.from(transmission.bytes);
    const place = transmission.places.get('p7.raw.zst') ?? assert.fail();
    bytes.writeUInt8(bytes.readUInt8(place + 1_000_000) ^ 4, place + 1_000_000);
    send(host.data, bytes);
    const { end, steps } = await host.perform(deployOf(target.address, image));
    assert.deepEqual([end.outcome, end.diskOutcome], ['failed', 'cleared']);
    // Whichever notices first: the hash, or the decompressor with the checksum of its own.
    assert.ok(['hash-mismatch', 'disk-write-failed'].includes(end.error?.code ?? ''));
    assert.match(end.error?.message ?? '', /p7/);
    assert.ok(steps.at(-1)?.endsWith(' failed'));
    await assertCleared(target);
    await assertGivenBack(target);
  });

  test('because another image is sent leaves the disk as it was', async (t) => {
    const made = await makeDeployCase(t, { script: 'label: gpt\nsize=20M\n' });
    const { host, target, image } = made;
    const before = await hashOf(target.file);
    const other = { ...image, imageId: ImageId.parse('image-0000000009') };
    const { end, steps } = await host.perform(deployOf(target.address, other));
    assert.equal(steps.at(-1), 'wait-for-data failed');
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['failed', 'untouched', 'stream-wrong'],
    );
    await run('blockdev', ['--flushbufs', target.address]);
    assert.equal(await hashOf(target.file), before);
  });

  test('because the server goes away in the middle leaves no table', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    host.data.onSession = (request, response) => {
      response.writeHead(200, { 'content-length': transmission.bytes.length });
      response.write(transmission.bytes.subarray(0, transmission.bytes.length - 1000), () =>
        request.socket.destroy(),
      );
    };
    const { end } = await host.perform(deployOf(target.address, image));
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['failed', 'cleared', 'stream-broken'],
    );
    await assertCleared(target);
  });

  test('because the server never sends anything leaves the disk as it was, to be tried again', async (t) => {
    const { host, target, image } = await makeDeployCase(t);
    const before = await hashOf(target.file);
    host.data.onSession = (_, response) => {
      response.writeHead(200).end();
    };
    const { end } = await host.perform(deployOf(target.address, image));
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['failed', 'untouched', 'session-missed'],
    );
    assert.equal(await hashOf(target.file), before);
  });

  test('because a partition cannot be written leaves no table', async (t) => {
    const { host, target, image } = await makeDeployCase(t);
    const failing: Run = (tool, args, options) =>
      args.includes(`of=${target.address}p6`) ? run('false', []) : run(tool, args, options);
    const { end, steps } = await host.perform(deployOf(target.address, image), { run: failing });
    assert.equal(steps.at(-1), 'write-swap-p6 failed');
    assert.deepEqual([end.outcome, end.diskOutcome], ['failed', 'cleared']);
    await assertCleared(target);
  });
});

describe('A deployment that is cancelled', { concurrency: 4 }, () => {
  test('while it waits for data ends with the disk as it was', async (t) => {
    const { host, target, image } = await makeDeployCase(t);
    const before = await hashOf(target.file);
    let closed = false;
    const stop = new AbortController();
    host.data.onSession = (_, response) => {
      response.once('close', () => (closed = true));
      response.writeHead(200).flushHeaders();
      stop.abort(new RunStopped('aborted', 'alice cancelled it'));
    };
    const { end } = await host.perform(deployOf(target.address, image), { signal: stop.signal });
    assert.deepEqual(
      [end.outcome, end.diskOutcome, end.error?.code],
      ['aborted', 'untouched', 'cancelled'],
    );
    assert.equal(await hashOf(target.file), before);
    await until('the server may stop sending', () => closed);
    await assertGivenBack(target);
  });

  test('in the middle of a stream ends with no table on the disk, and nothing still writes', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    const stop = new AbortController();
    const added = t.mock.method(host.lingeringWriters, 'add');
    const half = (transmission.places.get('p7.raw.zst') ?? 0) + 500_000;
    host.data.onSession = (_, response) => {
      response.writeHead(200, { 'content-length': transmission.bytes.length });
      response.write(transmission.bytes.subarray(0, half));
    };
    const { end } = await host.perform(deployOf(target.address, image), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step-started' && event.stepId === 'write-p7') {
          stop.abort(new RunStopped('aborted', 'alice cancelled it'));
        }
      },
    });
    assert.deepEqual([end.outcome, end.diskOutcome], ['aborted', 'cleared']);
    await assertCleared(target);
    await assertGivenBack(target);
    assert.ok(added.mock.calls.length > 0);
    assert.deepEqual(
      added.mock.calls.map((call) => call.arguments[0]),
      added.mock.calls.map(() => target.address),
    );
    await host.lingeringWriters.waitUntilExited(target.address);
  });

  test('leaves its disk to the next one when its writers are gone, and no sooner', async (t) => {
    const { host, target, image, transmission } = await makeDeployCase(t);
    host.data.onSession = (_, response) => response.end(transmission.bytes);
    const gone = Promise.withResolvers<undefined>();
    host.lingeringWriters.add(target.address, gone.promise);
    let isWaiting = false;
    const tooEarly: string[] = [];
    const { end } = await host.perform(deployOf(target.address, image), {
      run: (tool, ...rest) => {
        if (isWaiting) tooEarly.push(tool);
        return run(tool, ...rest);
      },
      onEvent: (event) => {
        if (event.type !== 'step-started' || event.stepId !== 'check-target') return;
        isWaiting = true;
        setTimeout(() => {
          isWaiting = false;
          gone.resolve(undefined);
        }, 500);
      },
    });
    assert.equal(end.outcome, 'completed', JSON.stringify(end.error));
    assert.deepEqual(tooEarly, []);
  });

  for (const step of ['clear-disk', 'sync-disk', 'write-table', 'verify-table']) {
    test(`at the step ${step} leaves a disk without a table, or as it was`, async (t) => {
      const { host, target, image } = await makeDeployCase(t);
      const before = await hashOf(target.file);
      const stop = new AbortController();
      const { end } = await host.perform(deployOf(target.address, image), {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type === 'step-started' && event.stepId === step) {
            setImmediate(() => stop.abort(new RunStopped('aborted', 'alice cancelled it')));
          }
        },
      });
      assert.equal(end.outcome, 'aborted');
      if (end.diskOutcome === 'untouched') {
        await run('blockdev', ['--flushbufs', target.address]);
        assert.equal(await hashOf(target.file), before);
      } else {
        assert.equal(end.diskOutcome, 'cleared');
        await assertCleared(target);
      }
      await assertGivenBack(target);
    });
  }
});

describe('A capture', { concurrency: 4 }, () => {
  test('of a mounted disk is refused, naming the mountpoint', async (t) => {
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

  test('of a hibernated Windows is refused before anything is read', async (t) => {
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

  test('of several file systems that were not left clean is refused naming each of them', async (t) => {
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

  test('of a Minix 3 is sector by sector, says so, and comes back exactly', async (t) => {
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

  test('whose connection breaks sends the stream again from its start, and warns', async (t) => {
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

  test('that is cancelled in the middle ends, and gives the disk back writable', async (t) => {
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

  test('of a disk without a table is refused while it is planned', async (t) => {
    const disk = await makeScratchDisk(t, { sizeBytes: 4 * MIB, script: '' });
    const host = await makeHost(t, [disk.address]);
    await assert.rejects(host.perform(captureOf(disk.address)), { code: 'partition-table-bad' });
  });

  test('tells a kernel that knows no partitions of them, and takes them away afterwards', async (t) => {
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
