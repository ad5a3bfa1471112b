/** The lab's network: namespaces joined by a bridge that lies in a namespace of its own (ip-netns(8), bridge(8)). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../lib/exec/run.ts';

/** Every host's and the server's interface inside its namespace. */
export const INTERFACE = 'eth0';

/** Of mcast_query_response_interval, which is set in hundredths of a second (ip-link(8)). */
const HUNDREDTH_OF_A_SECOND = '1';
const TEN_SECONDS = '1000';

/** A cable from a namespace to a bridge of the switch's namespace. */
type Cable = {
  readonly namespace: string;
  readonly switchNamespace: string;
  /** The bridge; addSwitch makes "br0". */
  readonly bridge?: string;
  /** Inside the namespace; INTERFACE when absent. */
  readonly interfaceName?: string;
  /** Names the switch's end. */
  readonly port: string;
  /** "10.91.0.1/24": it gets a broadcast address, without which UDPcast never starts (docs/field-notes.md). */
  readonly address: string;
  readonly mac: string;
};

/** Makes the namespace that holds the switch: one bridge, "br0". */
export async function addSwitch(run: Run, name: string): Promise<void> {
  await run('ip', ['netns', 'add', name]);
  await ip(run, name, 'link', 'set', 'lo', 'up');
  await addBridge(run, name, 'br0');
}

/**
 * A bridge with IGMP snooping and a querier, as in a managed room whose switch has been on for long. A new bridge floods
 * for the response interval of its querier (10 s by default), membership reports too: by IGMPv2 a host that hears the
 * report of another keeps its own back (RFC 2236, section 3), and is cut off when the flooding ends. So the interval is
 * short while the querier is switched on.
 */
export async function addBridge(run: Run, namespace: string, bridge: string): Promise<void> {
  const set = (...options: string[]): Promise<void> =>
    ip(run, namespace, 'link', 'set', bridge, 'type', 'bridge', ...options);
  await ip(
    run,
    namespace,
    'link',
    'add',
    bridge,
    'type',
    'bridge',
    'stp_state',
    '0',
    'forward_delay',
    '0',
    'mcast_snooping',
    '1',
    'mcast_query_response_interval',
    HUNDREDTH_OF_A_SECOND,
  );
  await set('mcast_querier', '1');
  await set('mcast_query_response_interval', TEN_SECONDS);
  await ip(run, namespace, 'link', 'set', bridge, 'up');
}

/** Makes a namespace with one interface on the switch, and a route for multicast. */
export async function addMachine(
  run: Run,
  machine: Omit<Cable, 'bridge' | 'interfaceName'>,
): Promise<void> {
  const { namespace } = machine;
  await run('ip', ['netns', 'add', namespace]);
  await ip(run, namespace, 'link', 'set', 'lo', 'up');
  await addCable(run, machine);
  await ip(run, namespace, 'route', 'add', '224.0.0.0/4', 'dev', INTERFACE);
}

/** Joins a namespace that is there to a bridge. */
export async function addCable(run: Run, cable: Cable): Promise<void> {
  const { namespace, switchNamespace, bridge = 'br0', port, address, mac } = cable;
  const { interfaceName = INTERFACE } = cable;
  await run('ip', [
    'link',
    'add',
    'name',
    interfaceName,
    'address',
    mac,
    'netns',
    namespace,
    'type',
    'veth',
    'peer',
    'name',
    port,
    'netns',
    switchNamespace,
  ]);
  await ip(run, switchNamespace, 'link', 'set', port, 'master', bridge, 'up');
  await ip(run, namespace, 'link', 'set', interfaceName, 'up');
  await ip(run, namespace, 'address', 'add', address, 'broadcast', '+', 'dev', interfaceName);
}

/** Limits what leaves `namespace` to `rate` ("200mbit", tc-tbf(8)); null takes the limit away. */
export async function shapeLink(run: Run, namespace: string, rate: string | null): Promise<void> {
  await run('tc', ['-netns', namespace, 'qdisc', 'delete', 'dev', INTERFACE, 'root'], {
    allowedStatuses: [0, 2],
  });
  if (rate === null) return;
  await run('tc', [
    '-netns',
    namespace,
    'qdisc',
    'add',
    'dev',
    INTERFACE,
    'root',
    'tbf',
    'rate',
    rate,
    'burst',
    '256kb',
    'limit',
    '1mb',
  ]);
}

/** Ends every process in the namespace, then removes it; one that is gone already is no error. */
export async function removeNamespace(run: Run, name: string): Promise<void> {
  if (!(await namespaceExists(run, name))) return;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const pids = await namespacePids(run, name);
    if (pids.length === 0) break;
    for (const pid of pids) kill(pid);
    await delay(10);
  }
  await run('ip', ['netns', 'delete', name], { allowedStatuses: [0, 1] });
}

/** The processes that run in the namespace. */
export async function namespacePids(run: Run, name: string): Promise<number[]> {
  const { stdout } = await run('ip', ['netns', 'pids', name], { allowedStatuses: [0, 1] });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function namespaceExists(run: Run, name: string): Promise<boolean> {
  const { stdout } = await run('ip', ['netns', 'list']);
  // "NAME (id: 3)" once the namespace has an id.
  return stdout.split('\n').some((line) => line.split(' ')[0] === name);
}

async function ip(run: Run, namespace: string, ...args: string[]): Promise<void> {
  await run('ip', ['-netns', namespace, ...args]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
