/** The cables of a room: a switch for each wire, the server's and the router's namespace, and the hosts' ends. */

import { z } from 'zod';
import type { Run } from '../../../lib/exec/run.ts';
import { addBridge, addCable } from '../network.ts';
import type { RegistryEntry } from '../registry.ts';
import type { NetworkKind, Wire } from './networks.ts';
import { wiresOf } from './networks.ts';

const LinkStatistics = z.tuple([
  z.object({ stats64: z.object({ tx: z.object({ bytes: z.int() }) }) }),
]);

export class RoomNetwork {
  readonly kind: NetworkKind;
  /** The main one first. */
  readonly wires: readonly [Wire, ...Wire[]];
  readonly #run: Run;
  readonly #name: string;

  /** Makes nothing yet. `name` begins the namespaces' names. */
  constructor(run: Run, name: string, kind: NetworkKind) {
    this.#run = run;
    this.#name = name;
    this.kind = kind;
    this.wires = wiresOf(kind);
  }

  /** Holds all bridges; virtual machines run in it. */
  get switchNamespace(): string {
    return `${this.#name}-switch`;
  }

  get serverNamespace(): string {
    return `${this.#name}-server`;
  }

  get routerNamespace(): string {
    return `${this.#name}-router`;
  }

  /** Makes all of it; `registry` takes it away again. `hasServer` false: the server will be a virtual machine. */
  async build(registry: RegistryEntry, { hasServer }: { hasServer: boolean }): Promise<void> {
    await this.#addNamespace(registry, this.switchNamespace);
    await this.#addNamespace(registry, this.routerNamespace);
    if (hasServer) await this.#addNamespace(registry, this.serverNamespace);
    for (const [index, wire] of this.wires.entries()) {
      const { bridge, subnet } = wire;
      await addBridge(this.#run, this.switchNamespace, bridge);
      const plug = async (
        namespace: string,
        interfaceName: string,
        end: { readonly address: string; readonly machine: number; readonly port: string },
      ): Promise<void> =>
        addCable(this.#run, {
          namespace,
          interfaceName,
          bridge,
          port: `${end.port}${index}`,
          switchNamespace: this.switchNamespace,
          mac: macOf(index, end.machine),
          address: `${end.address}/${subnet.prefixLength}`,
        });
      const { routerAddress: address, routerInterface, serverInterface } = wire;
      await plug(this.routerNamespace, routerInterface, { address, machine: 254, port: 'router' });
      await this.#ip(
        this.routerNamespace,
        'address',
        'add',
        `${routerPrefix(index)}1/64`,
        'dev',
        routerInterface,
        'nodad',
      );
      if (!hasServer || serverInterface === null) continue;
      const server = { address: subnet.serverAddress, machine: 0, port: 'server' };
      await plug(this.serverNamespace, serverInterface, server);
    }
    if (this.kind === 'relayed') await this.#forward();
    if (!hasServer) return;
    await this.#ip(this.serverNamespace, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0');
    const [main, ...others] = this.wires;
    for (const { serverInterface, subnet } of others) {
      if (serverInterface !== null) continue;
      const network = `${subnet.networkAddress}/${subnet.prefixLength}`;
      await this.#ip(this.serverNamespace, 'route', 'add', network, 'via', main.routerAddress);
    }
  }

  /** A namespace of this machine on a wire, by "eth0", that asks as a host's firmware would; returns its name. */
  async addClient(registry: RegistryEntry, wire: string): Promise<string> {
    const index = this.wires.findIndex(({ subnet }) => subnet.name === wire);
    const { bridge, subnet } = this.#wireOf(wire);
    const namespace = `${this.#name}-client${index}`;
    await this.#addNamespace(registry, namespace);
    const address = subnet.networkAddress.replace(/0$/, '50');
    await addCable(this.#run, {
      namespace,
      bridge,
      switchNamespace: this.switchNamespace,
      port: `client${index}`,
      address: `${address}/${subnet.prefixLength}`,
      mac: macOf(index, 50),
    });
    return namespace;
  }

  /** The end of a host's cable, in the namespace of the switch. `wire` is a subnet's name. */
  async addTap(tap: string, wire: string): Promise<void> {
    await this.addLooseTap(tap);
    await this.moveTap(tap, wire);
  }

  /** The end of a cable that has a light, and nobody at its other end. */
  async addLooseTap(tap: string): Promise<void> {
    await this.#ip(this.switchNamespace, 'tuntap', 'add', tap, 'mode', 'tap');
    await this.#ip(this.switchNamespace, 'link', 'set', tap, 'up');
  }

  /** Plugs a host's cable into another switch, as when the computer is carried to another room. */
  async moveTap(tap: string, wire: string): Promise<void> {
    const { bridge } = this.#wireOf(wire);
    await this.#ip(this.switchNamespace, 'link', 'set', tap, 'master', bridge, 'up');
  }

  /** What the switch has sent into a host's cable: bytes of Ethernet frames. */
  async bytesInto(tap: string): Promise<number> {
    const { stdout } = await this.#run('ip', [
      '-netns',
      this.switchNamespace,
      '-json',
      '-statistics',
      'link',
      'show',
      'dev',
      tap,
    ]);
    const [link] = LinkStatistics.parse(JSON.parse(stdout));
    return link.stats64.tx.bytes;
  }

  #wireOf(name: string): Wire {
    const found = this.wires.find(({ subnet }) => subnet.name === name);
    if (found === undefined) throw new TypeError(`there is no wire ${name}`);
    return found;
  }

  async #forward(): Promise<void> {
    const command = ['sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1'];
    await this.#run('ip', ['netns', 'exec', this.routerNamespace, ...command]);
  }

  async #addNamespace(registry: RegistryEntry, name: string): Promise<void> {
    registry.addNamespace(name);
    await this.#run('ip', ['netns', 'add', name]);
    await this.#ip(name, 'link', 'set', 'lo', 'up');
  }

  async #ip(namespace: string, ...args: string[]): Promise<void> {
    await this.#run('ip', ['-netns', namespace, ...args]);
  }
}

/** A locally administered address; rooms share no wire, so theirs may be the same. Hosts are of wire 0, also elsewhere. */
export function macOf(wire: number, machine: number): string {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `02:0c:20:00:${hex(wire)}:${hex(machine)}`;
}

/** The beginning of a wire's IPv6 network, "fd77:0:0:1::", which leads nowhere. */
export function routerPrefix(wire: number): string {
  return `fd77:0:0:${wire}::`;
}
