/**
 * Our ports in ufw(8), as an application of our own, or in firewalld(1), as rules of the zones. Other firewalls are told
 * about, never changed.
 */

import { makeFirewallRules } from '../changes/firewall-rules.ts';
import { makeFirewalldRules } from '../changes/firewalld-rules.ts';
import { dhcpInterfacesOf, networksOf } from '../networks.ts';
import type { Plan } from '../plan.ts';
import { firewalldRules, hasZoneRules, zoneRules } from '../tools/firewalld.ts';
import { hasUfwRules } from '../tools/ufw.ts';
import { filesAreWritten, writeManagedFiles } from './managed-file.ts';
import type { InstallStep, StepContext } from '../step.ts';

export const firewall: InstallStep = {
  name: 'firewall',
  title: 'opening our ports in the firewall',
  describe: (plan) => {
    const { files, site } = plan;
    if (opensFirewalld(plan)) {
      const interfaces = new Set(firewalldRules(plan).map(({ interfaceName }) => interfaceName));
      return [...interfaces].map(
        (name) =>
          `firewall rules in firewalld's zone of ${name}: from ${networksOf(site).join(', ')} to our ports`,
      );
    }
    return files.firewall.flatMap(({ path, purpose }) => [
      `file ${path}: ${purpose}`,
      ...networksOf(site).map((network) => `firewall rule: from ${network} to our ports`),
      ...dhcpInterfacesOf(site).map((name) => `firewall rule: DHCP from everywhere on ${name}`),
    ]);
  },
  check: async ({ system, plan }) => {
    const { run } = system;
    if (opensFirewalld(plan)) return hasZoneRules(run, await zoneRules(run, plan));
    if (plan.files.firewall.length === 0) return true;
    if (!(await filesAreWritten(system, plan.files.firewall))) return false;
    const { stdout } = await run('ufw', ['status']);
    return hasUfwRules(stdout, networksOf(plan.site), dhcpInterfacesOf(plan.site));
  },
  apply: async (context) =>
    opensFirewalld(context.plan) ? openFirewalld(context) : openUfw(context),
};

function opensFirewalld({ firewall: found, answers }: Plan): boolean {
  return found === 'firewalld' && answers.firewall === 'open';
}

async function openFirewalld({ system, plan, journal }: StepContext): Promise<void> {
  await makeFirewalldRules({ system, journal }, await zoneRules(system.run, plan));
}

async function openUfw({ system, plan, journal }: StepContext): Promise<void> {
  await writeManagedFiles({ system, journal }, plan.files.firewall);
  const networks = networksOf(plan.site);
  const dhcpInterfaces = dhcpInterfacesOf(plan.site);
  await makeFirewallRules({ system, journal }, { networks, dhcpInterfaces });
}
