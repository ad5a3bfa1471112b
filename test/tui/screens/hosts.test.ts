/** The list of hosts and what can be done there, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { called } from '../in-room.ts';
import { inHosts } from '../in-hosts.ts';

describe('host list', () => {
  test('host list: filters by text, by state and by group', async () => {
    await inHosts(async (driver) => {
      driver.press('/', 'übungs', 'enter');
      await driver.waitFor('7 of 30 hosts   /übungs');
      driver.press('/', 'escape');
      await driver.waitFor('30 of 30 hosts');
      driver.press('2');
      await driver.waitFor('26 of 30 hosts   only those that are on');
      driver.press('3', 'down', 'enter');
      await driver.waitFor('7 of 30 hosts   only Übungsraum 2');
      driver.press('/', 'nobody', 'enter');
      await driver.waitFor('No host is like that: 1 shows all.');
      driver.press('1');
      await driver.waitFor('30 of 30 hosts');
    });
  });

  test('host list marks one, several and all that are shown, and keeps marks that the filter hides', async () => {
    await inHosts(async (driver) => {
      driver.press('space', 'space');
      await driver.waitFor('30 of 30 hosts, 2 marked');
      await driver.waitFor(/\[x\] pc-02.* *\n\[ \] pc-03/);
      driver.press('2', 'a');
      await driver.waitFor('26 of 30 hosts, 26 marked');
      driver.press('a');
      await driver.waitFor((lines) => !lines.join().includes('marked'));
    });
  });

  test('host list sorts by state, group, address and last seen; hosts without one come last', async () => {
    await inHosts(async (driver) => {
      driver.press('s');
      await driver.waitFor('30 of 30 hosts   by state');
      await driver.waitFor(/pc-01 +○ ready/);
      driver.press('s', 'end');
      await driver.waitFor('30 of 30 hosts   by group');
      await driver.waitFor(/pc-27 +· off +- +Übungsraum 2.*\n.*pc-28 +· off +- +-.*\n.*pc-29/);
      driver.press('s', 'end');
      await driver.waitFor('30 of 30 hosts   by address');
      await driver.waitFor(/10\.77\.0\.26 *\n.*pc-27 .* - *\n/);
      driver.press('s', 's');
      await driver.waitFor(/30 of 30 hosts *\n/);
    });
  });

  test('host list: Esc takes the marks away, then the filter, and only then leaves', async () => {
    await inHosts(async (driver) => {
      await driver.waitFor('▼ 1-18/30');
      driver.press('space', '2');
      await driver.waitFor(/26 of 30 hosts, 1 marked.*on/);
      await driver.waitFor('Esc clear marks');
      driver.press('escape');
      await driver.waitFor(/26 of 30 hosts {3}/);
      await driver.waitFor('Esc clear filter');
      driver.press('escape');
      await driver.waitFor('30 of 30 hosts');
      await driver.waitFor('Esc back');
      driver.press('escape');
      await driver.waitFor('Data rate');
    });
  });

  test('host list puts hosts into a group, an existing and a new one, and out of theirs', async () => {
    await inHosts(async (driver, server) => {
      driver.press('space', 'space', 'm');
      await driver.waitFor('they are there already');
      driver.press('down', 'enter');
      await driver.waitFor('2 hosts: group Übungsraum 2');
      const group = 'group-0000000002';
      const changes = [
        { host: 'host-0000000001', group },
        { host: 'host-0000000002', group },
      ];
      assert.deepEqual(called(server, 'host.editMany'), { changes });
      driver.press('m', 'end', 'up', 'enter');
      await driver.waitFor('Name');
      driver.press('Labor 3', 'enter');
      await driver.waitFor('2 hosts: group Labor 3');
      const hosts = changes.map(({ host }) => host);
      assert.deepEqual(called(server, 'group.create'), { name: 'Labor 3', hosts });
      driver.press('m', 'end', 'enter');
      await driver.waitFor('2 hosts: group -');
      assert.deepEqual(server.calls.filter(({ name }) => name === 'host.editMany')[1]?.params, {
        changes: hosts.map((host) => ({ host, group: null })),
      });
    });
  });

  test('host list switches on what is off, and what is on off, after a question that names them', async () => {
    await inHosts(async (driver, server) => {
      driver.press('w');
      await driver.waitFor('wake: they are on');
      driver.press('a', 'w');
      await driver.waitFor('Waking 0 hosts.');
      assert.deepEqual(called(server, 'host.wake'), {
        targets: [27, 28, 29, 30].map((number) => `host-00000000${number}`),
      });
      driver.press('a');
      await driver.waitFor((lines) => !lines.join().includes('marked'));
      driver.press('space', 'o');
      await driver.waitFor('shut down: 1 host');
      driver.press('n');
      await driver.waitFor((lines) => !lines.join().includes('shut down: 1'));
      assert.equal(called(server, 'task.create'), undefined);
      driver.press('b', 'y');
      await driver.waitFor('Task made:');
      assert.deepEqual(called(server, 'task.create'), {
        targets: ['host-0000000001'],
        disk: { type: 'only' },
        operations: [{ type: 'shutdown', mode: 'reboot' }],
      });
    });
  });

  test('host list: approves, deletes with what is lost, and enters a host by hand', async () => {
    await inHosts(async (driver, server) => {
      driver.press('p');
      await driver.waitFor('approve: none of them waits for approval');
      driver.press('end', 'p');
      await driver.waitFor('1 host approved.');
      assert.deepEqual(called(server, 'host.approve'), { hosts: ['host-0000000030'] });
      driver.press('x');
      await driver.waitFor('Name, group, address and what is known');
      driver.press('enter');
      driver.press('y');
      await driver.waitFor('pc-30 is deleted.');
      assert.deepEqual(called(server, 'host.delete'), { host: 'host-0000000030' });
      driver.press('n');
      await driver.waitFor('New host');
      driver.press('52:54:00:77:00:01', 'enter');
      await driver.waitFor('pc-01 has it');
      driver.press('up', '\u0015', '52-54-00-AA-00-01', 'enter', 'neu-1', 'enter', '10.77.0.99');
      driver.press('enter', 'right', 'enter');
      await driver.waitFor('neu-1 is entered.');
      assert.deepEqual(called(server, 'host.add'), {
        mac: '52:54:00:aa:00:01',
        name: 'neu-1',
        ipAddress: '10.77.0.99',
        group: 'group-0000000001',
      });
    });
  });

  test('host list work keeps a host from being deleted; several are not captured at once', async () => {
    await inHosts(
      async (driver, server) => {
        driver.press('x');
        await driver.waitFor('delete: pc-01: the host has unfinished work: cancel it first');
        driver.press('space', 'space', 'c');
        await driver.waitFor('capture: one host at a time');
        assert.equal(called(server, 'host.delete'), undefined);
      },
      { share: 0.4 },
    );
  });
});
