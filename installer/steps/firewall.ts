/**
 * Our ports in ufw(8), as an application of our own, or in firewalld(1), as rules of the zones. Other firewalls are told
 * about, never changed.
 */

import { dhcpInterfacesOf, networksOf } from '../networks.ts';
import type { Plan } from '../plan.ts';
import { addZoneRules, firewalldRules, hasZoneRules, zoneRules } from '../tools/firewalld.ts';
import { hasUfwRules, ufwRules } from '../tools/ufw.ts';
import { filesAreWritten, writeOwnFiles } from './own-file.ts';
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

async function openFirewalld({ system: { run }, plan, journal }: StepContext): Promise<void> {
  const rules = await zoneRules(run, plan);
  await journal.note({ type: 'firewalld-rules', rules });
  await addZoneRules(run, rules);
}

async function openUfw({ system, plan, journal }: StepContext): Promise<void> {
  await writeOwnFiles(system, journal, plan.files.firewall);
  const networks = networksOf(plan.site);
  const dhcpInterfaces = dhcpInterfacesOf(plan.site);
  await journal.note({ type: 'firewall-rules', networks, dhcpInterfaces });
  for (const rule of ufwRules(networks, dhcpInterfaces)) await system.run('ufw', rule);
  await system.run('ufw', ['app', 'update', 'OpenClone']);
}
