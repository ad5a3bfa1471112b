/** Rules of ufw(8): networks that it lets in to our ports, and interfaces on which it lets in who has no address yet. */

import { z } from 'zod';
import { UFW_APPLICATION_NAME, ufwRules } from '../tools/ufw.ts';
import { REVERTED, type ChangeKind, type Making } from './kind.ts';

const schema = z.object({
  type: z.literal('firewall-rules'),
  networks: z.array(z.string()),
  dhcpInterfaces: z.array(z.string()).default([]),
});
export type FirewallRulesChange = z.infer<typeof schema>;

export const firewallRules = {
  schema,
  key: ({ networks, dhcpInterfaces }) =>
    ['firewall-rules', ...networks, ...dhcpInterfaces].join(' '),
  describe: ({ networks }) => `firewall rules for ${networks.join(', ')}`,
  revert: async ({ run }, { networks, dhcpInterfaces }) => {
    for (const rule of ufwRules(networks, dhcpInterfaces)) await run('ufw', ['delete', ...rule]);
    return REVERTED;
  },
} satisfies ChangeKind<FirewallRulesChange>;

/** The file of our application is there already. */
export async function makeFirewallRules(
  { system: { run }, journal }: Making<FirewallRulesChange>,
  { networks, dhcpInterfaces }: Omit<FirewallRulesChange, 'type'>,
): Promise<void> {
  await journal.note({ type: 'firewall-rules', networks, dhcpInterfaces });
  for (const rule of ufwRules(networks, dhcpInterfaces)) await run('ufw', rule);
  await run('ufw', ['app', 'update', UFW_APPLICATION_NAME]);
}
