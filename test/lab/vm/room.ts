/**
 * A room whose hosts are virtual machines that boot by network: the real server, dnsmasq with the installer's template,
 * the boot loaders of the distribution, a root file system as netboot-rootfs builds it, and NFS.
 */

import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { placeLoaders } from '../../../installer/loaders/install.ts';
import { run as plainRun, type Run } from '../../../lib/exec/run.ts';
import type { RootTransport, Site } from '../../../lib/model/site.ts';
import type { Packing } from '../../../netboot-rootfs/squashfs.ts';
import type { Suite } from '../install/suite.ts';
import { RegistryEntry, sweepLeftovers } from '../registry.ts';
import { labSite } from './lab-site.ts';
import { Machine, type MachineOptions } from './machine.ts';
import { NfsMachine } from './nfs-machine.ts';
import type { NetworkKind } from './networks.ts';
import { RoomNetwork, macOf } from './room-network.ts';
import { RoomServer } from './room-server.ts';
import { RoomServices } from './room-services.ts';
import { installRootfs } from './rootfs.ts';
import { keepLogs } from '../../support/keep.ts';

/** Not /tmp, which may be in memory. */
const SCRATCH_PARENT = '/var/tmp';
/** Bases of root file systems stay there; builds share files with them, so they lie on the same file system. */
const CACHE = '/var/cache/openclone-lab';

export type RoomKind = {
  readonly network: NetworkKind;
  readonly rootTransport: RootTransport;
  /** `processes`: in a namespace of this machine · `machine`: the scenario brings one that is a computer of its own. */
  readonly server: 'processes' | 'machine';
  /** Who serves the hosts' roots by NFS; nfs-ganesha in a namespace when absent. */
  readonly nfsServer?: 'ganesha' | 'kernel';
  /** A shorter round of the hosts' watchdog, where a scenario is about what it does and not about when. */
  readonly watchdogSeconds?: number;
};

export type VmRoomOptions = RoomKind & {
  readonly suite: Suite;
  readonly signal?: AbortSignal;
  /** How the root file system is packed: "quick" when absent. */
  readonly packing?: Packing;
};

/** Makes network, boot loaders and DHCP; the server and its root file system are started apart. */
export async function openVmRoom(options: VmRoomOptions): Promise<VmRoom> {
  if (process.getuid?.() !== 0) throw new Error('the lab makes namespaces: run it as root');
  await sweepLeftovers(plainRun);
  const room = new VmRoom(options);
  try {
    await room.build();
  } catch (error) {
    await room.close();
    throw error;
  }
  return room;
}

export class VmRoom {
  readonly site: Site;
  readonly network: RoomNetwork;
  readonly server: RoomServer;
  readonly directory: string;
  readonly logDirectory: string;
  readonly run: Run;
  readonly signal: AbortSignal | undefined;
  /** The Debian of the hosts' root file system, and of a server that is a machine. */
  readonly suite: Suite;
  readonly #options: VmRoomOptions;
  readonly #registry: RegistryEntry;
  readonly #services: RoomServices;
  readonly #machines: Machine[] = [];
  #nfsMachine: NfsMachine | null = null;
  #hostCount = 0;
  #buildId = '';
  #squashfsBytes = 0;

  /** Only openVmRoom calls it. */
  constructor(options: VmRoomOptions) {
    this.#options = options;
    const { signal, suite } = options;
    this.signal = signal;
    this.suite = suite;
    const name = `ocvm-${process.pid}-${randomBytes(2).toString('hex')}`;
    this.run = (tool, args, runOptions) =>
      plainRun(tool, args, { ...runOptions, ...(signal === undefined ? {} : { signal }) });
    this.directory = join(SCRATCH_PARENT, name);
    this.logDirectory = join(this.directory, 'logs');
    this.network = new RoomNetwork(this.run, name, options.network);
    const { wires } = this.network;
    const { rootTransport, watchdogSeconds = null } = options;
    const directories = { room: this.directory, netboot: join(CACHE, 'rooms', name) };
    this.site = labSite({ wires, rootTransport, watchdogSeconds }, directories);
    const { directory, logDirectory: logs, run, site } = this;
    this.server = new RoomServer({
      run,
      site,
      directory,
      signal,
      namespace: this.network.serverNamespace,
      logFile: join(logs, 'server.log'),
    });
    this.#services = new RoomServices(this.network, site, { room: directory, logs });
    this.#registry = new RegistryEntry(name);
  }

  /** Only openVmRoom calls it. */
  async build(): Promise<void> {
    const { netbootDirectory } = this.site;
    this.#registry.addDirectory(this.directory);
    this.#registry.addDirectory(netbootDirectory);
    // dnsmasq reads TFTP below it as a user of its own.
    mkdirSync(this.directory, { mode: 0o755 });
    mkdirSync(this.logDirectory);
    const hasServer = this.#options.server === 'processes';
    await this.network.build(this.#registry, { hasServer });
    this.#services.startRouter();
    if (!hasServer) return;
    mkdirSync(this.site.imageDirectory);
    mkdirSync(netbootDirectory, { recursive: true, mode: 0o755 });
    await placeLoaders(this.run, this.site);
    this.#makeBootDirectories();
    this.#services.startDnsmasq();
  }

  /** What the hosts boot; empty before `open`. */
  get buildId(): string {
    return this.#buildId;
  }

  /** Of what the hosts boot; 0 before `open`. */
  get squashfsBytes(): number {
    return this.#squashfsBytes;
  }

  /** Starts everything that hosts need, up to automatic registration; nothing where the server is a machine. */
  async open(): Promise<void> {
    if (this.#options.server === 'machine') return;
    await this.server.start();
    await this.buildRootfs();
    if (this.#options.nfsServer === 'kernel') {
      const { directory, network, site, suite } = this;
      const log = join(this.logDirectory, 'nfs.log');
      this.#nfsMachine = await NfsMachine.make(this.run, { network, site, directory, log, suite });
    }
    await this.startNfs();
    await this.server.cli(['settings', '--automatic-registration', 'on']);
  }

  /** Makes a build with the server's certificate, which hosts boot from now on. */
  async buildRootfs(changeEngine?: (program: string) => string): Promise<void> {
    const build = await installRootfs(this.run, this.site, {
      certificateFile: this.server.certificateFile,
      directory: this.directory,
      cache: join(CACHE, 'netboot'),
      suite: this.suite,
      packing: this.#options.packing ?? 'quick',
      ...(changeEngine === undefined ? {} : { changeEngine }),
    });
    this.#buildId = build.id;
    this.#squashfsBytes = build.squashfs?.sizeBytes ?? 0;
    await this.server.cli(['boot', 'refresh']);
  }

  /** The server's firewall takes nothing to the port; `unblock` ends it. */
  async block(protocol: 'tcp' | 'udp', port: number): Promise<void> {
    await this.#nft('add table inet lab');
    await this.#nft('add chain inet lab input { type filter hook input priority 0; }');
    await this.#nft(`add rule inet lab input ${protocol} dport ${port} drop`);
  }

  async unblock(): Promise<void> {
    await this.#nft('delete table inet lab');
  }

  async #nft(command: string): Promise<void> {
    await this.run('ip', ['netns', 'exec', this.network.serverNamespace, 'nft', command]);
  }

  /** A machine on one of the room's switches, the main one when absent; off at first. */
  async addHost(
    options: Partial<Omit<MachineOptions, 'mac' | 'name' | 'otherTap'>> & {
      readonly wire?: string;
      /** A network card before the one that it boots from: its cable leads to nobody. */
      readonly hasOtherCard?: true;
    } = {},
  ): Promise<Machine> {
    this.#hostCount += 1;
    const number = this.#hostCount;
    const { wire = this.network.wires[0].subnet.name, hasOtherCard, ...machineOptions } = options;
    const name = `host${number}`;
    const tap = tapOf(number);
    await this.network.addTap(tap, wire);
    const otherTap = hasOtherCard === true ? `${tap}-other` : null;
    if (otherTap !== null) await this.network.addLooseTap(otherTap);
    const defaults = {
      firmware: 'bios',
      memoryMebibytes: 768,
      disk: null,
      moreDisks: [],
      nic: 'virtio-net-pci',
      hasScreen: false,
    } as const;
    const machine = new Machine(
      { ...defaults, ...machineOptions, name, mac: macOf(0, number), otherTap },
      {
        namespace: this.network.switchNamespace,
        tap,
        directory: this.directory,
        logFile: join(this.logDirectory, `${name}.log`),
      },
    );
    this.#machines.push(machine);
    return machine;
  }

  /** A namespace on one of the switches, for programs that ask as a host would. */
  async addClient(wire: string): Promise<string> {
    return this.network.addClient(this.#registry, wire);
  }

  /** Carries a machine to another switch. */
  async moveHost(machine: Machine, wire: string): Promise<void> {
    await this.network.moveTap(tapOf(this.#machines.indexOf(machine) + 1), wire);
  }

  /** What went into a host's cable since it was added: bytes of Ethernet frames. */
  async bytesTo(machine: Machine): Promise<number> {
    return this.network.bytesInto(tapOf(this.#machines.indexOf(machine) + 1));
  }

  /** NFS alone ends. */
  async stopNfs(): Promise<void> {
    await (this.#nfsMachine?.powerOff() ?? this.#services.stopNfs());
  }

  /** Starts NFS where hosts have their roots by it. */
  async startNfs(): Promise<void> {
    if (this.#nfsMachine !== null) await this.#nfsMachine.powerOn(this.signal);
    else if (this.site.rootTransport === 'nfs') this.#services.startNfs();
  }

  /** The server's power fails: its processes, NFS, DHCP and TFTP end within a moment. */
  async cutServer(): Promise<void> {
    await Promise.all([this.server.kill(), this.#services.stop(), this.#nfsMachine?.powerOff()]);
  }

  /** It has its power again, and starts everything. */
  async restoreServer(): Promise<void> {
    this.#services.startRouter();
    this.#services.startDnsmasq();
    await Promise.all([this.startNfs(), this.server.start()]);
  }

  /** Switches all hosts off. */
  async switchOff(): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine.powerOff()));
  }

  /** Copies all logs to `directory`, for people who look for a failure's cause. */
  saveLogs(directory: string): void {
    cpSync(this.logDirectory, directory, { recursive: true });
  }

  /** Switches everything off and removes it, also when some of it fails: then it throws at the end. */
  async close(): Promise<void> {
    await this.switchOff();
    await this.server.kill();
    await this.#nfsMachine?.powerOff();
    await this.#services.stop();
    keepLogs(this.logDirectory);
    await this.#registry.remove(plainRun);
  }

  /** As the installer makes them: the server writes into them, and makes none. */
  #makeBootDirectories(): void {
    const { subnets, tftpDirectory } = this.site;
    mkdirSync(join(tftpDirectory, 'grub/hosts'), { recursive: true });
    for (const { name } of subnets) {
      mkdirSync(join(tftpDirectory, 'bios', name, 'pxelinux.cfg'), { recursive: true });
    }
  }
}

function tapOf(host: number): string {
  return `tap${host}`;
}
