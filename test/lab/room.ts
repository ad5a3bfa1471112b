/**
 * A room of virtual hosts: a network namespace each, joined by a bridge, one more for the server; disks are sparse
 * files on loop devices; the real server, engines and command line run in it. For tests, benchmark and `npm run lab`.
 */

import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { run as plainRun, type Run } from '../../lib/exec/run.ts';
import { startService, type ServiceEnd } from '../../lib/exec/service.ts';
import type { Bytes } from '../../lib/units.ts';
import { attachLoop, detachLoops, loopDevicesOf, type LoopOptions } from './loop-device.ts';
import { INTERFACE, addMachine, addSwitch, namespacePids, shapeLink } from './network.ts';
import { Program } from './program.ts';
import { RegistryEntry, sweepLeftovers } from './registry.ts';
import { keepLogs } from '../support/keep.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
/** Not /tmp, which may be in memory. */
const SCRATCH_PARENT = '/var/tmp';
const SERVER_ADDRESS = '10.91.0.1';
const SERVER_PORT = 7700;
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 20_000;
const RMEM_MAX = '/proc/sys/net/core/rmem_max';
/** What udp-receiver asks for (docs/field-notes.md). */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** As many as fit into the room's subnet beside the server, with some left over. */
export const MAX_HOSTS = 200;

export type RoomOptions = {
  /** How many; they are numbered from 1. */
  readonly hosts: number;
  /** Until it is ended by hand: `npm run lab -- --end` finds it. */
  readonly stays?: boolean;
  /** Limits what leaves the server: "200mbit" (tc(8)). */
  readonly rate?: string;
  /** Ends every tool that the room runs; `close` still works. */
  readonly signal?: AbortSignal;
};

/** What the command line said. */
export type CliResult = {
  readonly exitStatus: number;
  /** Its one JSON document; null when it printed none. */
  readonly document: unknown;
  readonly stderr: string;
};

export type BlankDisk = { readonly file: string; readonly device: string };

/** Removes what killed labs left, then makes the network. The room must be closed, whatever happens. */
export async function openRoom(options: RoomOptions): Promise<Room> {
  if (process.getuid?.() !== 0)
    throw new Error('the lab makes namespaces and disks: run it as root');
  if (!Number.isInteger(options.hosts) || options.hosts < 1 || options.hosts > MAX_HOSTS) {
    throw new RangeError(`a room has 1 to ${MAX_HOSTS} hosts`);
  }
  const swept = await sweepLeftovers(plainRun);
  const room = new Room(options, swept);
  try {
    await room.build();
  } catch (error) {
    await room.close();
    throw error;
  }
  return room;
}

export class Room {
  readonly hosts: number;
  /** Everything the room writes lies here; gone after `close`. */
  readonly directory: string;
  /** One file a program: server.log, engine-1.log. */
  readonly logDirectory: string;
  readonly imageDirectory: string;
  readonly socketPath: string;
  /** Names of rooms whose owners were killed, and that were removed before this one was made. */
  readonly swept: readonly string[];
  /** Runs a tool, until the room's signal aborts. */
  readonly run: Run;
  readonly #options: RoomOptions;
  readonly #name: string;
  readonly #registry: RegistryEntry;
  #server: Program | null = null;
  readonly #engines = new Map<number, Program>();
  /** Device → image file of what is attached. */
  readonly #files = new Map<string, string>();
  #diskCount = 0;
  #isClosed = false;
  /** The machine's limit before this room raised it; null when it was high enough. */
  #receiveBufferBefore: string | null = null;

  /** Only openRoom calls it. */
  constructor(options: RoomOptions, swept: readonly string[]) {
    this.#options = options;
    this.hosts = options.hosts;
    this.swept = swept;
    this.#name = `oclab-${process.pid}-${randomBytes(2).toString('hex')}`;
    this.directory = join(SCRATCH_PARENT, this.#name);
    this.logDirectory = join(this.directory, 'logs');
    this.imageDirectory = join(this.directory, 'images');
    this.socketPath = join(this.directory, 'server.socket');
    this.#registry = new RegistryEntry(this.#name, { stays: options.stays === true });
    const { signal } = options;
    this.run = (tool, args, runOptions) =>
      plainRun(tool, args, { ...runOptions, ...(signal === undefined ? {} : { signal }) });
  }

  /** Only openRoom calls it. */
  async build(): Promise<void> {
    this.#registry.addDirectory(this.directory);
    mkdirSync(this.directory, { mode: 0o700 });
    mkdirSync(this.logDirectory);
    mkdirSync(this.imageDirectory);
    this.#registry.addNamespace(this.#switchNamespace);
    await addSwitch(this.run, this.#switchNamespace);
    await this.#addMachine(this.serverNamespace, 'server', SERVER_ADDRESS, macOf(0));
    for (let host = 1; host <= this.hosts; host += 1) {
      const address = `10.91.0.${host + 10}`;
      await this.#addMachine(this.hostNamespace(host), `host${host}`, address, macOf(host));
    }
    await this.shape(this.#options.rate ?? null);
    this.#raiseReceiveBuffer();
  }

  get serverNamespace(): string {
    return `${this.#name}-server`;
  }

  hostNamespace(host: number): string {
    return `${this.#name}-host${host}`;
  }

  /** By which the server knows the host. */
  hostMac(host: number): string {
    return macOf(host);
  }

  /** Limits what leaves the server; null takes the limit away. */
  async shape(rate: string | null): Promise<void> {
    await shapeLink(this.run, this.serverNamespace, rate);
  }

  /** Bytes that have left the server's interface, frames and all. */
  async sentBytes(): Promise<Bytes> {
    const { stdout } = await this.run('ip', [
      '-netns',
      this.serverNamespace,
      '-json',
      '-statistics',
      'link',
      'show',
      INTERFACE,
    ]);
    return LinkStatistics.parse(JSON.parse(stdout))[0].stats64.tx.bytes;
  }

  /** The running server. Throws when there is none. */
  get server(): Program {
    if (this.#server === null) throw new Error('the server of this room was not started');
    return this.#server;
  }

  /** Starts the server and waits until it is ready. `args` are added to its own. */
  async startServer(args: readonly string[] = []): Promise<Program> {
    const server = new Program({
      name: 'the server',
      namespace: this.serverNamespace,
      file: join(PROJECT, 'server/main.ts'),
      args: [
        '--data',
        join(this.directory, 'data'),
        '--images',
        this.imageDirectory,
        '--socket',
        this.socketPath,
        '--listen',
        SERVER_ADDRESS,
        '--port',
        String(SERVER_PORT),
        ...args,
      ],
      logFile: join(this.logDirectory, 'server.log'),
    });
    this.#server = server;
    await server.waitForEvent('ready', START_TIMEOUT_MS, this.#options.signal);
    // The room's hosts are nobody's but ours.
    const { exitStatus, stderr } = await this.cli(['settings', '--automatic-registration', 'on']);
    if (exitStatus !== 0) throw new Error(`switching automatic registration on: ${stderr}`);
    return server;
  }

  /** Ends the server as systemd would. */
  async stopServer(): Promise<ServiceEnd> {
    return this.server.stop(STOP_GRACE_MS);
  }

  async killServer(): Promise<ServiceEnd> {
    return this.server.kill();
  }

  /** The host's engine. Throws when none was started. */
  engine(host: number): Program {
    const engine = this.#engines.get(host);
    if (engine === undefined) throw new Error(`the engine of host ${host} was not started`);
    return engine;
  }

  /** Starts the host's engine, which may see `devices` and no other disk, and waits until it has logged on. */
  async startEngine(host: number, devices: readonly string[]): Promise<Program> {
    const engine = await this.launchEngine(host, devices);
    await engine.waitForEvent('online', START_TIMEOUT_MS, this.#options.signal);
    return engine;
  }

  /** Starts the host's engine without waiting for it. */
  async launchEngine(host: number, devices: readonly string[]): Promise<Program> {
    const engine = new Program({
      name: `the engine of host ${host}`,
      namespace: this.hostNamespace(host),
      file: await this.#engineFile(),
      args: [
        '--server',
        `${SERVER_ADDRESS}:${SERVER_PORT}`,
        '--certificate',
        join(this.directory, 'data/tls/server.crt'),
        ...devices.flatMap((device) => ['--only-disk', device]),
        '--state',
        join(this.directory, `state-${host}`),
      ],
      logFile: join(this.logDirectory, `engine-${host}.log`),
    });
    this.#engines.set(host, engine);
    return engine;
  }

  async stopEngine(host: number): Promise<ServiceEnd> {
    return this.engine(host).stop(STOP_GRACE_MS);
  }

  async killEngine(host: number): Promise<ServiceEnd> {
    return this.engine(host).kill();
  }

  /** Process ids of the programs called `name` ("udp-receiver") that run on the host. */
  async processesOf(host: number, name: string): Promise<number[]> {
    const pids = await namespacePids(this.run, this.hostNamespace(host));
    return pids.filter((pid) => commandName(pid) === name);
  }

  /** Runs `openclone --json ARGS…` against the room's server to its end, whatever the exit status. */
  async cli(args: readonly string[]): Promise<CliResult> {
    const { stdout, stderr, exitStatus } = await this.run(
      process.execPath,
      [join(PROJECT, 'cli/main.ts'), '--socket', this.socketPath, '--json', ...args],
      { allowedStatuses: ANY_STATUS },
    );
    const document: unknown = stdout.trim() === '' ? null : JSON.parse(stdout);
    return { exitStatus, document, stderr };
  }

  /** Runs `openclone ARGS…` as a person would, every line it prints handed on; returns the exit status. */
  async cliForPeople(args: readonly string[], onText: (text: string) => void): Promise<number> {
    const { signal } = this.#options;
    const cli = startService(
      process.execPath,
      [join(PROJECT, 'cli/main.ts'), '--socket', this.socketPath, ...args],
      { deathSignal: 'KILL', input: 'none', output: 'stream', onText },
    );
    cli.output?.setEncoding('utf8').on('data', onText);
    const stop = (): void => cli.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    const { status } = await cli.ended;
    // What it said last can come after its end.
    if (cli.output !== null) await finished(cli.output).catch(() => undefined);
    signal?.removeEventListener('abort', stop);
    signal?.throwIfAborted();
    return status ?? 1;
  }

  /** Gives the host a name; it must have logged on once. */
  async nameHost(host: number, name: string): Promise<void> {
    const { exitStatus, document } = await this.cli([
      'host',
      'edit',
      this.hostMac(host),
      '--name',
      name,
    ]);
    if (exitStatus !== 0) throw new Error(`naming host ${host}: ${JSON.stringify(document)}`);
  }

  /** Attaches an image file, ours or not, with its partitions; returns the device. Detached by `close`. */
  async attachDisk(file: string, options: LoopOptions = {}): Promise<string> {
    const path = resolve(file);
    if (!path.startsWith(`${this.directory}/`)) {
      this.#registry.addForeignFile(path, await loopDevicesOf(this.run, path));
    }
    const device = await attachLoop(this.run, path, options);
    this.#files.set(device, path);
    return device;
  }

  /** Detaches a device that attachDisk or newBlankDisk gave. */
  async detachDisk(device: string): Promise<void> {
    const path = this.#files.get(device);
    if (path === undefined) throw new Error(`${device} is no disk of this room`);
    this.#files.delete(device);
    await detachLoops(plainRun, { path, only: device });
  }

  /** Makes a sparse file of zeros and attaches it. */
  async newBlankDisk(
    sizeBytes: Bytes,
    options: { readonly sectorSizeBytes?: Bytes } = {},
  ): Promise<BlankDisk> {
    this.#diskCount += 1;
    const file = join(this.directory, `disk-${this.#diskCount}.img`);
    writeFileSync(file, '');
    truncateSync(file, sizeBytes);
    return { file, device: await this.attachDisk(file, options) };
  }

  /** Copies all logs to `directory`, for people who look for a failure's cause. */
  saveLogs(directory: string): void {
    cpSync(this.logDirectory, directory, { recursive: true });
  }

  /** Whether it was closed, or is being closed: what ends now must not be restarted. */
  isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends every program and removes everything, also when some of it fails: then it throws at the end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const programs = [...this.#engines.values(), ...(this.#server === null ? [] : [this.#server])];
    await Promise.all(programs.map((program) => program.kill()));
    keepLogs(this.logDirectory);
    await this.#registry.remove(plainRun);
    if (this.#receiveBufferBefore !== null) writeFileSync(RMEM_MAX, this.#receiveBufferBefore);
  }

  /** As an engine that is booted by network does for itself: here it is in a namespace and may not. */
  #raiseReceiveBuffer(): void {
    const before = readFileSync(RMEM_MAX, 'utf8');
    if (Number(before) >= RECEIVE_BUFFER_BYTES) return;
    this.#receiveBufferBefore = before;
    writeFileSync(RMEM_MAX, String(RECEIVE_BUFFER_BYTES));
  }

  get #switchNamespace(): string {
    return `${this.#name}-switch`;
  }

  async #addMachine(namespace: string, port: string, address: string, mac: string): Promise<void> {
    this.#registry.addNamespace(namespace);
    await addMachine(this.run, {
      namespace,
      port,
      mac,
      address: `${address}/24`,
      switchNamespace: this.#switchNamespace,
    });
  }

  /** The room's own bundle of the engine as it is in the source now, made when the first engine starts. */
  async #engineFile(): Promise<string> {
    const file = join(this.directory, 'engine.mjs');
    this.#engineBuilt ??= this.run(process.execPath, [
      join(PROJECT, 'installer/build-engine.ts'),
      file,
    ]);
    await this.#engineBuilt;
    return file;
  }
  #engineBuilt: Promise<unknown> | null = null;
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);

/** The part of `ip -json -statistics link show DEV` that is read (iproute2 6.1 and newer). */
const LinkStatistics = z.tuple([
  z.object({ stats64: z.object({ tx: z.object({ bytes: z.number() }) }) }),
]);

/** A locally administered address; rooms share no wire, so theirs may be the same. */
function macOf(machine: number): string {
  return `02:0c:10:00:00:${machine.toString(16).padStart(2, '0')}`;
}

/** What the kernel calls the process: the first 15 characters of its program's name; empty when it is gone. */
function commandName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
