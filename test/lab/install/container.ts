/** A throw-away server: Debian with a real systemd, in systemd-nspawn, in a network namespace of its own. */

import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run, type RunResult } from '../../../lib/exec/run.ts';
import { startService, type Service } from '../../../lib/exec/service.ts';
import { addMachine, addSwitch } from '../network.ts';
import { RegistryEntry } from '../registry.ts';
import { CACHE } from './debian-base.ts';

/** How long systemd may take on a busy machine. */
const BOOT_MS = 120_000;
const COMMAND_MS = 600_000;
/** systemd of Debian 13 boots with the unified control groups only, whatever this machine has. */
const ENVIRONMENT = { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' };

export class Container {
  /** A directory of the machine, "/lab" inside. */
  readonly directory: string;
  readonly #registry: RegistryEntry;
  readonly #service: Service;
  readonly #words: string[];
  #leader = 0;

  private constructor(
    directory: string,
    registry: RegistryEntry,
    service: Service,
    words: string[],
  ) {
    this.directory = directory;
    this.#registry = registry;
    this.#service = service;
    this.#words = words;
  }

  /**
   * Boots `base` with an overlay in memory. `binds`: directories of the machine by their path inside, read-only;
   * `netboot` becomes /srv/openclone/netboot, writable.
   */
  static async boot(options: {
    readonly base: string;
    readonly address: string;
    readonly binds: Readonly<Record<string, string>>;
  }): Promise<Container> {
    const name = `oci${process.pid}`;
    const registry = new RegistryEntry(`install-${process.pid}`);
    mkdirSync(CACHE, { recursive: true });
    const directory = await mkdtemp(join(CACHE, 'run-'));
    registry.addDirectory(directory);
    const namespaces = { server: `${name}-srv`, switch: `${name}-sw` };
    registry.addNamespace(namespaces.switch);
    await addSwitch(run, namespaces.switch);
    registry.addNamespace(namespaces.server);
    await addMachine(run, {
      namespace: namespaces.server,
      switchNamespace: namespaces.switch,
      port: 'srv',
      address: options.address,
      mac: '52:54:00:79:00:01',
    });
    mkdirSync(join(directory, 'lab'));
    mkdirSync(join(directory, 'netboot'));
    const words: string[] = [];
    const service = startService(
      'systemd-nspawn',
      [
        '--quiet',
        '--register=no',
        '--keep-unit',
        `--machine=${name}`,
        '-D',
        options.base,
        '--volatile=overlay',
        '--resolv-conf=off',
        `--network-namespace-path=/run/netns/${namespaces.server}`,
        '--capability=CAP_NET_ADMIN,CAP_NET_RAW,CAP_SYS_ADMIN',
        `--bind=${join(directory, 'lab')}:/lab`,
        `--bind=${join(directory, 'netboot')}:/srv/openclone/netboot`,
        ...Object.entries(options.binds).map(([inside, path]) => `--bind-ro=${path}:${inside}`),
        '--console=pipe',
        '--boot',
      ],
      {
        deathSignal: 'KILL',
        input: 'none',
        output: 'stream',
        env: ENVIRONMENT,
        onText: (text) => words.push(text),
      },
    );
    service.output?.on('data', (bytes: Buffer) => words.push(bytes.toString()));
    const container = new Container(join(directory, 'lab'), registry, service, words);
    try {
      await container.#waitForBoot();
    } catch (error) {
      await container.remove();
      throw error;
    }
    return container;
  }

  /** Where /srv/openclone/netboot lies on this machine. */
  get netbootDirectory(): string {
    return join(this.directory, '../netboot');
  }

  /** Where the container's `path` lies for programs of this machine, while the container runs (proc(5)). */
  pathOf(path: string): string {
    return `/proc/${this.#leader}/root${path}`;
  }

  /** The number that this machine knows a process of the container by; null when there is none (proc(5), NSpid). */
  processOf(pid: number): number | null {
    const namespaceOf = (each: number | string): string => readlinkSync(`/proc/${each}/ns/pid`);
    for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
      try {
        const numbers = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
        const isIt = numbers?.split(/\s+/).at(-1) === String(pid);
        if (isIt && namespaceOf(name) === namespaceOf(this.#leader)) return Number(name);
      } catch {
        // It has ended meanwhile.
      }
    }
    return null;
  }

  /** Runs a program inside, with nothing of our environment. Any exit status will do: the caller looks. */
  async run(tool: string, ...args: string[]): Promise<RunResult> {
    return run(
      'nsenter',
      [
        '--target',
        String(this.#leader),
        '--mount',
        '--uts',
        '--ipc',
        '--net',
        '--pid',
        '--root',
        '--wd',
        'env',
        '-i',
        'LANG=C.UTF-8',
        'HOME=/root',
        'TERM=dumb',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        tool,
        ...args,
      ],
      {
        allowedStatuses: Array.from({ length: 256 }, (_, status) => status),
        timeoutMs: COMMAND_MS,
      },
    );
  }

  async remove(): Promise<void> {
    this.#service.kill('SIGKILL');
    await this.#service.ended;
    await this.#registry.remove(run);
  }

  async #waitForBoot(): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    for (;;) {
      this.#leader = firstChildOf(this.#service.pid ?? 0);
      if (this.#leader !== 0) {
        const { stdout } = await this.run('systemctl', 'is-system-running');
        if (/^(running|degraded)/.test(stdout)) return;
      }
      const state = await Promise.race([this.#service.ended, delay(200, null)]);
      if (state !== null || Date.now() > deadline) {
        throw new Error(`the container did not boot:\n${this.#words.join('').slice(-2000)}`);
      }
    }
  }
}

/** proc(5): /proc/PID/task/TID/children; 0 when there is none yet. */
function firstChildOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}
