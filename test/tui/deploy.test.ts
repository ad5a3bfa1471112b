/** The deploy wizard by keys alone, and what it refuses. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { Settings } from '../../lib/model/settings.ts';
import { waitUntil, walk } from './driver.ts';
import { called, inRoom } from './in-room.ts';
import { watchedRoom, withDisks } from './watched-room.ts';
import { deployTask } from '../support/task-requests.ts';

const GB = 1_000_000_000;

/** From the overview to the summary, with the first image and the first group. */
const TO_SUMMARY = [
  ['d', 'step 1 of 5'],
  ['enter', 'step 2 of 5'],
  ['enter', 'step 3 of 5'],
  ['enter', 'step 4 of 5'],
  ['enter', 'step 5 of 5'],
] as const;

const ROOM_1 = Array.from(
  { length: 20 },
  (_, index) => `host-${String(index + 1).padStart(10, '0')}`,
);

describe('deploying', () => {
  test('deploying takes at most 12 keys from the overview to a transmission to a group', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver, server) => {
        const keys = await walk(driver, [...TO_SUMMARY, ['y', 'Transmission: deploy win11']]);
        assert.ok(keys <= 12, `${keys} keys`);
        assert.deepEqual(
          called(server, 'task.create'),
          deployTask({
            image: 'image-0000000001',
            targets: ROOM_1,
            disk: { type: 'only' },
            transport: 'auto',
            gatherMs: 120_000,
            afterwards: 'reboot',
            wake: false,
            waitMs: 86_400_000,
          }),
        );
        // Nothing of the wizard is left below.
        driver.press('escape');
        await driver.waitFor('Data rate');
      },
      { handlers, share: null },
    );
  });

  test('deploying: the summary names every disk with what is on it, and Enter does not start', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver, server) => {
        await walk(driver, TO_SUMMARY);
        const text = (await driver.lines()).join('\n');
        assert.match(text, /Everything on these 20 disks will be lost\. y starts/);
        assert.match(text, /pc-01 +○ ready +\/dev\/sda +500 GB {2}Windows 11/);
        assert.match(text, /Image +win11, captured 2026-11-21 .* from pc-07/);
        assert.match(text, /Every clone keeps the name, domain and SID of pc-07/);
        assert.doesNotMatch(text, /Its capture warned/);
        driver.press('enter', 'space', 'down');
        await driver.waitFor('2-');
        assert.equal(called(server, 'task.create'), undefined);
      },
      { handlers, share: null, rows: 20 },
    );
  });

  test('deploying goes to several marked hosts; those that are off are offered for waking', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver, server) => {
        await walk(driver, [
          ['d', 'step 1 of 5'],
          ['enter', 'step 2 of 5'],
          ['/', '/'],
        ]);
        driver.press('pc-2', 'enter');
        await driver.waitFor((lines) => !lines.join().includes('pc-01'));
        // pc-20 and pc-27, which is off.
        driver.press('space', ...Array.from({ length: 6 }, () => 'down'), 'space');
        await driver.waitFor('2 hosts marked, 1 of them off');
        await walk(driver, [
          ['enter', 'step 3 of 5'],
          ['enter', '1 host that is off will be switched on'],
          ['down', /> Wake the one that is off +\[x\]/],
          ['space', 'the work waits until somebody switches it on'],
          ['down', /> Afterwards/],
          ['right', 'Afterwards the hosts switch off'],
          ['down', /> Wait for missing/],
          ['right', /after the first one|with the first host that is ready/],
          ['down', /> Wait until/],
        ]);
        driver.press('\u0015', 'soon');
        await driver.waitFor('soon');
        driver.press('enter');
        await driver.waitFor('like 90m, 24h, 3d, 18:00');
        driver.press('\u0015', '3d');
        await driver.waitFor(/gets it if it comes until \d{4}-/);
        await walk(driver, [
          ['enter', '2, 1 of them off: the work waits for it'],
          ['escape', 'step 4 of 5'],
          ['enter', /Waits +until \d{4}-\d\d-\d\d \d\d:\d\d: who comes later does not get it/],
          ['y', 'Transmission:'],
        ]);
        const params = called(server, 'task.create');
        assert.partialDeepStrictEqual(params, {
          targets: ['host-0000000020', 'host-0000000027'],
          wake: false,
          operations: [
            { type: 'deploy', gatherMs: 0 },
            { type: 'shutdown', mode: 'power-off' },
          ],
          waitMs: 3 * 86_400_000,
        });
      },
      { handlers, share: null },
    );
  });

  test('deploying begins with what the settings of the server say', async () => {
    const { handlers } = watchedRoom((host) => ({ ...host, state: 'off' }));
    const settings = Settings.parse({
      automaticRegistration: false,
      afterwards: 'reboot',
      deployWake: false,
    });
    await inRoom(
      async (driver, server) => {
        await waitUntil(
          'the settings are read',
          () => driver.app.state.model.settings?.deployWake === false,
        );
        await walk(driver, TO_SUMMARY.slice(0, 4));
        await driver.waitFor('the work waits until somebody switches them on');
        await driver.waitFor('Afterwards the hosts start from the new system');
        await walk(driver, [
          ['enter', 'step 5 of 5'],
          ['y', 'Transmission:'],
        ]);
        assert.partialDeepStrictEqual(called(server, 'task.create'), {
          wake: false,
          operations: [{ type: 'deploy' }, { type: 'shutdown', mode: 'reboot' }],
        });
      },
      { handlers: { ...handlers, 'settings.get': () => Promise.resolve(settings) }, share: null },
    );
  });

  test('deploying: multicast and unicast are explained by the count', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver) => {
        await walk(driver, [
          ...TO_SUMMARY.slice(0, 4),
          ['right', /Multicast: 96\.0 GB go over the network once, and all 20 hosts/],
          ['right', /each of the 20 hosts fetches 96\.0 GB for itself, 1\.92 TB/],
        ]);
      },
      { handlers, share: null },
    );
  });

  test('deploying: hosts that have other work get this one after it, and the wizard says so', async () => {
    const { handlers } = watchedRoom(undefined, 0.4);
    await inRoom(
      async (driver) => {
        await walk(driver, TO_SUMMARY.slice(0, 4));
        await driver.waitFor('19 hosts have other work now: this comes after it.');
      },
      { handlers, share: 0.4 },
    );
  });

  test('deploying: a disk that is too small or not in every host is disabled, and says whose', async () => {
    const { handlers } = watchedRoom((host) => {
      if (host.name === 'pc-03') return withDisks(host, { sizeBytes: 128 * GB });
      return host.name === 'pc-05' ? withDisks(host, {}, { address: '/dev/sdb' }) : host;
    });
    await inRoom(
      async (driver, server) => {
        await walk(driver, TO_SUMMARY.slice(0, 3));
        const text = (await driver.lines()).join('\n');
        assert.match(text, /the only fixed disk +19\/20 +128 GB {2}several disks in pc-05/);
        assert.match(text, /\/dev\/sda +20\/20 +128 GB {2}too small: 128 GB in pc-03/);
        assert.match(text, /\/dev\/sdb +1\/20 +500 GB {2}not in pc-01, pc-02, pc-03, \+16/);
        driver.press('down', 'enter');
        await driver.waitFor('next: too small: 128 GB in pc-03, 240 GB needed');
        assert.equal(called(server, 'task.create'), undefined);
      },
      { handlers, share: null, columns: 120 },
    );
  });

  test('deploying: hosts whose disk does not fit are left out by a key, and the others get the image', async () => {
    const { handlers } = watchedRoom((host) =>
      host.name === 'pc-03' || host.name === 'pc-07'
        ? withDisks(host, { sizeBytes: 128 * GB })
        : host,
    );
    await inRoom(
      async (driver, server) => {
        await walk(driver, [
          ...TO_SUMMARY.slice(0, 3),
          ['o', 'Left out: pc-03, pc-07'],
          ['enter', 'step 4 of 5'],
          ['enter', 'step 5 of 5'],
          ['y', 'Transmission: deploy win11'],
        ]);
        const { targets } = z
          .object({ targets: z.array(z.string()) })
          .parse(called(server, 'task.create'));
        assert.deepEqual(
          targets,
          ROOM_1.filter((id) => id !== ROOM_1[2] && id !== ROOM_1[6]),
        );
      },
      { handlers, share: null },
    );
  });

  test('deploying: no key leaves the last host out', async () => {
    const { handlers } = watchedRoom((host) => withDisks(host, { sizeBytes: 128 * GB }));
    await inRoom(
      async (driver) => {
        await walk(driver, TO_SUMMARY.slice(0, 3));
        driver.press('o');
        await driver.waitFor('leave out 20 hosts: no host would be left');
      },
      { handlers, share: null, columns: 120 },
    );
  });

  test('deploying: an empty group, a host that waits for approval and an image without a version say why not', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver) => {
        await walk(driver, [['d', 'step 1 of 5']]);
        driver.press('down', 'down', 'down', 'enter');
        await driver.waitFor('next: the image has no complete version');
        driver.press('home', 'enter');
        await driver.waitFor('step 2 of 5');
        await driver.waitFor('Enter next with 20 hosts');
        driver.press('down', 'down', 'enter');
        await driver.waitFor('next: the group has no hosts');
        driver.press('end', 'space');
        await driver.waitFor('mark: pc-30: it waits for approval');
      },
      { handlers, share: null },
    );
  });

  test('deploying: a refused start says why, and the wizard is still there', async () => {
    const { handlers } = watchedRoom();
    const refused = {
      ...handlers,
      'task.create': () =>
        Promise.reject(
          new OperatorError({
            code: 'not-allowed',
            message: 'deploying to pc-04: it has unfinished work',
            hint: 'Wait until it is done, or cancel it.',
          }),
        ),
    };
    await inRoom(
      async (driver) => {
        await walk(driver, [...TO_SUMMARY, ['y', 'it has unfinished work']]);
        await driver.waitFor('Wait until it is done');
        driver.press('enter');
        await driver.waitFor((lines) => !lines.join().includes('unfinished work'));
        await driver.waitFor('step 5 of 5');
      },
      { handlers: refused, share: null },
    );
  });

  test('deploying without the server nothing starts, and what was chosen stays', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver, server) => {
        await walk(driver, TO_SUMMARY);
        await server.close();
        await driver.waitFor('No connection');
        driver.press('y');
        await driver.waitFor('there is no connection to the server');
        driver.press('enter');
        await driver.waitFor('Everything on these 20 disks');
      },
      { handlers, share: null },
    );
  });

  test('deploying begins with the image, the group, the room or the marked hosts', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver) => {
        await walk(driver, [
          ['i', 'Images'],
          ['d', 'Deploy win11, step 2 of 5'],
          ['escape', 'Images'],
          ['escape', 'Data rate'],
          ['g', 'Groups'],
          ['d', 'the disks of 20 hosts'],
          ['escape', 'Groups'],
          ['escape', 'Data rate'],
          ['r', 'Tiles: room-1'],
          ['a', '20 marked'],
          ['d', 'the disks of 20 hosts'],
          ['escape', 'Tiles: room-1'],
          ['escape', '20 hosts   '],
          ['escape', 'Data rate'],
          ['h', '30 of 30 hosts'],
          ['space', '1 marked'],
          ['space', '2 marked'],
          ['d', 'the disks of 2 hosts'],
          ['enter', 'Deploy win11 to 2 hosts, step 3 of 5'],
        ]);
      },
      { handlers, share: null },
    );
  });
});
