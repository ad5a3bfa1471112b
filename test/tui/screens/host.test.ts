/** The details of a host and what can be done there, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MacAddress } from '../../../lib/model/names.ts';
import { called } from '../in-room.ts';
import { HALF_WRITTEN_BY } from '../watched-room.ts';
import { inHosts } from '../in-hosts.ts';

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
