/**
 * A room whose hosts are virtual machines that boot by network: the real server, dnsmasq with the installer's template,
 * the boot loaders of the distribution, a root file system as netboot-rootfs builds it, and NFS.
 */

import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LEASE_FILE, dnsmasqConfig } from '../../../installer/templates/dnsmasq.ts';
import { placeLoaders } from '../../../installer/loaders.ts';
import { run as plainRun, type Run } from '../../../lib/exec/run.ts';
import type { Service, ServiceEnd } from '../../../lib/exec/service.ts';
import type { RootTransport, Site } from '../../../lib/model/site.ts';
import { addMachine, addSwitch } from '../network.ts';
import { Program } from '../program.ts';
import { RegistryEntry, sweepLeftovers } from '../registry.ts';
import {
  FIRST_ADDRESS,
  LAST_ADDRESS,
  ROUTER_ADDRESS,
  SERVER_ADDRESS,
  labSite,
} from './lab-site.ts';
import { Machine, type MachineOptions } from './machine.ts';
import { installRootfs } from './rootfs.ts';
import {
  foreignDhcp,
  ganeshaCommand,
  ganeshaConfig,
  routerAdvertisements,
  startIn,
} from './services.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
/** Not /tmp, which may be in memory. */
const SCRATCH_PARENT = '/var/tmp';
/** Bases of root file systems stay there; builds share files with them, so they lie on the same file system. */
const CACHE = '/var/cache/openclone-lab';
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 20_000;

export type VmRoomOptions = {
  /** `proxy`: another server gives the addresses. */
  readonly dhcp: 'full' | 'proxy';
  readonly rootTransport: RootTransport;
  readonly signal?: AbortSignal;
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
  readonly directory: string;
  readonly logDirectory: string;
  readonly socketPath: string;
  readonly run: Run;
  readonly signal: AbortSignal | undefined;
  readonly #name: string;
  readonly #registry: RegistryEntry;
  readonly #options: VmRoomOptions;
  readonly #services: Service[] = [];
  readonly #machines: Machine[] = [];
  #server: Program | null = null;
  #hostCount = 0;
  #buildId = '';

  /** Only openVmRoom calls it. */
  constructor(options: VmRoomOptions) {
    this.#options = options;
    this.signal = options.signal;
    this.#name = `ocvm-${process.pid}-${randomBytes(2).toString('hex')}`;
    this.directory = join(SCRATCH_PARENT, this.#name);
    this.logDirectory = join(this.directory, 'logs');
    this.socketPath = join(this.directory, 'server.socket');
    this.site = labSite(options, {
      room: this.directory,
      netboot: join(CACHE, 'rooms', this.#name),
    });
    this.#registry = new RegistryEntry(this.#name);
    const { signal } = options;
    this.run = (tool, args, runOptions) =>
      plainRun(tool, args, { ...runOptions, ...(signal === undefined ? {} : { signal }) });
  }

  /** Only openVmRoom calls it. */
  async build(): Promise<void> {
    const { netbootDirectory, tftpDirectory } = this.site;
    this.#registry.addDirectory(this.directory);
    this.#registry.addDirectory(netbootDirectory);
    // dnsmasq reads TFTP below it as a user of its own.
    mkdirSync(this.directory, { mode: 0o755 });
    for (const each of [this.logDirectory, this.site.imageDirectory]) mkdirSync(each);
    mkdirSync(netbootDirectory, { recursive: true, mode: 0o755 });
    this.#registry.addNamespace(this.#switchNamespace);
    await addSwitch(this.run, this.#switchNamespace);
    await this.#addMachine(this.serverNamespace, 'server', SERVER_ADDRESS, 0);
    await this.#addMachine(this.#routerNamespace, 'router', ROUTER_ADDRESS, 254);
    await this.#ip(this.#routerNamespace, 'address', 'add', 'fd77::1/64', 'dev', 'eth0', 'nodad');
    await placeLoaders(this.run, this.site);
    mkdirSync(join(tftpDirectory, 'grub/hosts'), { recursive: true });
    for (const { name } of this.site.subnets) {
      mkdirSync(join(tftpDirectory, 'bios', name, 'pxelinux.cfg'), { recursive: true });
    }
    this.#startRouter();
    this.startDnsmasq();
  }

  get serverNamespace(): string {
    return `${this.#name}-server`;
  }

  /** What the hosts boot; empty before `open`. */
  get buildId(): string {
    return this.#buildId;
  }

  /** Starts everything that hosts need, up to automatic registration. */
  async open(): Promise<void> {
    await this.startServer();
    const build = await installRootfs(this.run, this.site, {
      certificateFile: join(this.directory, 'data/tls/server.crt'),
      directory: this.directory,
      cache: join(CACHE, 'netboot'),
    });
    this.#buildId = build.id;
    if (this.site.rootTransport === 'nfs') this.startNfs();
    await this.cli(['boot', 'refresh']);
    await this.cli(['settings', '--automatic-registration', 'on']);
  }

  /** A machine on the room's switch, off at first. */
  async addHost(options: Partial<Omit<MachineOptions, 'mac' | 'name'>> = {}): Promise<Machine> {
    this.#hostCount += 1;
    const number = this.#hostCount;
    const tap = `tap${number}`;
    await this.#ip(this.#switchNamespace, 'tuntap', 'add', tap, 'mode', 'tap');
    await this.#ip(this.#switchNamespace, 'link', 'set', tap, 'master', 'br0', 'up');
    const name = `host${number}`;
    const defaults = {
      firmware: 'bios',
      memoryMebibytes: 768,
      disk: null,
      nic: 'virtio-net-pci',
    } as const;
    const machine = new Machine(
      { ...defaults, ...options, name, mac: macOf(number) },
      {
        ...{ namespace: this.#switchNamespace, tap, directory: this.directory },
        logFile: join(this.logDirectory, `${name}.log`),
      },
    );
    this.#machines.push(machine);
    return machine;
  }

  /** Our dnsmasq as the installer configures it; only its lease file lies elsewhere. */
  startDnsmasq(): Service {
    const text = dnsmasqConfig(this.site).replace(LEASE_FILE, join(this.directory, 'leases'));
    return this.#startDnsmasq(this.serverNamespace, 'dnsmasq', text);
  }

  /** The root file systems by NFS, in place of the kernel's server. */
  startNfs(): Service {
    const configuration = join(this.directory, 'ganesha.conf');
    const stateDirectory = join(this.directory, 'ganesha');
    mkdirSync(stateDirectory);
    writeFileSync(
      configuration,
      ganeshaConfig({
        directory: this.site.netbootDirectory,
        address: SERVER_ADDRESS,
        stateDirectory,
      }),
    );
    const log = join(this.logDirectory, 'ganesha.log');
    const [tool = '', ...args] = ganeshaCommand({ configuration, log });
    return this.#start({ namespace: this.serverNamespace, logFile: log }, tool, args);
  }

  /** Starts the real server with the room's site and waits until it is ready. */
  async startServer(): Promise<Program> {
    const siteFile = join(this.directory, 'site.json');
    writeFileSync(siteFile, JSON.stringify(this.site));
    const server = new Program({
      name: 'the server',
      namespace: this.serverNamespace,
      file: join(PROJECT, 'server/main.ts'),
      args: [
        ...['--site', siteFile, '--data', join(this.directory, 'data')],
        ...['--images', this.site.imageDirectory, '--socket', this.socketPath],
      ],
      logFile: join(this.logDirectory, 'server.log'),
    });
    this.#server = server;
    await server.waitForEvent('ready', START_TIMEOUT_MS, this.signal);
    return server;
  }

  /** Ends the server as systemd would. */
  async stopServer(): Promise<ServiceEnd | null> {
    return (await this.#server?.stop(STOP_GRACE_MS)) ?? null;
  }

  /** Ends it without a word, as a power cut would. */
  async killServer(): Promise<void> {
    await this.#server?.kill();
  }

  /** Runs `openclone --json ARGS…` against the room's server; throws when it fails. */
  async cli(args: readonly string[]): Promise<unknown> {
    const { stdout } = await this.run(process.execPath, [
      ...[join(PROJECT, 'cli/main.ts'), '--socket', this.socketPath, '--json', ...args],
    ]);
    return stdout.trim() === '' ? null : JSON.parse(stdout);
  }

  /** Everybody whom the server knows. */
  async hosts(): Promise<HostList> {
    return HostList.parse(await this.cli(['host', 'list']));
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
    await this.#server?.kill();
    for (const service of this.#services) service.kill('SIGKILL');
    await Promise.all(this.#services.map(({ ended }) => ended));
    await this.#registry.remove(plainRun);
  }

  get #switchNamespace(): string {
    return `${this.#name}-switch`;
  }

  get #routerNamespace(): string {
    return `${this.#name}-router`;
  }

  #startRouter(): void {
    const text =
      this.#options.dhcp === 'full'
        ? routerAdvertisements()
        : foreignDhcp({
            ...{ firstAddress: FIRST_ADDRESS, lastAddress: LAST_ADDRESS, router: ROUTER_ADDRESS },
            leaseFile: join(this.directory, 'router-leases'),
          });
    this.#startDnsmasq(this.#routerNamespace, 'router', text);
  }

  #startDnsmasq(namespace: string, name: string, text: string): Service {
    const file = join(this.directory, `${name}.conf`);
    writeFileSync(file, text);
    for (const each of ['leases', 'router-leases'])
      writeFileSync(join(this.directory, each), '', { flag: 'a', mode: 0o666 });
    return this.#start({ namespace, logFile: join(this.logDirectory, `${name}.log`) }, 'dnsmasq', [
      ...['--keep-in-foreground', `--conf-file=${file}`],
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

  async #addMachine(
    namespace: string,
    port: string,
    address: string,
    number: number,
  ): Promise<void> {
    this.#registry.addNamespace(namespace);
    await addMachine(this.run, {
      ...{ namespace, port, mac: macOf(number), address: `${address}/24` },
      switchNamespace: this.#switchNamespace,
    });
  }

  async #ip(namespace: string, ...args: string[]): Promise<void> {
    await this.run('ip', ['-netns', namespace, ...args]);
  }
}

/** The part of `openclone --json host list` that scenarios look at. */
const HostList = z.array(z.object({ mac: z.string(), name: z.string(), approval: z.string() }));
type HostList = z.infer<typeof HostList>;

/** A locally administered address; rooms share no wire, so theirs may be the same. */
function macOf(machine: number): string {
  return `02:0c:20:00:00:${machine.toString(16).padStart(2, '0')}`;
}
