import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { halfWrittenDisks, type Host } from '../../../lib/model/host.ts';
import { MAX_PENDING_INFO_BYTES, MAX_SYSTEM_INFO_BYTES } from '../../../lib/model/limits.ts';
import { Store } from '../../../server/store/store.ts';
import { sampleHost } from './sample-data.ts';
import { withDirectory } from '../../support/directories.ts';

/** As version 0.1.0 wrote it: two hosts in a group, an image, a deploy that failed on one of them. */
const VERSION_1 = join(import.meta.dirname, '../../fixtures/store/version-1.json');

const Version1 = z.object({
  hosts: z.array(z.looseObject({ name: z.string() })),
  groups: z.array(z.unknown()),
  images: z.array(z.looseObject({})),
  tasks: z.array(z.looseObject({ runs: z.array(z.looseObject({ steps: z.array(z.unknown()) })) })),
});

test('a store of version 1 is read with everything in it, and is one of today after a change', async () => {
  await withDirectory(async (directory) => {
    await copyFile(VERSION_1, join(directory, 'store.json'));
    const old = Version1.parse(JSON.parse(await readFile(VERSION_1, 'utf8')));
    const store = await Store.open(directory);
    const { hosts, groups, images, tasks, operators, settings } = store.read();
    const added = {
      approval: 'approved',
      debugShell: false,
      localBoot: 'site',
      alsoHalfWritten: [],
    };
    // The disk of the first one must not be booted: the deploy to it failed.
    const [failed] = tasks[0]?.runs ?? [];
    const halfWritten = { runId: failed?.id, disk: failed?.disk, since: failed?.endedAt };
    assert.deepEqual(
      hosts,
      old.hosts.map((host, index) => ({
        ...host,
        ...added,
        halfWritten: index === 0 ? halfWritten : null,
      })),
    );
    assert.deepEqual(groups, old.groups);
    assert.deepEqual(
      images,
      old.images.map((image) => ({ ...image, isProtected: false })),
    );
    assert.deepEqual(operators, []);
    // Version 1 took everybody in: it goes on doing so until an operator says otherwise.
    assert.deepEqual(settings, {
      automaticRegistration: true,
      idleMinutes: 30,
      captureCompression: 'zstd',
      afterwards: 'reboot',
      deployWake: true,
      waitHours: 24,
      hostLanguage: 'en',
    });
    const [task] = tasks;
    assert.equal(task?.wake, false);
    assert.deepEqual(
      task.runs.map(({ state, diskOutcome }) => [state, diskOutcome]),
      [
        ['failed', 'cleared'],
        ['waiting', null],
      ],
    );
    assert.deepEqual(
      task.runs[0]?.steps.map(({ id, state }) => [id, state]),
      [
        ['check-disk', 'completed'],
        ['write-p1', 'failed'],
      ],
    );

    await store.change((data) => {
      data.settings.automaticRegistration = false;
    });
    const before = store.read();
    await store.close();
    const again = await Store.open(directory);
    assert.deepEqual(again.read(), before);
    await again.close();
  });
});

test('a disk of version 1 that was written completely later is no half-written one', async () => {
  await withDirectory(async (directory) => {
    const text = await readFile(VERSION_1, 'utf8');
    // Who writes it by hand leaves the sum out.
    const old = { ...z.looseObject({}).parse(JSON.parse(text)), sha256: undefined };
    const { tasks } = Version1.parse(old);
    const [task] = tasks;
    const [run] = task?.runs ?? [];
    const later = {
      ...run,
      id: 'run-0000000009',
      state: 'completed',
      error: null,
      diskOutcome: 'complete',
      endedAt: '2026-11-22T12:00:00.000Z',
    };
    const again = { ...task, id: 'task-0000000009', runs: [later] };
    const content = JSON.stringify({ ...old, tasks: [again, ...tasks] });
    await writeFile(join(directory, 'store.json'), content);
    const store = await Store.open(directory);
    assert.deepEqual(
      store.read().hosts.map(({ halfWritten }) => halfWritten),
      [null, null],
    );
    await store.close();
  });
});

/** As version 0.2.0 wrote it: half-written disks, work that waits, and what was cancelled. */
const VERSION_2 = join(import.meta.dirname, '../../fixtures/store/version-2.json');

const Step2 = z.looseObject({ title: z.string(), note: z.string().nullable() });

const Version2 = z.object({
  hosts: z.array(z.looseObject({})),
  images: z.array(z.unknown()),
  tasks: z.array(
    z.looseObject({
      title: z.string(),
      runs: z.array(z.looseObject({ steps: z.array(Step2) })),
    }),
  ),
  settings: z.looseObject({}),
});

test('work that waited without end in a store of version 2 waits for a day from the upgrade on', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-12-24T00:00:00.000Z') });
  await withDirectory(async (directory) => {
    await copyFile(VERSION_2, join(directory, 'store.json'));
    const old = Version2.parse(JSON.parse(await readFile(VERSION_2, 'utf8')));
    const before = Date.now();
    const store = await Store.open(directory);
    const { hosts, images, tasks, settings } = store.read();
    for (const { waits } of tasks) {
      const since = Date.parse(waits.since);
      assert.ok(since >= before && since <= Date.now());
      assert.equal(Date.parse(waits.until) - since, 24 * 3_600_000);
    }
    assert.partialDeepStrictEqual(tasks, old.tasks.map(asOfVersion4));
    // Marks are sentences there: they open, and stay until an image is on that disk.
    assert.partialDeepStrictEqual(hosts, old.hosts);
    assert.deepEqual(
      hosts.map((host) => halfWrittenDisks(host).length),
      [1, 0, 1, 1],
    );
    assert.deepEqual(images, old.images);
    assert.partialDeepStrictEqual(settings, old.settings);
    assert.equal(settings.waitHours, 24);
    await store.close();
    // Once: not from each start on.
    const again = await Store.open(directory);
    assert.deepEqual(again.read().tasks, tasks);
    await again.close();
  });
});

/** A task of version 2 as it is kept since version 4: the old words as messages, and starts of workers. */
function asOfVersion4({ title, runs, ...task }: z.infer<typeof Version2>['tasks'][number]): object {
  return {
    ...task,
    title: { id: 'verbatim', params: { text: title } },
    runs: runs.map(({ steps, engineInstanceId: workerInstanceId = null, ...run }) => ({
      ...run,
      workerInstanceId,
      steps: steps.map(({ title: name, note, ...step }) => ({
        ...step,
        title: { id: 'verbatim', params: { text: name } },
        notes: note === null ? [] : [{ id: 'verbatim', params: { text: note } }],
      })),
    })),
  };
}

/** Opens version 2's store, in which `edit` has changed what it names. Who writes it by hand leaves the sum out. */
async function withVersion2(
  edit: (old: z.infer<typeof Version2>) => object,
  look: (store: Store) => void,
): Promise<void> {
  await withDirectory(async (directory) => {
    const text = await readFile(VERSION_2, 'utf8');
    const old = { ...z.looseObject({}).parse(JSON.parse(text)), sha256: undefined };
    const content = { ...old, ...edit(Version2.parse(old)) };
    await writeFile(join(directory, 'store.json'), JSON.stringify(content));
    const store = await Store.open(directory);
    look(store);
    await store.close();
    // What was written then is a store of today.
    const again = await Store.open(directory);
    assert.equal(JSON.stringify(again.read()), JSON.stringify(store.read()));
    await again.close();
  });
}

describe('a host of version 2 that said more of itself than is stored now', () => {
  type Info = NonNullable<Host['systemInfo']>;
  const sample = sampleHost(5).systemInfo ?? assert.fail();
  const [processor] = sample.processors;
  const [adapter] = sample.interfaces;
  const [disk] = sample.disks;
  const [partition] = disk?.partitions ?? [];
  assert.ok(processor && adapter && disk && partition);
  const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
  const system = { partition: '/dev/sda1', name: 'Debian' };
  const cases: Record<string, Partial<Info>> = {
    processors: { processors: many(300, processor) },
    interfaces: { interfaces: many(2000, adapter) },
    addresses: { interfaces: [{ ...adapter, addresses: many(300, '10.77.0.101/24') }] },
    disks: { disks: many(300, disk) },
    partitions: { disks: [{ ...disk, partitions: many(1100, partition) }] },
    mountpoints: {
      disks: [{ ...disk, partitions: [{ ...partition, mountpoints: many(300, '/mnt') }] }],
    },
    'operating systems': { operatingSystems: many(300, system) },
    megahertz: { processors: [{ ...processor, mhz: 2e9 }, processor] },
    speed: { interfaces: [adapter, { ...adapter, mbitPerSecond: 2e9 }] },
    bytes: { disks: many(60, disk) },
  };
  for (const [what, more] of Object.entries(cases)) {
    for (const approval of ['approved', 'pending'] as const) {
      test(`a host of version 2 that said more of itself than is stored now: ${what}, ${approval}, is there as far as there is room`, async () => {
        const host = { ...sampleHost(5), approval, systemInfo: { ...sample, ...more } };
        await withVersion2(
          ({ hosts }) => ({ hosts: [...hosts, host] }),
          (store) => {
            const kept = store.read().hosts.at(-1);
            assert.equal(store.read().hosts.length, 5);
            assert.equal(kept?.id, host.id);
            const info = kept.systemInfo ?? assert.fail('nothing is left of it');
            const most = approval === 'pending' ? MAX_PENDING_INFO_BYTES : MAX_SYSTEM_INFO_BYTES;
            assert.ok(Buffer.byteLength(JSON.stringify(info)) <= most);
            assert.deepEqual(
              [info.hostname, info.systemSerial, info.memoryBytes],
              [sample.hostname, sample.systemSerial, sample.memoryBytes],
            );
            assert.deepEqual(info.disks[0]?.serial, disk.serial);
            assert.ok(info.processors.length > 0 && info.interfaces.length > 0);
          },
        );
      });
    }
  }

  test('a host of version 2 that said more of itself than is stored now in a way that makes no sense is there without it', async () => {
    const host = { ...sampleHost(5), systemInfo: { hostname: 'pc-5' } };
    await withVersion2(
      ({ hosts }) => ({ hosts: [...hosts, host] }),
      (store) => assert.deepEqual(store.read().hosts.at(-1), { ...host, systemInfo: null }),
    );
  });

  test('a host of version 2 that said more of itself than is stored now and fits nowhere goes when nobody has taken it in', async () => {
    const host = { ...sampleHost(5), approval: 'pending', name: 'no host name' };
    await withVersion2(
      ({ hosts }) => ({ hosts: [...hosts, host] }),
      (store) => assert.equal(store.read().hosts.length, 4),
    );
  });

  test('a host of version 2 that said more of itself than is stored now and one that fits is as it was', async () => {
    const host = sampleHost(5);
    await withVersion2(
      ({ hosts }) => ({ hosts: [...hosts, host] }),
      (store) => assert.deepEqual(store.read().hosts.at(-1), host),
    );
  });
});

test('a clock behind what version 2 has stored does not let its work end when it is set', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2020-01-01T00:00:00.000Z') });
  const lastSeenAt = '2027-03-01T12:00:00.000Z';
  await withVersion2(
    ({ hosts: [first, ...others] }) => ({ hosts: [{ ...first, lastSeenAt }, ...others] }),
    (store) => {
      const waits = { since: lastSeenAt, until: '2027-03-02T12:00:00.000Z' };
      assert.ok(store.read().tasks.length > 0);
      for (const task of store.read().tasks) assert.deepEqual(task.waits, waits);
    },
  );
});

test('steps and versions beyond what version 2 could count do not keep its store from opening', async () => {
  const version = (index: number): object => ({
    id: `version-${String(index + 5000).padStart(10, '0')}`,
    capturedAt: '2026-11-21T07:00:00.000Z',
    hostId: 'host-0000000001',
    hostName: 'pc-1',
    manifestSha256: 'a'.repeat(64),
    diskSizeBytes: 1,
    sectorSizeBytes: 512,
    requiredBytes: 1,
    storedBytes: 1,
    rawBytes: 1,
    compression: 'zstd',
    tableType: 'gpt',
    partitionCount: 1,
  });
  const step = {
    id: 'write-p1',
    title: 'x',
    totalBytes: null,
    writes: true,
    state: 'completed',
    startedAt: null,
    endedAt: null,
    doneBytes: 0,
    note: null,
    error: null,
  };
  const last = { ...step, id: 'the-last-one' };
  const image = {
    id: 'image-0000000009',
    name: 'many',
    createdAt: '2026-11-21T07:00:00.000Z',
    isProtected: false,
    versions: Array.from({ length: 1005 }, (_, index) => version(index)),
  };
  await withVersion2(
    ({ images, tasks: [first, ...others] }) => ({
      images: [...images, image],
      tasks: [
        {
          ...first,
          runs: first?.runs.map((run) => ({
            ...run,
            steps: [...Array.from({ length: 5100 }, () => step), last],
          })),
        },
        ...others,
      ],
    }),
    (store) => {
      const { images, tasks } = store.read();
      assert.equal(images.at(-1)?.versions.length, 1005);
      const steps = tasks[0]?.runs[0]?.steps;
      assert.deepEqual([steps?.length, steps?.at(-1)?.id], [5000, 'the-last-one']);
    },
  );
});
