/** ufw 0.36.2: what it is told, and what `ufw status` says then. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { firewall } from '../../../installer/steps/firewall.ts';
import { rollBack } from '../../../installer/changes/roll-back.ts';
import { readRecord } from '../../../installer/changes/record.ts';
import { sampleContext, samplePlan, withMachine } from '../samples.ts';

const HEAD = 'Status: active\n\nTo                         Action      From\n';
const NETWORK = 'OpenClone                  ALLOW       10.77.0.0/24\n';
const DHCP = '67/udp on eth1             ALLOW       68/udp\n';
const DHCP_RULE = 'allow in on eth1 proto udp from any port 68 to any port 67';

describe('the rules of ufw', () => {
  test('the rules of ufw let in who has no address yet, and are taken back one by one', async () => {
    await withMachine(async (system, calls) => {
      const context = await sampleContext(system, samplePlan({}, { firewall: 'ufw' }));
      await firewall.apply(context);
      const rules = [DHCP_RULE, 'allow from 10.77.0.0/24 to any app OpenClone'];
      const told = (): string[] => calls.map((call) => call.join(' '));
      for (const rule of rules) assert.ok(told().includes(`ufw ${rule}`), rule);
      const changes = (await readRecord(system))?.changes ?? [];
      await rollBack(system, changes, {
        reason: 'uninstall',
        purgeData: false,
        removePackages: false,
        onReverted: () => Promise.resolve(),
      });
      for (const rule of rules) assert.ok(told().includes(`ufw delete ${rule}`), rule);
    });
  });

  test('the rules of ufw are missed when one of them is not there', async () => {
    for (const [status, isDone] of [
      [HEAD + NETWORK + DHCP, true],
      [HEAD + NETWORK, false],
      [HEAD + DHCP, false],
      [HEAD + NETWORK + DHCP.replace('eth1', 'eth10'), false],
      [HEAD + NETWORK.replace('10.77.0.0/24', '110.77.0.0/24') + DHCP, false],
    ] as const) {
      await withMachine(
        async (system) => {
          const context = await sampleContext(system, samplePlan({}, { firewall: 'ufw' }));
          await firewall.apply(context);
          assert.equal(await firewall.check(context), isDone, status);
        },
        ([, verb]) => (verb === 'status' ? status : ''),
      );
    }
  });

  test('the rules of ufw have none for DHCP where DHCP is left alone', async () => {
    await withMachine(async (system, calls) => {
      const plan = samplePlan({ dhcp: { type: 'none' } }, { firewall: 'ufw' });
      await firewall.apply(await sampleContext(system, plan));
      assert.ok(!calls.some((call) => call.includes('67')));
    });
  });
});
