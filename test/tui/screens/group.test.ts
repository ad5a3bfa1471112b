/** Hosts of a group as tiles, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { called } from '../in-room.ts';
import { sampleRoom } from '../sample-room.ts';
import { inHosts } from '../in-hosts.ts';

describe('tiles of a group', () => {
  test('tiles: thirty hosts with sign, word and percentage fit 80x24, in the order of their names', async () => {
    const change = { groupId: null, groupName: null };
    await inHosts(
      async (driver) => {
        driver.press('v');
        const lines = await driver.waitFor('Tiles: no group');
        const text = lines.join('\n');
        const names = [...text.matchAll(/pc-\d+/g)].map(([name]) => name);
        const wanted = Array.from(
          { length: 30 },
          (_, index) => `pc-${String(index + 1).padStart(2, '0')}`,
        );
        assert.deepEqual(names, wanted);
        assert.match(text, /30 hosts +● 20 working .*○ 6 ready +· 2 off +\? 2 pending/);
        const runs = sampleRoom(0.4).tasks.flatMap((task) => task.runs);
        const running = runs.filter(({ state }) => state === 'running');
        assert.equal([...text.matchAll(/\d+ %/g)].length, running.length);
        assert.equal([...text.matchAll(/pending/g)].length, 3);
      },
      { share: 0.4, change: (host) => ({ ...host, ...change }) },
    );
  });

  test('cursor, marks and actions work as in the list; Tab shows the next group', async () => {
    await inHosts(async (driver, server) => {
      driver.press('v');
      await driver.waitFor('Tiles: room-1 (1/4)');
      driver.press('down', 'right', 'space', 'space');
      await driver.waitFor('20 hosts, 2 marked');
      driver.press('u');
      await driver.waitFor('Names by rule: 2 hosts');
      driver.press('enter');
      await driver.waitFor('2 hosts renamed.');
      assert.deepEqual(called(server, 'host.editMany'), {
        changes: [7, 8].map((number, index) => ({
          host: `host-00000000${String(number).padStart(2, '0')}`,
          name: `WS-0${index + 1}0`,
        })),
      });
      driver.press('tab');
      await driver.waitFor('Tiles: Übungsraum 2 (2/4)');
      driver.press('tab');
      await driver.waitFor('No hosts here.');
      driver.press('shift-tab');
      await driver.waitFor('Tiles: Übungsraum 2 (2/4)');
      const { column, row } = await driver.find('pc-22');
      driver.click(column, row);
      driver.press('enter');
      await driver.waitFor('Host: pc-22');
    });
  });
});
