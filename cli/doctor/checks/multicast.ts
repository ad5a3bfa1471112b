/** Multicast leaves by the right interface, and comes back to who has joined. */

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Run } from '../../../lib/exec/run.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { routeTo } from '../../../lib/network/route.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, saidBy, type Finding, type Words } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

/** Of the range that stays inside an organisation (RFC 2365), as UDPcast's own. */
const GROUP = '239.255.77.77';
const TIMEOUT_MS = 2000;
/** Of the ports of sessions (server/sessions/ports.ts), which firewalls let in: to the others they need not. */
const FIRST_PORT = 9000;
const LAST_PORT = 9999;

export const multicast: Check = {
  name: 'multicast',
  title: message('check.multicast'),
  rootBecause: null,
  needs: { address: true },
  perform: async ({ run, site }) =>
    Promise.all(
      site.subnets.map(async (subnet) => {
        const about = subnetLabel(subnet);
        const heard = await loopBack(subnet.serverAddress);
        return judgeMulticast(about, subnet, heard, await routeOf(run));
      }),
    ),
};

/** What became of a packet that was to come back to this machine. */
export type LoopBack =
  | { readonly type: 'back' }
  | { readonly type: 'lost' }
  | { readonly type: 'failed'; readonly said: string };

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
    const heard = new Promise<LoopBack>((resolve) => {
      socket.on('message', (bytes, from) => {
        if (bytes.toString('latin1') === text && from.address === address) {
          resolve({ type: 'back' });
        }
      });
    });
    const over = once(signal, 'abort').then((): LoopBack => ({ type: 'lost' }));
    const failed = once(socket, 'error').then(([error]: unknown[]) => {
      throw error instanceof Error ? error : new Error(String(error));
    });
    socket.send(text, port, GROUP);
    return await Promise.race([heard, over, failed]);
  } catch (error) {
    return { type: 'failed', said: saidBy(error) };
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
  about: Words,
  { interfaceName, serverAddress, relayed }: Subnet,
  heard: LoopBack,
  route: string | null,
): Finding {
  if (heard.type !== 'back') {
    const found =
      heard.type === 'lost'
        ? message('multicast.lost', { address: serverAddress })
        : message('multicast.failed', { address: serverAddress, said: heard.said });
    return failure(about, found, message('remedy.see-multicast', { interfaceName }));
  }
  // In its own network UDPcast goes by the card that it is told and that card's broadcast address.
  if (route === null && relayed) {
    const addRoute = message('remedy.add-route', { interfaceName });
    return failure(about, message('multicast.no-route'), addRoute);
  }
  return ok(about, message('multicast.good', { interfaceName }));
}
