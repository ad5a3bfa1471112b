/** The question what OpenClone does about DHCP. */

import { z } from 'zod';
import { isInNetwork } from '../../lib/network/ipv4.ts';
import type { DhcpMode } from '../../lib/model/site.ts';
import type { GivenAnswers } from '../answers.ts';
import { proposeRange } from '../dhcp-range.ts';
import type { DhcpServers } from '../facts/dhcp-servers.ts';
import type { Ipv4Address } from '../facts/interfaces.ts';
import type { Prompter } from '../terminal/prompter.ts';
import { portObstacles, type At } from '../preflight/ports.ts';
import { defineQuestion } from './question.ts';
import type { Environment } from '../facts/environment.ts';
import type { Obstacle } from '../preflight/obstacle.ts';

const LEASE_SECONDS = 3600;

export const dhcp = defineQuestion({
  key: 'dhcp',
  propose: async (environment, answers): Promise<DhcpMode> => {
    if (hindranceHere(environment, answers) !== null) return { type: 'none' };
    const servers = await environment.findDhcpServers(answers.interfaceName ?? '');
    // Not to be sure means not to give addresses: a second server breaks a network, a missing one does not.
    if (servers.type === 'unknown' || servers.offering.length > 0) return { type: 'proxy' };
    return fullMode(environment, answers) ?? { type: 'none' };
  },
  ask: async (prompter, proposal, environment, answers) => {
    const servers = await environment.findDhcpServers(answers.interfaceName ?? '');
    prompter.explain(
      `A host that boots from the network learns by DHCP from where. ${describeServers(servers)}`,
    );
    const type = await askType(prompter, proposal, hindranceHere(environment, answers));
    if (type !== 'full') return { type };
    const full = proposal.type === 'full' ? proposal : fullMode(environment, answers);
    return askRange(prompter, full, addressOf(environment, answers));
  },
});

/** Who keeps us from serving DHCP at this address; null when nobody does. */
export function dhcpHindrance({ portHolders }: Environment, at: At): Obstacle | null {
  const ports = [67, 4011].map((port) => ({ protocol: 'udp', port, purpose: 'DHCP' }) as const);
  return portObstacles([at], ports, portHolders)[0] ?? null;
}

function hindranceHere(
  environment: Environment,
  { interfaceName, serverAddress }: GivenAnswers,
): Obstacle | null {
  if (interfaceName === undefined || serverAddress === undefined) return null;
  return dhcpHindrance(environment, { interfaceName, serverAddress });
}

/** Until it is one that can be. */
async function askType(
  prompter: Prompter,
  proposal: DhcpMode,
  hindrance: Obstacle | null,
): Promise<DhcpMode['type']> {
  for (;;) {
    const type = await prompter.select({
      message: 'DHCP',
      proposal: proposal.type,
      choices: [
        {
          value: 'proxy',
          name: 'add to the existing server (proxy DHCP)',
          description: 'The other server gives the addresses and is not touched.',
        },
        {
          value: 'full',
          name: 'be the DHCP server',
          description: 'OpenClone gives the addresses: right where no other server does.',
        },
        {
          value: 'none',
          name: 'leave DHCP alone',
          description: 'You set next-server and boot file on the existing server yourself.',
        },
      ],
    });
    if (type === 'none' || hindrance === null) return type;
    prompter.explain(`${hindrance.message}. ${hindrance.hint}`);
  }
}

/** We give addresses from a range without our own address and the router's; null when the network has no room. */
function fullMode(
  environment: Environment,
  answers: GivenAnswers,
): Extract<DhcpMode, { type: 'full' }> | null {
  const own = addressOf(environment, answers);
  if (own === null) return null;
  const route = environment.defaultRoute;
  const inside = (address: string): boolean => isInNetwork(address, own.address, own.prefixLength);
  const gateway = route?.gateway ?? null;
  const router = gateway !== null && inside(gateway) ? gateway : null;
  const taken = [
    ...environment.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ...(router === null ? [] : [router]),
    ...environment.nameServers,
  ].filter(inside);
  const range = proposeRange(own.address, own.prefixLength, taken);
  if (range === null) return null;
  const nameServers = environment.nameServers.slice(0, 4);
  return { type: 'full', ...range, router, nameServers, leaseSeconds: LEASE_SECONDS };
}

function addressOf(
  { interfaces }: Environment,
  { interfaceName, serverAddress }: GivenAnswers,
): Ipv4Address | null {
  const found = interfaces.find(({ name }) => name === interfaceName);
  return found?.addresses.find(({ address }) => address === serverAddress) ?? null;
}

function describeServers(servers: DhcpServers): string {
  if (servers.type === 'unknown')
    return `Whether there is a server is not known: ${servers.reason}.`;
  const { offering, proxies } = servers;
  const found =
    offering.length === 0
      ? 'No DHCP server answered here.'
      : `A DHCP server answered here: ${offering.join(', ')}.`;
  return proxies.length === 0
    ? found
    : `${found} Another net-boot server answered as well: ${proxies.join(', ')}; there should be one only.`;
}

async function askRange(
  prompter: Prompter,
  proposal: Extract<DhcpMode, { type: 'full' }> | null,
  own: Ipv4Address | null,
): Promise<DhcpMode> {
  prompter.explain(
    'Addresses from the first to the last are given to hosts; nobody else may use them.',
  );
  const faultOf = (text: string): string | null => {
    if (!z.ipv4().safeParse(text).success) return 'an IPv4 address is needed';
    if (own === null || isInNetwork(text, own.address, own.prefixLength)) return null;
    return `it is not in the network of ${own.address}/${own.prefixLength}`;
  };
  const ask = (message: string, value: string | undefined): Promise<string> =>
    prompter.input({ message, proposal: value ?? '', faultOf });
  return {
    type: 'full',
    firstAddress: await ask('First address', proposal?.firstAddress),
    lastAddress: await ask('Last address', proposal?.lastAddress),
    router: proposal?.router ?? null,
    nameServers: proposal?.nameServers ?? [],
    leaseSeconds: proposal?.leaseSeconds ?? LEASE_SECONDS,
  };
}
