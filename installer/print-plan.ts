/** The plan as people read it, before anything is changed. */

import type { Plan } from './plan.ts';
import type { InstallStep } from './step.ts';
import { firewalldRules } from './tools/firewalld.ts';
import { SESSION_PORTS } from './ports.ts';

/** One block per step that has something to do; what is so already is left out. */
export function planLines(
  plan: Plan,
  steps: readonly InstallStep[],
  pending: ReadonlySet<InstallStep>,
): string[] {
  const { site, programVersion, isUpdate } = plan;
  const blocks = steps
    .filter((step) => pending.has(step))
    .map((step) => ({ title: step.title, lines: step.describe(plan) }))
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ title, lines }) => ['', `${title}:`, ...lines.map((line) => `  ${line}`)]);
  return [
    `${isUpdate ? 'Updating to' : 'Installing'} OpenClone ${programVersion}`,
    ...site.subnets.map(
      ({ name, interfaceName, serverAddress, prefixLength, dhcp }) =>
        `  subnet ${name}: ${interfaceName}, ${serverAddress}/${prefixLength}, DHCP ${describeDhcp(dhcp)}`,
    ),
    ...blocks,
    '',
    'ports:',
    ...plan.ports.map(({ protocol, port, purpose }) => `  ${protocol} ${port}: ${purpose}`),
    `  udp ${SESSION_PORTS.join(' to ')}: multicast transmissions`,
    ...firewallLines(plan),
  ];
}

function describeDhcp(dhcp: Plan['site']['subnets'][number]['dhcp']): string {
  switch (dhcp.type) {
    case 'full':
      return `from ${dhcp.firstAddress} to ${dhcp.lastAddress}`;
    case 'proxy':
      return 'added to the existing server (proxy)';
    case 'none':
      return 'left alone';
  }
}

/** What we do not change ourselves is said. */
function firewallLines(plan: Plan): string[] {
  const { firewall, files, ports, site, answers } = plan;
  if (firewall === 'none' || files.firewall.length > 0) return [];
  if (firewall === 'firewalld') {
    if (answers.firewall === 'open') return [];
    return [
      '',
      'The firewall firewalld filters what comes in, and is left as it is: no host reaches us without these rules',
      '(each also with --permanent; ZONE by firewall-cmd --get-zone-of-interface=INTERFACE),',
      ...firewalldRules(plan).map(
        ({ rule }) => `  firewall-cmd --zone=ZONE --add-rich-rule='${rule}'`,
      ),
    ];
  }
  const list = (protocol: 'tcp' | 'udp'): string =>
    ports
      .filter((port) => port.protocol === protocol)
      .map(({ port }) => String(port))
      .join(', ');
  const networks = site.subnets.map(
    ({ networkAddress, prefixLength }) => `${networkAddress}/${prefixLength}`,
  );
  return [
    '',
    `A firewall (${firewall}) filters what comes in, and is yours: let in, from ${networks.join(', ')},`,
    `  tcp dport { ${list('tcp')} } accept`,
    `  udp dport { ${list('udp')}, ${SESSION_PORTS.join('-')} } accept`,
    ...(ports.some(({ port }) => port === 67)
      ? ['  udp sport 68 udp dport 67 accept   (from everywhere: such hosts have no address yet)']
      : []),
  ];
}
