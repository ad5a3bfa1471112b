/** Groups against a small real server, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { called, inRoom, type RoomHandlers } from '../in-room.ts';

describe('groups', () => {
  test('groups are listed with the states of their hosts', async () => {
    await inRoom(async (driver) => {
      driver.press('g');
      const text = (await driver.waitFor('3 groups, 3 hosts without one')).join('\n');
      assert.match(text, /room-1 +20 +- +20 +-/);
      assert.match(text, /Übungsraum 2 +7 +6 +- +1/);
    });
  });

  test('groups: a new one is made by name', async () => {
    await inRoom(async (driver, server) => {
      driver.press('g', 'n');
      await driver.waitFor('New group');
      driver.press('enter');
      await driver.waitFor('a name cannot be empty');
      driver.press('Labor', 'enter');
      await driver.waitFor('The group Labor is made.');
      assert.deepEqual(called(server, 'group.create'), { name: 'Labor', hosts: [] });
    });
  });

  test('groups: members are marked, and saved together', async () => {
    await inRoom(async (driver, server) => {
      driver.press('g', 'down', 'enter');
      await driver.waitFor('Hosts of group Übungsraum 2');
      await driver.waitFor('7 in the group');
      driver.press('space');
      await driver.waitFor('6 in the group; not saved yet: 0 to come, 1 to go');
      driver.press('down', 'down', 'down', 'down', 'down', 'down', 'space');
      await driver.waitFor('7 in the group; not saved yet: 1 to come, 1 to go');
      driver.press('s');
      await driver.waitFor('The group Übungsraum 2 is saved.');
      assert.deepEqual(called(server, 'group.edit'), {
        group: 'group-0000000002',
        add: ['host-0000000028'],
        remove: ['host-0000000021'],
      });
    });
  });

  test('groups: leaving with unsaved members is asked about', async () => {
    await inRoom(async (driver, server) => {
      driver.press('g', 'enter');
      await driver.waitFor('20 in the group');
      driver.press('space');
      await driver.waitFor('1 to go');
      driver.press('escape');
      await driver.waitFor('Leave without saving');
      driver.press('y');
      await driver.waitFor('3 groups');
      assert.equal(called(server, 'group.edit'), undefined);
    });
  });

  test('groups: what the server refuses is told with its hint', async () => {
    const refusing: RoomHandlers = {
      'group.create': () =>
        Promise.reject(
          new OperatorError({
            code: 'name-taken',
            message: 'making the group "Labor": there is one already',
            hint: 'Choose another name.',
          }),
        ),
    };
    await inRoom(
      async (driver) => {
        driver.press('g', 'n', 'Labor', 'enter');
        const text = (await driver.waitFor('Failed: making the group Labor')).join('\n');
        assert.match(text, /there is one already/);
        assert.match(text, /Choose another name\./);
        driver.press('escape');
        await driver.waitFor((lines) => !lines.join().includes('Failed'));
      },
      { handlers: refusing },
    );
  });
});
