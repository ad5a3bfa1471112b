/** Hosts get names and addresses by a rule, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { called } from '../in-room.ts';
import { inHosts } from '../in-hosts.ts';

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
        await driver.waitFor(/✗ pc-01 → no_990 {2}a host name has letters, digits and dashes only/);
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
