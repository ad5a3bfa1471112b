/** Multicast leaves by the right interface, and comes back to who has joined. */

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Run } from '../../../lib/exec/run.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { routeTo } from '../../../lib/network/route.ts';
import type { Check } from '../check.ts';
import { failure, ok, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

/** Of the range that stays inside an organisation (RFC 2365), as UDPcast's own. */
const GROUP = '239.255.77.77';
const TIMEOUT_MS = 2000;
/** Of the ports of sessions (server/sessions/ports.ts), which firewalls let in: to the others they need not. */
const FIRST_PORT = 9000;
const LAST_PORT = 9999;

export const multicast: Check = {
  name: 'multicast',
  title: 'multicast loop-back and route',
  rootBecause: null,
  needs: { address: true },
  examine: async ({ run, site }) =>
    Promise.all(
      site.subnets.map(async (subnet) => {
        const about = subnetLabel(subnet);
        const heard = await loopBack(subnet.serverAddress);
        return judgeMulticast(about, subnet, heard, await routeOf(run));
      }),
    ),
};

/** null when the packet came back, otherwise why not. */
export type LoopBack = string | null;

/** Sends a packet to a group by the interface of `address` and waits until it comes back to this machine. */
export async function loopBack(address: string): Promise<LoopBack> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    socket.bind({ address: '0.0.0.0', port });
    await once(socket, 'listening', { signal });
    socket.addMembership(GROUP, address);
    socket.setMulticastInterface(address);
    socket.setMulticastLoopback(true);
    // It must not reach other networks.
    socket.setMulticastTTL(1);
    const text = `openclone doctor ${randomInt(2 ** 40)}`;
    const heard = new Promise<void>((resolve) => {
      socket.on('message', (bytes, from) => {
        if (bytes.toString('latin1') === text && from.address === address) resolve();
      });
    });
    const over = once(signal, 'abort').then(() => {
      throw new Error('the packet did not come back');
    });
    const failed = once(socket, 'error').then(([error]: unknown[]) => {
      throw error instanceof Error ? error : new Error(String(error));
    });
    socket.send(text, port, GROUP);
    await Promise.race([heard, over, failed]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    socket.close();
  }
}

/** The interface that programs use which do not name one, and UDPcast beyond a router; null when there is no route. */
async function routeOf(run: Run): Promise<string | null> {
  return routeTo(run, GROUP).then(
    ({ interfaceName }) => interfaceName,
    () => null,
  );
}

export function judgeMulticast(
  about: string,
  { interfaceName, serverAddress, relayed }: Subnet,
  heard: LoopBack,
  route: string | null,
): Finding {
  const addRoute = `systemctl restart openclone.service: it adds one (ip route add 224.0.0.0/4 dev ${interfaceName})`;
  if (heard !== null) {
    const found = `a packet from ${serverAddress} to a group did not come back: ${heard}`;
    const remedy = `See whether ${interfaceName} is up and says MULTICAST (ip link show ${interfaceName}), and whether a firewall rule drops 224.0.0.0/4.`;
    return failure(about, found, remedy);
  }
  // In its own network UDPcast goes by the card that it is told and that card's broadcast address.
  if (route === null && relayed) {
    const found =
      'there is no route for multicast, nor a default route: no transmission gets behind the router';
    return failure(about, found, addRoute);
  }
  return ok(about, `a packet to a group leaves by ${interfaceName} and comes back`);
}
