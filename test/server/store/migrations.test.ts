import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { halfWrittenDisks } from '../../../lib/model/host.ts';
import { Store } from '../../../server/store/store.ts';
import { withDirectory } from './file-systems.ts';

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
      ...{ automaticRegistration: true, idleMinutes: 30 },
      ...{ captureCompression: 'zstd', afterwards: 'reboot', deployWake: true, waitHours: 24 },
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
      ...{ ...run, id: 'run-0000000009', state: 'completed', error: null },
      ...{ diskOutcome: 'complete', endedAt: '2026-11-22T12:00:00.000Z' },
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

const Version2 = z.object({
  hosts: z.array(z.looseObject({})),
  images: z.array(z.unknown()),
  tasks: z.array(z.looseObject({})),
  settings: z.looseObject({}),
});

test('work that waited without end in a store of version 2 waits for a day from the upgrade on', async () => {
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
    assert.partialDeepStrictEqual(tasks, old.tasks);
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
