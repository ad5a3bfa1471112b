/**
 * A real server process on loopback, for strangers that say what no program of ours would say. What an attack may
 * cost is in its test: memory of the server at its highest, how long others wait, what the log says. The quick ones
 * (test/attacks) run with the unit tests, all of them by `npm run attacks`.
 */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClientOptions } from 'ws';
import { z } from 'zod';
import { connectOperator, type OperatorClient } from '../../lib/client/operator-client.ts';
import { ENGINE_PATH, OPERATOR_PATH } from '../../lib/protocol/version.ts';
import { makeSiteDirectories, sampleSite } from '../server/boot/sample-site.ts';
import { freePort } from '../support/ports.ts';
import { registerParams } from './stated-host.ts';
import { Stranger } from './stranger.ts';

const PROJECT = join(import.meta.dirname, '../..');
const BUILD = '20261121-113000-1a2b';

export type AttackedOptions = {
  /** Of the server, after those that every attacked one gets. */
  readonly args?: readonly string[];
  /** Of Node, before the program. */
  readonly nodeArgs?: readonly string[];
  /** What the server is started through: unshare, prlimit. */
  readonly through?: readonly string[];
};

/** One line of the server's log. */
const LogLine = z.record(z.string(), z.unknown());
export type LogLine = z.infer<typeof LogLine>;

export class AttackedServer {
  readonly directory: string;
  readonly port: number;
  readonly httpPort: number;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #gone: Promise<unknown>;
  #stderr = '';
  #wake: (() => void)[] = [];
  #isGone = false;
  readonly #clients: OperatorClient[] = [];
  readonly #strangers: Stranger[] = [];

  private constructor(
    directory: string,
    ports: { readonly port: number; readonly httpPort: number },
    child: ChildProcess,
  ) {
    this.directory = directory;
    this.port = ports.port;
    this.httpPort = ports.httpPort;
    this.#child = child;
    assert.ok(child.stdout !== null && child.stderr !== null);
    createInterface(child.stdout).on('line', (line) => {
      this.#lines.push(line);
      for (const wake of this.#wake.splice(0)) wake();
    });
    child.stderr.on('data', (text: Buffer) => (this.#stderr += text.toString()));
    this.#gone = once(child, 'exit').then(() => {
      this.#isGone = true;
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  /** Starts one in `directory`, which may be that of a server before, and waits until it is ready or ends. */
  static async start(directory: string, options: AttackedOptions = {}): Promise<AttackedServer> {
    const ports = { port: await freePort(), httpPort: await freePort() };
    const site = { ...sampleSite(directory, { httpPort: ports.httpPort }), enginePort: ports.port };
    await makeSiteDirectories(site, BUILD);
    await writeFile(join(directory, 'site.json'), JSON.stringify(site));
    const command = [
      ...(options.through ?? []),
      process.execPath,
      ...(options.nodeArgs ?? []),
      join(PROJECT, 'server/main.ts'),
      '--site',
      join(directory, 'site.json'),
      '--data',
      join(directory, 'data'),
      '--images',
      join(directory, 'images'),
      '--socket',
      join(directory, 'server.sock'),
      '--socket-group',
      'root',
      '--listen',
      '127.0.0.1',
      '--port',
      String(ports.port),
      ...(options.args ?? []),
    ];
    const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new AttackedServer(directory, ports, child);
    await server.#until(() => server.#isGone || server.logged('ready').length > 0);
    return server;
  }

  get isRunning(): boolean {
    return !this.#isGone;
  }

  /** What it has printed besides its log: the reason why it ended. */
  get stderr(): string {
    return this.#stderr;
  }

  get logText(): string {
    return this.#lines.join('\n');
  }

  /** The lines of the log of one event. */
  logged(event: string): LogLine[] {
    return this.#lines
      .filter((line) => line.includes(`"event":"${event}"`))
      .map((line) => LogLine.parse(JSON.parse(line)));
  }

  /** Waits until the log has `count` lines of an event. */
  async hasLogged(event: string, count = 1): Promise<LogLine[]> {
    await this.#until(() => this.#isGone || this.logged(event).length >= count);
    return this.logged(event);
  }

  /** The most memory that it ever had (VmHWM, proc_pid_status(5)). */
  async peakMiB(): Promise<number> {
    return this.#memoryMiB('VmHWM');
  }

  /** The memory that it has now. */
  async memoryMiB(): Promise<number> {
    return this.#memoryMiB('VmRSS');
  }

  /** A connection as engines make it, on which anything can be said. */
  async engine(options: ClientOptions = {}): Promise<Stranger> {
    return this.#connect(ENGINE_PATH, options);
  }

  /** A connection as an operator's program makes it over the network. */
  async remote(options: ClientOptions = {}): Promise<Stranger> {
    return this.#connect(OPERATOR_PATH, options);
  }

  async #connect(path: string, options: ClientOptions): Promise<Stranger> {
    const stranger = await Stranger.connect(`wss://127.0.0.1:${this.port}${path}`, options);
    this.#strangers.push(stranger);
    return stranger;
  }

  /** An operator at the server itself. */
  async operator(): Promise<OperatorClient> {
    const client = await connectOperator({
      socketPath: join(this.directory, 'server.sock'),
      operator: 'eva',
    });
    this.#clients.push(client);
    return client;
  }

  /** Somebody else comes: a host that registers and an operator that asks for the status. Returns how long both take. */
  async serviceMs(index = 9999, localAddress = '127.0.0.9'): Promise<number> {
    const begin = performance.now();
    const other = await this.engine({ localAddress });
    await other.call('register', registerParams(index));
    other.end();
    const { call, close } = await this.operator();
    await call('status.get', {});
    close();
    return performance.now() - begin;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    for (const { close } of this.#clients.splice(0)) close();
    for (const stranger of this.#strangers.splice(0)) stranger.end();
    if (!this.#isGone) this.#child.kill(signal);
    await this.#gone;
  }

  async #memoryMiB(field: string): Promise<number> {
    const status = await readFile(`/proc/${String(this.#child.pid)}/status`, 'utf8');
    const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    assert.ok(found !== undefined, `the server has no ${field}: it has ended`);
    return Number(found) / 1024;
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
}

/** Gives `use` a directory of its own and a server in it, and removes both, whatever happens. */
export async function underAttack(
  use: (server: AttackedServer) => Promise<void>,
  options: AttackedOptions = {},
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-attack-'));
  const server = await AttackedServer.start(directory, options);
  try {
    assert.ok(server.isRunning, server.stderr);
    await use(server);
  } finally {
    await server.stop('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
}
