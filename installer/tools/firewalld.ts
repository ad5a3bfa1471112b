/** firewall-cmd(1), firewalld.richlanguage(5): rules for our ports in the zones that our interfaces are in. */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Site } from '../../lib/model/site.ts';
import { SESSION_PORTS, type PlannedPort } from '../ports.ts';

/** What of a plan says which packets come from hosts. */
type Served = { readonly site: Site; readonly ports: readonly PlannedPort[] };

export type ZoneRule = { readonly zone: string; readonly rule: string };

/** Exit statuses: firewalld does not run; there is no such zone (any more); nothing of the kind is set. */
const NOT_RUNNING = 252;
const INVALID_ZONE = 112;
const NO_ZONE = 2;

/**
 * The rules of a plan by the interface that their packets come by, as firewalld itself writes them. Who asks for an
 * address has none yet, so DHCP is let in from everywhere.
 */
export function firewalldRules({ site, ports }: Served): {
  readonly interfaceName: string;
  readonly rule: string;
}[] {
  const opened = [
    ...ports.map(({ port, protocol }) => ({ port: String(port), protocol })),
    // What DHCP servers answer when the doctor asks as a host would.
    { port: '68', protocol: 'udp' },
    { port: SESSION_PORTS.join('-'), protocol: 'udp' },
  ];
  const all = site.subnets.flatMap(({ interfaceName, networkAddress, prefixLength, dhcp }) =>
    opened.flatMap(({ port, protocol }) => {
      const to = `port port="${port}" protocol="${protocol}" accept`;
      if (port !== '67') {
        const network = `${networkAddress}/${prefixLength}`;
        return [{ interfaceName, rule: `rule family="ipv4" source address="${network}" ${to}` }];
      }
      return dhcp.type === 'none' ? [] : [{ interfaceName, rule: `rule family="ipv4" ${to}` }];
    }),
  );
  return all.filter(
    (one, index) =>
      all.findIndex(
        (each) => each.rule === one.rule && each.interfaceName === one.interfaceName,
      ) === index,
  );
}

/** The same rules by the zones that the interfaces are in now. */
export async function zoneRules(run: Run, plan: Served): Promise<ZoneRule[]> {
  const zones = new Map<string, string>();
  const rules: ZoneRule[] = [];
  for (const { interfaceName, rule } of firewalldRules(plan)) {
    const zone = zones.get(interfaceName) ?? (await zoneOf(run, interfaceName));
    zones.set(interfaceName, zone);
    if (!rules.some((each) => each.zone === zone && each.rule === rule)) rules.push({ zone, rule });
  }
  return rules;
}

/** An interface that nobody put into a zone is in the default one. */
async function zoneOf(run: Run, interfaceName: string): Promise<string> {
  const own = await run('firewall-cmd', [`--get-zone-of-interface=${interfaceName}`], {
    allowedStatuses: [0, NO_ZONE],
  });
  if (own.exitStatus === 0) return own.stdout.trim();
  return (await run('firewall-cmd', ['--get-default-zone'])).stdout.trim();
}

/** Now, and from the next start of firewalld on: a reload would throw away what others have set for now only. */
const BOTH = [[], ['--permanent']] as const;

/** Whether all of them are set. */
export async function hasZoneRules(run: Run, rules: readonly ZoneRule[]): Promise<boolean> {
  for (const [zone, wanted] of byZone(rules)) {
    for (const when of BOTH) {
      const { stdout } = await run('firewall-cmd', [
        ...when,
        `--zone=${zone}`,
        '--list-rich-rules',
      ]);
      const there = stdout.split('\n').map((line) => line.trim());
      if (!wanted.every((rule) => there.includes(rule))) return false;
    }
  }
  return true;
}

export async function addZoneRules(run: Run, rules: readonly ZoneRule[]): Promise<void> {
  for (const [zone, wanted] of byZone(rules)) {
    const add = wanted.map((rule) => `--add-rich-rule=${rule}`);
    for (const when of BOTH) await run('firewall-cmd', [...when, `--zone=${zone}`, ...add]);
  }
}

/** Rules, zones and a whole firewalld that are gone meanwhile are no error. */
export async function removeZoneRules(run: Run, rules: readonly ZoneRule[]): Promise<void> {
  for (const [zone, wanted] of byZone(rules)) {
    const args = [`--zone=${zone}`, ...wanted.map((rule) => `--remove-rich-rule=${rule}`)];
    try {
      const now = await run('firewall-cmd', args, {
        allowedStatuses: [0, INVALID_ZONE, NOT_RUNNING],
      });
      const [tool, ...when] =
        now.exitStatus === NOT_RUNNING
          ? (['firewall-offline-cmd'] as const)
          : (['firewall-cmd', '--permanent'] as const);
      await run(tool, [...when, ...args], { allowedStatuses: [0, INVALID_ZONE] });
    } catch (error) {
      if (!(error instanceof OperatorError && error.code === 'tool-missing')) throw error;
    }
  }
}

function byZone(rules: readonly ZoneRule[]): Map<string, string[]> {
  const zones = new Map<string, string[]>();
  for (const { zone, rule } of rules) zones.set(zone, [...(zones.get(zone) ?? []), rule]);
  return zones;
}
