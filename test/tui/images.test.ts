/** Protecting images: by key, with a sign, and what it forbids. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { called, inRoom } from './in-room.ts';
import { sampleRoom } from './sample-room.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

test('what the capture of an image warned of stands with the image and before it is deployed', async () => {
  const { images } = sampleRoom();
  const warned = images.map((image) => ({
    ...image,
    versions: image.versions.map((version, at) =>
      at === 0
        ? { ...version, warnings: ['partition 3 was copied 1:1', 'another'].map(verbatim) }
        : version,
    ),
  }));
  const handlers = { 'image.list': () => Promise.resolve(warned) };
  await inRoom(
    async (driver) => {
      driver.press('i');
      await driver.waitFor('4 images');
      driver.press('enter');
      await driver.waitFor(
        /The capture of 2026-[^:]*:\d\d warned: *\n.*partition 3 was copied 1:1 *\n.*another/,
      );
      driver.press('escape', 'escape', 'd');
      await driver.waitFor('step 1 of 5');
      driver.press('enter');
      await driver.waitFor('step 2 of 5');
      driver.press('down', 'enter');
      await driver.waitFor('step 3 of 5');
      driver.press('enter');
      await driver.waitFor('step 4 of 5');
      driver.press('enter');
      await driver.waitFor(
        /Its capture warned of 2 things \(all: i, Enter\): partition 3 was copied/,
      );
    },
    { handlers, share: null, rows: 40 },
  );
});

describe('a protected image', () => {
  test('a protected image has a sign in the list and a line in its details, in UTF-8 and in ASCII', async () => {
    for (const [unicode, sign] of [
      [true, '♦'],
      [false, '#'],
    ] as const) {
      await inRoom(
        async (driver) => {
          driver.press('i');
          const text = (await driver.waitFor('4 images')).join('\n');
          assert.ok(text.includes(`${sign} 1 protected`), text);
          assert.match(text, new RegExp(`${sign} +debian-12 Lehrerzimmer`));
          driver.press('down', 'enter');
          await driver.waitFor(`${sign} Protection: neither deleted nor captured again`);
        },
        { unicode },
      );
    }
  });

  test('a protected image cannot be deleted, and says so', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i', 'down', 'x');
      await driver.waitFor('delete: the image is protected: take the protection away first');
      assert.equal(called(server, 'image.delete'), undefined);
    });
  });

  test('a protected image is made one by a key, and is one no more by the same', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i');
      await driver.waitFor('p protect');
      driver.press('p');
      await driver.waitFor('The image win11 is protected now.');
      assert.deepEqual(called(server, 'image.protect'), {
        image: 'image-0000000001',
        isProtected: true,
      });
      driver.press('down');
      await driver.waitFor('p unprotect');
      driver.press('p');
      await driver.waitFor('The image debian-12 Lehrerzimmer is not protected any more.');
      assert.deepEqual(server.calls.findLast(({ name }) => name === 'image.protect')?.params, {
        image: 'image-0000000002',
        isProtected: false,
      });
    });
  });
});
