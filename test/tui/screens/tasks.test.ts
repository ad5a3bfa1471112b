/** Tasks against a small real server, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { waitUntil } from '../driver.ts';
import { called, inRoom } from '../in-room.ts';

describe('tasks', () => {
  test('tasks are listed newest first, running ones with their percentage', async () => {
    await inRoom(async (driver) => {
      driver.press('t');
      const text = (await driver.waitFor('1 under way, 3 listed')).join('\n');
      assert.match(text, /● running 38 % +deploy win11 to room-1 +0\/20/);
      assert.match(text, /✗ failed +capture pc-07 to win11 +1\/2 +12:34 min/);
    });
  });

  test('tasks: a failed host shows the error, its cause and what to do', async () => {
    await inRoom(async (driver) => {
      driver.press('t', 'enter', 'down', 'down', 'down');
      const text = (await driver.waitFor('Replace the disk.')).join('\n');
      assert.match(text, /What happened +writing to \/dev\/sda1/);
      assert.match(text, /Cause +No space left on device/);
      assert.match(text, /it was half written and then made unbootable/);
    });
  });

  test('tasks: cancelling asks first, and can be for one host alone', async () => {
    await inRoom(async (driver, server) => {
      driver.press('t', 'enter', 'x');
      await driver.waitFor('pc-01 alone; the others go on.');
      driver.press('y');
      await waitUntil('cancelled', () => called(server, 'task.cancel') !== undefined);
      assert.deepEqual(called(server, 'task.cancel'), {
        task: 'task-0000000001',
        host: 'host-0000000001',
      });
      driver.press('c');
      await driver.waitFor('18 hosts work, 1 waits');
    });
  });

  test('an ended task cannot be cancelled, and says so', async () => {
    await inRoom(async (driver, server) => {
      driver.press('t', 'down', 'c');
      await driver.waitFor('cancel: the task has ended');
      assert.equal(called(server, 'task.cancel'), undefined);
    });
  });

  test('tasks: the log opens at its end and goes back', async () => {
    await inRoom(async (driver) => {
      driver.press('t', 'enter', 'l');
      await driver.waitFor('line 59 of the log');
      driver.press('home');
      await driver.waitFor('The beginning is left out.');
    });
  });
});
