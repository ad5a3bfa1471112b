/** Images against a small real server, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { called, inRoom, type RoomHandlers } from '../in-room.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

describe('images', () => {
  test('images lists them with size, versions and source', async () => {
    await inRoom(async (driver) => {
      driver.press('i');
      const text = (await driver.waitFor('4 images')).join('\n');
      assert.match(text, /win11 +240 GB +3 {2}20\d\d-\d\d-\d\d \d\d:\d\d {2}pc-07/);
      assert.match(text, /empty-one +- +0 {2}-/);
    });
  });

  test('images: details draw the disk to scale and list partitions and versions', async () => {
    await inRoom(
      async (driver, server) => {
        driver.press('i', 'enter');
        const lines = await driver.waitFor('The disk, to scale');
        const text = lines.join('\n');
        const border = lines.find((line) => line.includes('┌1')) ?? '';
        const [, , , windows = '', , data = ''] = border.split('┬');
        assert.ok(Math.abs(windows.length / data.length - 250 / 200) < 0.1, border);
        assert.match(text, /3 +ntfs +Windows +250 GB +150 GB/);
        assert.match(text, /4 +ext4 +Daten für alle/);
        assert.match(text, /version-0000000010/);
        assert.deepEqual(called(server, 'image.show'), { image: 'image-0000000001' });
      },
      { columns: 120, rows: 40 },
    );
  });

  test('images: a new name is checked while it is typed, and sent', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i', 'e');
      await driver.waitFor('Rename image win11');
      driver.press('\u0015', 'Empty-One', 'enter');
      await driver.waitFor('another image has this name');
      driver.press('\u0015', 'Raum Ä', 'enter');
      await driver.waitFor('The image is called Raum Ä now.');
      const wanted = { image: 'image-0000000001', name: 'Raum Ä' };
      assert.deepEqual(called(server, 'image.rename'), wanted);
    });
  });

  test('deleting is not possible while a task needs the image, and says so', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i', 'x');
      await driver.waitFor('delete: an unfinished task uses the image: cancel it first');
      assert.equal(called(server, 'image.delete'), undefined);
    });
  });

  test('images: deleting names what will be lost; Enter alone does not do it, y does', async () => {
    await inRoom(
      async (driver, server) => {
        driver.press('i', 'x');
        await driver.waitFor('will be gone for good, with all 3 versions (288 GB)');
        driver.press('enter');
        driver.press('n');
        await driver.waitFor((lines) => !lines.join().includes('gone for good'));
        assert.equal(called(server, 'image.delete'), undefined);
        driver.press('x');
        await driver.waitFor('gone for good');
        driver.press('y');
        await driver.waitFor('The image win11 is deleted.');
        assert.deepEqual(called(server, 'image.delete'), { image: 'image-0000000001' });
      },
      { share: null },
    );
  });

  test('images: verifying says what it found', async () => {
    await inRoom(async (driver) => {
      driver.press('i', 'v');
      await driver.waitFor('The version is sound: 5 files, 42.0 MB read.');
    });
  });

  test('images: damage is shown file by file, with a hint', async () => {
    const damaged: RoomHandlers = {
      'image.verify': ({ image }) =>
        Promise.resolve([
          {
            imageId: image,
            versionId: 'version-0000000010',
            filesChecked: 5,
            bytesChecked: 42,
            problems: [{ file: 'p1.partclone.zst', problem: verbatim('the hash is another one') }],
          },
        ]),
    };
    await inRoom(
      async (driver) => {
        driver.press('i', 'v');
        const text = (await driver.waitFor('1 file is damaged.')).join('\n');
        assert.match(text, /p1\.partclone\.zst: the hash is another one/);
        assert.match(text, /Capture the image again/);
      },
      { handlers: damaged },
    );
  });
});
