/** Protecting images: by key, with a sign, and what it forbids. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { called, inRoom } from './in-room.ts';

describe('a protected image', () => {
  test('has a sign in the list and a line in its details, in UTF-8 and in ASCII', async () => {
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
          await driver.waitFor(`${sign} Protection: neither deleted nor captured anew`);
        },
        { unicode },
      );
    }
  });

  test('cannot be deleted, and says so', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i', 'down', 'x');
      await driver.waitFor('delete: the image is protected: take the protection away first');
      assert.equal(called(server, 'image.delete'), undefined);
    });
  });

  test('is made one by a key, and is one no more by the same', async () => {
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
