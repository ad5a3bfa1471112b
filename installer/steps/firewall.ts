/** Our ports in ufw(8), as an application of our own. Other firewalls are told about, never changed. */

import { networksOf } from '../networks.ts';
import { filesAreWritten, writeOwnFiles } from './own-file.ts';
import type { Step } from './step.ts';

export const firewall: Step = {
  name: 'firewall',
  title: 'opening our ports in the firewall',
  describe: ({ files, site }) =>
    files.firewall.flatMap(({ path, purpose }) => [
      `file ${path}: ${purpose}`,
      ...networksOf(site).map((network) => `firewall rule: from ${network} to our ports`),
    ]),
  check: async ({ system, plan }) => {
    if (plan.files.firewall.length === 0) return true;
    if (!(await filesAreWritten(system, plan.files.firewall))) return false;
    const { stdout } = await system.run('ufw', ['status']);
    return networksOf(plan.site).every((network) =>
      stdout.split('\n').some((line) => line.startsWith('OpenClone ') && line.includes(network)),
    );
  },
  apply: async ({ system, plan, journal }) => {
    await writeOwnFiles(system, journal, plan.files.firewall);
    const networks = networksOf(plan.site);
    await journal.note({ type: 'firewall-rules', networks });
    for (const network of networks) {
      await system.run('ufw', ['allow', 'from', network, 'to', 'any', 'app', 'OpenClone']);
    }
    await system.run('ufw', ['app', 'update', 'OpenClone']);
  },
};
