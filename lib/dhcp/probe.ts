/** Asks the network as a PXE client and listens who answers. It takes no lease: it never requests an address. */

import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { OperatorError } from '../errors.ts';
import { MacAddress } from '../model/names.ts';
import { answerOf, completedBy, type DhcpAnswer } from './answer.ts';
import { encodeDhcp, parseDhcp, type DhcpMessage } from './message.ts';
import {
  bootServerRequest,
  discoverMessage,
  vendorClassOf,
  type ClientArch,
  type PxeClient,
} from './pxe-client.ts';

export type DhcpProbe = {
  readonly interfaceName: string;
  readonly clientArch: ClientArch;
  /** Option 60; by the architecture when absent. */
  readonly vendorClass?: string;
  /** How long to listen. dnsmasq answers after 3 s when it has to try an address by ping first. */
  readonly timeoutMs: number;
  /** The client's; the interface's own when absent, because switches may drop what claims another. */
  readonly macAddress?: MacAddress;
  /** Ends the probe early when it says that nobody else is waited for. */
  readonly enough?: (answers: readonly DhcpAnswer[]) => boolean;
  /** Ends the probe early with what was heard so far. */
  readonly signal?: AbortSignal;
};

const CLIENT_PORT = 68;
const SERVER_PORT = 67;
const PROXY_PORT = 4011;
const EVERYBODY = '255.255.255.255';
/** A DISCOVER may get lost, and some servers only answer when a client asks again. */
const DISCOVERS = 3;

/**
 * Sends DISCOVER by `interfaceName` and returns all answers until the time is over, one per server and type. Proxies
 * that leave the boot file to their port 4011 are asked there. Servers on this machine answer as well. Throws
 * `bad-argument` when the interface has no IPv4 address, `unauthorized` without the right to use port 68 (root),
 * `not-allowed` when another program holds it for itself alone.
 *
 * Node cannot bind a socket to a device, but Linux sends a broadcast to 255.255.255.255 by the interface whose address
 * the socket is bound to (ip_route_output_key_hash_rcu in net/ipv4/route.c). Such a socket hears no broadcasts: a
 * second one does.
 */
export async function probeDhcp(probe: DhcpProbe): Promise<DhcpAnswer[]> {
  const { address, mac } = ownAddress(probe.interfaceName);
  const client: PxeClient = {
    transactionId: randomInt(1, 0xffff_ffff),
    macAddress: probe.macAddress ?? mac,
    clientArch: probe.clientArch,
    vendorClass: probe.vendorClass ?? vendorClassOf(probe.clientArch),
  };
  const sockets: Socket[] = [];
  try {
    const sender = await openSocket(address, sockets);
    const listener = await openSocket('0.0.0.0', sockets);
    return await exchange(probe, client, { address, sender, listener });
  } finally {
    for (const socket of sockets) socket.close();
  }
}

async function exchange(
  probe: DhcpProbe,
  client: PxeClient,
  wire: { readonly address: string; readonly sender: Socket; readonly listener: Socket },
): Promise<DhcpAnswer[]> {
  const { address, sender, listener } = wire;
  const answers = new Map<string, DhcpAnswer>();
  const over = Promise.withResolvers<undefined>();
  const timers: NodeJS.Timeout[] = [];
  const finish = (): void => over.resolve(undefined);
  const send = (message: DhcpMessage, port: number, to: string): void => {
    sender.send(encodeDhcp(message), port, to, (error) => {
      if (error !== null) over.reject(sendError(probe.interfaceName, error));
    });
  };
  const keep = (answer: DhcpAnswer): void => {
    answers.set(keyOf(answer), answer);
    if (probe.enough?.([...answers.values()]) === true) finish();
  };
  const hear = (bytes: Buffer, from: RemoteInfo): void => {
    const message = messageFor(client, bytes);
    if (message === null) return;
    const answer = answerOf(message, from.address);
    if (answer === null) {
      for (const each of answers.values()) {
        const completed = each.type === 'proxy' ? completedBy(each, message, from.address) : null;
        if (completed === null) continue;
        keep(completed);
        break;
      }
      return;
    }
    if (answers.get(keyOf(answer))?.bootFileFrom === 'port-4011') return;
    keep(answer);
    if (answer.type === 'offer' || answer.bootFile !== null) return;
    // By broadcast as well: to an address of this very machine a packet goes by "lo", where dnsmasq does not serve.
    const question = bootServerRequest(client, {
      clientAddress: address,
      serverAddress: answer.serverAddress,
      bootItem: answer.bootItem,
    });
    send(question, PROXY_PORT, answer.serverAddress);
    send(question, PROXY_PORT, EVERYBODY);
  };
  for (const socket of [sender, listener]) {
    socket.on('message', hear);
    socket.on('error', (error) => over.reject(sendError(probe.interfaceName, error)));
  }
  probe.signal?.addEventListener('abort', finish, { once: true });
  if (probe.signal?.aborted === true) finish();
  for (let turn = 0; turn < DISCOVERS; turn += 1) {
    const afterMs = (turn * probe.timeoutMs) / DISCOVERS;
    const discover = discoverMessage(client, Math.round(afterMs / 1000));
    timers.push(setTimeout(() => send(discover, SERVER_PORT, EVERYBODY), afterMs));
  }
  timers.push(setTimeout(finish, probe.timeoutMs));
  try {
    await over.promise;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    probe.signal?.removeEventListener('abort', finish);
  }
  return [...answers.values()].toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

/** The message when it is an answer to this client. */
function messageFor(client: PxeClient, bytes: Buffer): DhcpMessage | null {
  try {
    const message = parseDhcp(bytes);
    const ours =
      message.transactionId === client.transactionId && message.macAddress === client.macAddress;
    return ours ? message : null;
  } catch (error) {
    // Anybody may send anything to this port.
    if (error instanceof OperatorError) return null;
    throw error;
  }
}

function keyOf({ type, serverAddress }: DhcpAnswer): string {
  return `${type} ${serverAddress}`;
}

function ownAddress(interfaceName: string): { address: string; mac: MacAddress } {
  const found = networkInterfaces()[interfaceName]?.find(({ family }) => family === 'IPv4');
  if (found !== undefined) return { address: found.address, mac: MacAddress.parse(found.mac) };
  throw new OperatorError({
    code: 'bad-argument',
    message: `looking for DHCP servers by the interface ${interfaceName}`,
    hint: `Give ${interfaceName} an IPv4 address first: \`ip address show ${interfaceName}\`.`,
    cause: new Error('it has no IPv4 address, or is down, or does not exist'),
  });
}

/** The machine's own DHCP client may have port 68 too: clients share it (SO_REUSEADDR). */
async function openSocket(address: string, sockets: Socket[]): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  sockets.push(socket);
  try {
    socket.bind({ address, port: CLIENT_PORT, exclusive: true });
    await once(socket, 'listening');
    socket.setBroadcast(true);
    return socket;
  } catch (cause) {
    throw bindError(cause);
  }
}

function bindError(cause: unknown): OperatorError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const message = `opening UDP port ${CLIENT_PORT} to ask for DHCP servers`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new OperatorError({ code: 'unauthorized', message, hint: 'Do this as root.', cause });
  }
  return new OperatorError({
    code: 'not-allowed',
    message,
    hint: `See which program holds it for itself alone: \`ss -lunp sport = :${CLIENT_PORT}\`.`,
    cause,
  });
}

function sendError(interfaceName: string, cause: Error): OperatorError {
  return new OperatorError({
    code: 'connection-failed',
    message: `asking for DHCP servers by the interface ${interfaceName}`,
    hint: 'See whether the link is up and no firewall rule forbids DHCP.',
    cause,
  });
}
