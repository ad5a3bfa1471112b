/** No firewall rule keeps hosts from our ports. */

import { OperatorError } from '../../../lib/errors.ts';
import type { Run } from '../../../lib/exec/run.ts';
import { ipv4FromNumber, ipv4ToNumber } from '../../../lib/network/ipv4.ts';
import type { SimpleMessage } from '../../../lib/model/message.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { ok, skipped, warning, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';
import { fateOf, parseRuleset, type Fate, type Ruleset } from '../nft-ruleset.ts';
import { portsOf } from './ports.ts';

export const firewall: Check = {
  name: 'firewall',
  title: message('check.firewall'),
  rootBecause: message('root.list-rules'),
  perform: async ({ run, site }) => {
    const ufw = await outputOf(run, 'ufw', ['status']);
    if (/^Status: active$/m.test(ufw)) return [judgeUfw(ufw, site)];
    const { stdout } = await run('nft', ['--json', 'list', 'ruleset']);
    return judgeFirewall(site, parseRuleset(stdout));
  },
};

const DHCP_PORT = 67;

/** The multicast sender hears its receivers on odd ports from 9001 (server/sessions). */
const SESSION_PORT = {
  protocol: 'udp',
  port: 9001,
  label: message('port.sessions', { port: 9001 }),
} as const;

export function judgeFirewall(site: Site, ruleset: Ruleset): Finding[] {
  return site.subnets.map((subnet) => {
    const about = subnetLabel(subnet);
    const fates = [...portsOf(site), SESSION_PORT].map(({ port, protocol, label }) => ({
      label,
      fate: fateOf(ruleset, {
        protocol,
        destinationPort: port,
        interfaceName: subnet.interfaceName,
        // Who asks for an address has none, and asks everybody.
        ...(port === DHCP_PORT && !subnet.relayed
          ? { sourceAddress: '0.0.0.0', destinationAddress: '255.255.255.255' }
          : {
              sourceAddress: ipv4FromNumber(ipv4ToNumber(subnet.networkAddress) + 2),
              destinationAddress: subnet.serverAddress,
            }),
      }),
    }));
    const labels = (wanted: Fate): SimpleMessage[] =>
      fates.filter(({ fate }) => fate === wanted).map(({ label }) => label);
    const dropped = labels('dropped');
    if (dropped.length > 0) {
      const remedy = message('remedy.accept-ports', {
        network: `${subnet.networkAddress}/${subnet.prefixLength}`,
        interfaceName: subnet.interfaceName,
      });
      return warning(about, message('firewall.drops', { ports: dropped }), remedy);
    }
    const unclear = labels('unclear');
    if (unclear.length > 0) {
      const found = message('firewall.unclear', { ports: unclear });
      return skipped(about, found, message('remedy.see-ruleset'));
    }
    return ok(about, message('firewall.open'));
  });
}

/** ufw's own rules are no use to look into: it knows whether our application is allowed (`ufw status`). */
export function judgeUfw(status: string, site: Site): Finding {
  const lines = status.split('\n').filter((line) => line.includes(' ALLOW '));
  const closed = site.subnets
    .filter(({ dhcp, relayed }) => dhcp.type !== 'none' && !relayed)
    .map(({ interfaceName }) => interfaceName)
    .find(
      (name) =>
        !lines.some(
          (line) => /^67(\/udp)? {2}/.test(line) || line.startsWith(`67/udp on ${name} `),
        ),
    );
  if (/^OpenClone\s+ALLOW/m.test(status)) {
    if (closed === undefined) return ok('ufw', message('firewall.ufw-allows'));
    const rule = `allow in on ${closed} proto udp from any port 68 to any port 67`;
    const found = message('firewall.ufw-allows-no-dhcp', { interfaceName: closed });
    return warning('ufw', found, `sudo ufw ${rule}`);
  }
  return warning('ufw', message('firewall.ufw-closed'), message('remedy.allow-in-ufw'));
}

/** Nothing when there is no such tool. */
async function outputOf(run: Run, tool: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(tool, args)).stdout;
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'tool-missing') return '';
    throw error;
  }
}
