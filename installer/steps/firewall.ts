/** Our ports in ufw(8), as an application of our own. Other firewalls are told about, never changed. */

import { dhcpInterfacesOf, networksOf } from '../networks.ts';
import { hasUfwRules, ufwRules } from '../tools/ufw.ts';
import { filesAreWritten, writeOwnFiles } from './own-file.ts';
import type { Step } from './step.ts';

export const firewall: Step = {
  name: 'firewall',
  title: 'opening our ports in the firewall',
  describe: ({ files, site }) =>
    files.firewall.flatMap(({ path, purpose }) => [
      `file ${path}: ${purpose}`,
      ...networksOf(site).map((network) => `firewall rule: from ${network} to our ports`),
      ...dhcpInterfacesOf(site).map((name) => `firewall rule: DHCP from everywhere on ${name}`),
    ]),
  check: async ({ system, plan }) => {
    if (plan.files.firewall.length === 0) return true;
    if (!(await filesAreWritten(system, plan.files.firewall))) return false;
    const { stdout } = await system.run('ufw', ['status']);
    return hasUfwRules(stdout, networksOf(plan.site), dhcpInterfacesOf(plan.site));
  },
  apply: async ({ system, plan, journal }) => {
    await writeOwnFiles(system, journal, plan.files.firewall);
    const networks = networksOf(plan.site);
    const dhcpInterfaces = dhcpInterfacesOf(plan.site);
    await journal.note({ type: 'firewall-rules', networks, dhcpInterfaces });
    for (const rule of ufwRules(networks, dhcpInterfaces)) await system.run('ufw', rule);
    await system.run('ufw', ['app', 'update', 'OpenClone']);
  },
};
