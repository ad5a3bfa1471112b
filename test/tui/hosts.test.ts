/** Host list, details and room, and what can be done with hosts, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import { MacAddress } from '../../lib/model/names.ts';
import type { Driver } from './driver.ts';
import { called, inRoom, type InRoomOptions } from './in-room.ts';
import { sampleRoom } from './sample-room.ts';
import { HALF_WRITTEN_BY, watchedRoom } from './watched-room.ts';
import type { SmallServer } from '../cli/small-server.ts';

/** In the host list. */
async function inHosts(
  work: (driver: Driver, server: SmallServer) => Promise<void>,
  options: InRoomOptions & { readonly change?: Parameters<typeof watchedRoom>[0] } = {},
): Promise<void> {
  const { change, handlers = {}, ...rest } = options;
  const room = watchedRoom(change, rest.share ?? null);
  await inRoom(
    async (driver, server) => {
      driver.press('h');
      await driver.waitFor('30 of 30 hosts');
      await work(driver, server);
    },
    { share: null, ...rest, handlers: { ...room.handlers, ...handlers } },
  );
}

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

describe('rules', () => {
  test('rules show every name before it is given, and give all of them in one call', async () => {
    await inHosts(async (driver, server) => {
      driver.press('space', 'space', 'u');
      await driver.waitFor(/pc-01 → WS-010 *\n.*pc-02 → WS-020/);
      driver.press('\u0015', 'lab-', 'down', '\u0015', '7', 'down', '\u0015', '1');
      await driver.waitFor(/pc-01 → lab-007 *\n.*pc-02 → lab-008/);
      driver.press('enter');
      await driver.waitFor('2 hosts renamed.');
      assert.deepEqual(called(server, 'host.editMany'), {
        changes: [
          { host: 'host-0000000001', name: 'lab-007' },
          { host: 'host-0000000002', name: 'lab-008' },
        ],
      });
      await driver.waitFor('30 of 30 hosts');
    });
  });

  test('rules: a name that another host has, none at all or no number is refused beside it', async () => {
    await inHosts(
      async (driver, server) => {
        driver.press('space', 'space', 'u');
        await driver.waitFor(/✗ pc-01 → WS-010 {2}ws-010 has it *\n.*✓ pc-02/);
        driver.press('enter');
        await driver.waitFor('rename: 1 change cannot be made');
        driver.press('\u0015', 'no_', 'down', '\u0015', '990');
        await driver.waitFor(/✗ pc-01 → no_990 {2}no host name/);
        await driver.waitFor(/✗ pc-02 → - +the numbers end at 999/);
        driver.press('\u0015', 'enter');
        await driver.waitFor('a number from 0 to 999');
        assert.equal(called(server, 'host.editMany'), undefined);
      },
      { change: (host) => (host.name === 'pc-09' ? { ...host, name: 'ws-010' } : host) },
    );
  });

  test('rules: addresses go up in the last octet, and conflicts are refused', async () => {
    await inHosts(
      async (driver, server) => {
        driver.press('space', 'space', 'i');
        await driver.waitFor(/pc-01 +- +→ 10\.77\.0\.1 *\n.*pc-02 +- +→ 10\.77\.0\.2/);
        driver.press('\u0015', '10.77.0.50');
        await driver.waitFor(/✗ pc-01 +- +→ 10\.77\.0\.50 +pc-09 has it/);
        driver.press('enter');
        await driver.waitFor('set: 1 change cannot be made');
        driver.press('\u0015', '10.77.0.254');
        await driver.waitFor('outside of the last octet');
        driver.press('\u0015', '10.77.0.60', 'down', '\u0015', '2', 'enter');
        await driver.waitFor('Addresses of 2 hosts set.');
        assert.deepEqual(called(server, 'host.editMany'), {
          changes: [
            { host: 'host-0000000001', ipAddress: '10.77.0.60' },
            { host: 'host-0000000002', ipAddress: '10.77.0.62' },
          ],
        });
      },
      { change: (host) => (host.name === 'pc-09' ? { ...host, ipAddress: '10.77.0.50' } : host) },
    );
  });

  test('what the server refuses is said, and the rule is still there', async () => {
    await inHosts(
      async (driver) => {
        driver.press('u');
        await driver.waitFor('pc-01 → WS-010');
        driver.press('enter');
        await driver.waitFor('No host was changed.');
        driver.press('enter');
        await driver.waitFor('pc-01 → WS-010');
      },
      {
        handlers: {
          'host.editMany': () =>
            Promise.reject(
              new OperatorError({
                code: 'name-taken',
                message: 'naming a host "WS-010": pc-99 has it',
                hint: 'Choose other names. No host was changed.',
              }),
            ),
        },
      },
    );
  });
});

describe('host details', () => {
  test('host details show hardware, the disk to scale, systems and tasks; a form changes only what differs', async () => {
    await inHosts(
      async (driver, server) => {
        driver.press('enter');
        const text = (await driver.waitFor('Processor')).join('\n');
        for (const part of [
          /Host: pc-01/,
          /Machine +Dell Inc\. OptiPlex 7010, UEFI/,
          /Processor +Intel i5-3470, 4 cores/,
          /eth0 52:54:00:77:00:01, 1000 Mbit\/s/,
          /\/dev\/sda {2}Samsung SSD 860, 500 GB, serial S3Z8NB01, GPT/,
          /1 +ntfs +System +100 MB/,
          /\/dev\/sda1 +Windows 11/,
        ])
          assert.match(text, part);
        driver.press('e');
        await driver.waitFor('Edit pc-01');
        driver.press('\u0015', 'pc-02', 'enter');
        await driver.waitFor('pc-02 has it');
        driver.press('up', '\u0015', 'lehrer', 'enter', '10.77.0.77');
        driver.press('enter', 'enter', 'enter', 'enter', 'right', 'enter');
        await driver.waitFor('is changed.');
        assert.deepEqual(called(server, 'host.edit'), {
          host: 'host-0000000001',
          name: 'lehrer',
          ipAddress: '10.77.0.77',
          localBoot: 'firmware',
        });
      },
      { rows: 50, columns: 100 },
    );
  });

  test('host details: another machine that was refused is shown, and accepted by a yes', async () => {
    const otherMachines = [
      { serialNumber: 'SN2', address: '10.77.0.101', at: '2026-11-21T07:00:00.000Z' },
      { serialNumber: null, address: '10.77.0.66', at: '2026-11-21T07:00:00.000Z' },
    ];
    await inHosts(
      async (driver, server) => {
        driver.press('enter');
        await driver.waitFor('Another machine says that it is this host');
        driver.press('a');
        await driver.waitFor('serial number none, at 10.77.0.66');
        driver.press('enter');
        await driver.waitFor('Compare it with the case of the machine');
        driver.press('y');
        await driver.waitFor('pc-01 is another machine now.');
        assert.deepEqual(called(server, 'host.acceptMachine'), {
          host: 'host-0000000001',
          serialNumber: 'SN2',
        });
      },
      { change: (host) => (host.name === 'pc-01' ? { ...host, otherMachines } : host) },
    );
  });

  test('host details of two adapters that one machine sent from, the chosen one is accepted', async () => {
    const machine = { serialNumber: 'SN2', at: '2026-11-21T07:00:00.000Z' };
    const otherMachines = [
      {
        ...machine,
        address: '10.77.0.101',
        hardwareAddress: MacAddress.parse('02:00:00:00:00:01'),
      },
      {
        ...machine,
        address: '10.77.0.102',
        hardwareAddress: MacAddress.parse('02:00:00:00:00:02'),
      },
    ];
    await inHosts(
      async (driver, server) => {
        driver.press('enter');
        await driver.waitFor('adapter 02:00:00:00:00:02');
        driver.press('a');
        await driver.waitFor('Another machine is pc-01');
        driver.press('down', 'enter');
        await driver.waitFor('Compare it with the case of the machine');
        driver.press('y');
        await driver.waitFor('pc-01 is another machine now.');
        assert.deepEqual(called(server, 'host.acceptMachine'), {
          host: 'host-0000000001',
          serialNumber: 'SN2',
          hardwareAddress: '02:00:00:00:00:02',
        });
      },
      {
        change: (host) => (host.name === 'pc-01' ? { ...host, otherMachines } : host),
        columns: 200,
      },
    );
  });

  test('host details: a half-written disk says what to do; only a yes calls it fine', async () => {
    await inHosts(
      async (driver, server) => {
        driver.press('enter');
        await driver.waitFor('The disk /dev/sda is half written since');
        driver.press('x');
        await driver.waitFor('delete: pc-01: its disk is half written');
        assert.equal(called(server, 'host.delete'), undefined);
        driver.press('f');
        await driver.waitFor('Only say this if you have looked');
        driver.press('enter', 'y');
        await driver.waitFor('pc-01 boots from its disk again.');
        assert.deepEqual(called(server, 'host.clear'), { host: 'host-0000000001' });
        driver.press('s');
        await driver.waitFor('A shell opens on its console');
        assert.deepEqual(called(server, 'host.edit'), {
          host: 'host-0000000001',
          debugShell: true,
        });
      },
      {
        change: (host) =>
          host.name === 'pc-01'
            ? {
                ...host,
                halfWritten: { disk: '/dev/sda', since: host.registeredAt, runId: HALF_WRITTEN_BY },
              }
            : host,
      },
    );
  });

  test('host details: tasks and the log of the last run are a key away; without one it says so', async () => {
    await inHosts(
      async (driver) => {
        driver.press('enter');
        await driver.waitFor('Host: pc-01');
        await driver.waitFor((lines) => !lines.join().includes('no task is listed'));
        driver.press('l');
        await driver.waitFor('line 59 of the log');
        driver.press('escape', 'end');
        await driver.waitFor('deploy win11 to room-1');
        driver.press('f');
        await driver.waitFor('no disk of the host is known to be half written');
        driver.press('escape', 'end', 'enter');
        await driver.waitFor('Host: pc-30');
        driver.press('l');
        await driver.waitFor('log: no task is listed for it');
      },
      { share: 0.4, rows: 30 },
    );
  });
});

describe('room', () => {
  test('room: thirty hosts with sign, word and percentage fit 80x24, in the order of their names', async () => {
    const change = { groupId: null, groupName: null };
    await inHosts(
      async (driver) => {
        driver.press('v');
        const lines = await driver.waitFor('Room: no group');
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

  test('cursor, marks and actions work as in the list; Tab shows the next room', async () => {
    await inHosts(async (driver, server) => {
      driver.press('v');
      await driver.waitFor('Room: room-1 (1/4)');
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
      await driver.waitFor('Room: Übungsraum 2 (2/4)');
      driver.press('tab');
      await driver.waitFor('No hosts here.');
      driver.press('shift-tab');
      await driver.waitFor('Room: Übungsraum 2 (2/4)');
      const { column, row } = await driver.find('pc-22');
      driver.click(column, row);
      driver.press('enter');
      await driver.waitFor('Host: pc-22');
    });
  });
});
