/** firewalld 1.3: what it is told, and what it answers. The real one: test/lab/install/killed.test.ts. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rollBack } from '../../../installer/changes/roll-back.ts';
import { planLines } from '../../../installer/print-plan.ts';
import { readRecord } from '../../../installer/changes/record.ts';
import { firewall } from '../../../installer/steps/firewall.ts';
import { sampleContext, samplePlan, withMachine, type Call } from '../samples.ts';

const ENGINES =
  'rule family="ipv4" source address="10.77.0.0/24" port port="7077" protocol="tcp" accept';
const SESSIONS =
  'rule family="ipv4" source address="10.77.0.0/24" port port="9000-9999" protocol="udp" accept';
const DHCP = 'rule family="ipv4" port port="67" protocol="udp" accept';

/** A firewalld whose rules are kept; eth1 is in the zone "rooms" when `isZoned`. */
function firewalld(isZoned: boolean): {
  readonly rules: Map<string, string[]>;
  readonly answer: (call: Call) => { stdout: string; exitStatus: number };
} {
  const rules = new Map<string, string[]>();
  const answer = (call: Call): { stdout: string; exitStatus: number } => {
    const said = (stdout: string, exitStatus = 0): { stdout: string; exitStatus: number } => ({
      stdout: `${stdout}\n`,
      exitStatus,
    });
    if (call[1] === '--get-zone-of-interface=eth1') {
      return isZoned ? said('rooms') : said('no zone', 2);
    }
    if (call[1] === '--get-default-zone') return said('public');
    const when = call.includes('--permanent') ? 'permanent' : 'now';
    const zone = call.find((word) => word.startsWith('--zone='))?.slice('--zone='.length);
    const key = `${when} ${zone ?? ''}`;
    const there = rules.get(key) ?? [];
    if (call.includes('--list-rich-rules')) return said(there.join('\n'));
    const named = (option: string): string[] =>
      call.filter((word) => word.startsWith(option)).map((word) => word.slice(option.length));
    const removed = named('--remove-rich-rule=');
    rules.set(
      key,
      [...there, ...named('--add-rich-rule=')].filter((rule) => !removed.includes(rule)),
    );
    return said('success');
  };
  return { rules, answer };
}

describe('the rules of firewalld', () => {
  for (const [isZoned, zone] of [
    [true, 'rooms'],
    [false, 'public'],
  ] as const) {
    test(`the rules of firewalld are set for now and for good in the zone ${zone}, and taken back there`, async () => {
      const { rules, answer } = firewalld(isZoned);
      await withMachine(async (system) => {
        const context = await sampleContext(system, samplePlan({}, { firewall: 'firewalld' }));
        assert.equal(await firewall.check(context), false);
        await firewall.apply(context);
        assert.equal(await firewall.check(context), true);
        for (const when of ['now', 'permanent']) {
          const set = rules.get(`${when} ${zone}`) ?? [];
          for (const rule of [ENGINES, SESSIONS, DHCP]) assert.ok(set.includes(rule), rule);
        }
        const changes = (await readRecord(system))?.changes ?? [];
        await rollBack(system, changes, {
          reason: 'uninstall',
          purgeData: false,
          removePackages: false,
          onReverted: () => Promise.resolve(),
        });
        assert.deepEqual([...rules.values()], [[], []]);
      }, answer);
    });
  }

  test('the rules of firewalld are missed when one is set for now only', async () => {
    const { rules, answer } = firewalld(true);
    await withMachine(async (system) => {
      const context = await sampleContext(system, samplePlan({}, { firewall: 'firewalld' }));
      await firewall.apply(context);
      rules.set('permanent rooms', []);
      assert.equal(await firewall.check(context), false);
    }, answer);
  });

  test('the rules of firewalld are named in the plan of somebody who leaves the firewall as it is, and not set', async () => {
    await withMachine(async (system, calls) => {
      const plan = samplePlan({ firewall: 'leave' }, { firewall: 'firewalld' });
      const context = await sampleContext(system, plan);
      assert.equal(await firewall.check(context), true);
      assert.deepEqual(calls, []);
      const text = planLines(plan, [firewall], new Set()).join('\n');
      assert.ok(text.includes(`firewall-cmd --zone=ZONE --add-rich-rule='${ENGINES}'`));
    });
  });
});
