/** The capture wizard by keys alone, and what it refuses. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import { Settings } from '../../lib/model/settings.ts';
import { waitUntil } from './driver.ts';
import { called, inRoom } from './in-room.ts';
import { HALF_WRITTEN_BY, watchedRoom, withDisks } from './watched-room.ts';
import { captureTask } from '../support/task-requests.ts';

describe('capturing', () => {
  test('capturing shows the partitions, which only the details have, and starts with what was proposed', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver, server) => {
        driver.press('c');
        await driver.waitFor('step 1 of 3');
        driver.press('enter');
        await driver.waitFor(/NO +FILE SYSTEM/);
        await driver.waitFor('serial S3Z8NB01, GPT');
        driver.press('enter');
        await driver.waitFor('step 3 of 3');
        await driver.waitFor('A new version of win11, which has 3 so far');
        await driver.waitFor('Windows: shut it down fully first');
        driver.press('enter');
        await driver.waitFor('Started: deploy win11 to room-1');
        assert.deepEqual(
          called(server, 'task.create'),
          captureTask({
            host: 'host-0000000001',
            disk: { type: 'address', value: '/dev/sda' },
            imageName: 'win11',
            compression: 'zstd',
            afterwards: 'reboot',
            wake: false,
            waitMs: 86_400_000,
          }),
        );
        driver.press('escape');
        await driver.waitFor('Data rate');
      },
      { handlers, share: null },
    );
  });

  test('capturing proposes a free name where the image of the host is protected', async () => {
    const { handlers, room } = watchedRoom();
    const [first, second, ...others] = room.images;
    assert.ok(first?.name === 'win11' && second !== undefined);
    const images = [{ ...first, isProtected: true }, { ...second, name: 'WIN11-2' }, ...others];
    await inRoom(
      async (driver) => {
        driver.press('c');
        await driver.waitFor('step 1 of 3');
        driver.press('enter');
        await driver.waitFor('GPT');
        driver.press('enter');
        await driver.waitFor('A new image: win11-3');
      },
      { handlers: { ...handlers, 'image.list': () => Promise.resolve(images) }, share: null },
    );
  });

  test('capturing from a host that is off wakes it, with other choices as well', async () => {
    const { handlers } = watchedRoom((host) =>
      host.name === 'pc-27' ? { ...host, groupName: 'only one' } : host,
    );
    await inRoom(
      async (driver, server) => {
        driver.press('h', '/', 'only one', 'enter');
        await driver.waitFor('1 of 30 hosts');
        driver.press('c');
        await driver.waitFor('Capture from pc-27, step 2 of 3');
        await driver.waitFor('GPT');
        driver.press('enter');
        await driver.waitFor('pc-27 is off: it is captured once its engine is there');
        driver.press('\u0015', 'new one', 'down', 'right', 'down', 'right');
        await driver.waitFor('A new image: new one');
        await driver.waitFor('gzip: readable everywhere');
        driver.press('enter');
        await driver.waitFor('Started:');
        assert.deepEqual(
          called(server, 'task.create'),
          captureTask({
            host: 'host-0000000027',
            disk: { type: 'address', value: '/dev/sda' },
            imageName: 'new one',
            compression: 'gzip',
            afterwards: 'power-off',
            wake: true,
            waitMs: 86_400_000,
          }),
        );
      },
      { handlers, share: null },
    );
  });

  test('capturing begins with what the settings of the server say', async () => {
    const { handlers } = watchedRoom();
    const settings = Settings.parse({
      automaticRegistration: false,
      captureCompression: 'lzo',
      afterwards: 'power-off',
    });
    await inRoom(
      async (driver, server) => {
        await waitUntil(
          'the settings are read',
          () => driver.app.state.model.settings?.captureCompression === 'lzo',
        );
        driver.press('c', 'enter');
        await driver.waitFor('serial S3Z8NB01, GPT');
        driver.press('enter');
        await driver.waitFor('lzo: for very slow processors');
        driver.press('enter');
        await driver.waitFor('Started:');
        assert.deepEqual(
          called(server, 'task.create'),
          captureTask({
            host: 'host-0000000001',
            disk: { type: 'address', value: '/dev/sda' },
            imageName: 'win11',
            compression: 'lzo',
            afterwards: 'power-off',
            wake: false,
            waitMs: 86_400_000,
          }),
        );
      },
      { handlers: { ...handlers, 'settings.get': () => Promise.resolve(settings) }, share: null },
    );
  });

  test('capturing says at each step what cannot be captured', async () => {
    const { handlers } = watchedRoom((host) => {
      const { systemInfo } = host;
      if (host.name === 'pc-01') return { ...host, systemInfo: null };
      if (host.name !== 'pc-02' || systemInfo === null) return host;
      const disks = systemInfo.disks.map((disk) => ({ ...disk, partitions: [] }));
      return { ...host, systemInfo: { ...systemInfo, disks } };
    });
    await inRoom(
      async (driver) => {
        driver.press('c');
        await driver.waitFor('step 1 of 3');
        driver.press('enter');
        await driver.waitFor('next: its engine has never been here');
        driver.press('down', 'enter');
        await driver.waitFor('step 2 of 3');
        await driver.waitFor('no partitions');
        driver.press('enter');
        await driver.waitFor('next: there is no partition on it');
        driver.press('escape', 'end', 'enter');
        await driver.waitFor('next: it waits for approval');
      },
      { handlers, share: null },
    );
  });

  test('capturing names a bad name, a full server and a half-written disk', async () => {
    const disk = '/dev/sda';
    const { handlers, room } = watchedRoom((host) =>
      host.name === 'pc-01'
        ? { ...host, halfWritten: { disk, since: host.registeredAt, runId: HALF_WRITTEN_BY } }
        : host,
    );
    const { status } = room;
    const imageStore = { ...status.server.imageStore, freeBytes: 1_000_000_000 };
    const full = { ...status, server: { ...status.server, imageStore } };
    const answers = { ...handlers, 'status.watch': () => Promise.resolve(full) };
    await inRoom(
      async (driver, server) => {
        driver.press('c', 'enter');
        await driver.waitFor('GPT');
        driver.press('enter');
        await driver.waitFor(/Only 1\.00 GB are free on the server, the disk has 500 GB/);
        await driver.waitFor('half written: an image of it would be worth nothing');
        driver.press('\u0015', 'a/b', 'enter');
        await driver.waitFor(/no slash|slash|letters/);
        assert.equal(called(server, 'task.create'), undefined);
      },
      { handlers: answers, share: null },
    );
  });

  test('capturing: a refused start says why, and what was typed stays', async () => {
    const { handlers } = watchedRoom((host) => withDisks(host, {}));
    const refusing = {
      ...handlers,
      'task.create': () =>
        Promise.reject(
          new OperatorError({
            code: 'not-allowed',
            message: 'capturing to kept: the image is protected',
            hint: 'Take another name.',
          }),
        ),
    };
    await inRoom(
      async (driver) => {
        driver.press('c', 'enter');
        await driver.waitFor('GPT');
        driver.press('enter');
        await driver.waitFor('step 3 of 3');
        driver.press('\u0015', 'kept', 'enter');
        await driver.waitFor('Take another name.');
        driver.press('enter');
        await driver.waitFor('A new image: kept');
      },
      { handlers: refusing, share: null },
    );
  });
});
