/** What runs in a room beside our own programs: dnsmasq of the server and of the router, and the NFS server. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEASE_FILE, dnsmasqConfig } from '../../../installer/templates/dnsmasq.ts';
import type { Service } from '../../../lib/exec/service.ts';
import type { Site } from '../../../lib/model/site.ts';
import type { RoomNetwork } from './room-network.ts';
import { ganeshaCommand, ganeshaConfig, routerConfig, startIn } from './services.ts';

export class RoomServices {
  readonly #network: RoomNetwork;
  readonly #site: Site;
  readonly #directory: string;
  readonly #logDirectory: string;
  readonly #services: Service[] = [];
  #nfs: Service | null = null;

  constructor(
    network: RoomNetwork,
    site: Site,
    directories: { readonly room: string; readonly logs: string },
  ) {
    this.#network = network;
    this.#site = site;
    this.#directory = directories.room;
    this.#logDirectory = directories.logs;
  }

  /** Our dnsmasq as the installer configures it; only its lease file lies elsewhere. */
  startDnsmasq(): Service {
    const text = dnsmasqConfig(this.#site).replace(LEASE_FILE, this.#leaseFile('dnsmasq'));
    return this.#startDnsmasq(this.#network.serverNamespace, 'dnsmasq', text);
  }

  /** The dnsmasq of others: see routerConfig. */
  startRouter(): Service {
    const text = routerConfig(this.#network, this.#leaseFile('router'));
    return this.#startDnsmasq(this.#network.routerNamespace, 'router', text);
  }

  /** The root file systems by NFS, in place of the kernel's server. */
  startNfs(): Service {
    const configuration = join(this.#directory, 'ganesha.conf');
    const stateDirectory = join(this.#directory, 'ganesha');
    mkdirSync(stateDirectory, { recursive: true });
    const { netbootDirectory: directory } = this.#site;
    writeFileSync(configuration, ganeshaConfig({ directory, stateDirectory }));
    const log = join(this.#logDirectory, 'ganesha.log');
    const [tool = '', ...args] = ganeshaCommand({ configuration, log });
    this.#nfs = this.#start({ namespace: this.#network.serverNamespace, logFile: log }, tool, args);
    return this.#nfs;
  }

  async stopNfs(): Promise<void> {
    this.#nfs?.kill('SIGKILL');
    await this.#nfs?.ended;
  }

  /** Ends all of them, however often it is called. */
  async stop(): Promise<void> {
    for (const service of this.#services) service.kill('SIGKILL');
    await Promise.all(this.#services.map(({ ended }) => ended));
  }

  #leaseFile(name: string): string {
    return join(this.#directory, `${name}-leases`);
  }

  #startDnsmasq(namespace: string, name: string, text: string): Service {
    const file = join(this.#directory, `${name}.conf`);
    writeFileSync(file, text);
    writeFileSync(this.#leaseFile(name), '', { flag: 'a', mode: 0o666 });
    return this.#start({ namespace, logFile: join(this.#logDirectory, `${name}.log`) }, 'dnsmasq', [
      '--keep-in-foreground',
      `--conf-file=${file}`,
    ]);
  }

  #start(
    place: { readonly namespace: string; readonly logFile: string },
    tool: string,
    args: readonly string[],
  ): Service {
    const service = startIn(place, tool, args);
    this.#services.push(service);
    return service;
  }
}
