/**
 * A server that is a virtual machine with a kernel of its own, on the main switch of a room: what is shown here is what
 * the kernel of this machine cannot do (nfsd), and install.sh on a whole Debian.
 */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../../lib/exec/run.ts';
import { startService, type Service } from '../../../lib/exec/service.ts';
import { packRelease } from '../../../installer/bundle/pack-release.ts';
import { parsePackageList } from '../../../installer/packages.ts';
import { PROGRAM_VERSION } from '../../../lib/protocol/version.ts';
import { NO_MIRROR, packageRepository } from '../install/debian-base.ts';
import { provideRootfsBase } from '../install/rootfs-base.ts';
import { Console } from './console.ts';
import { macOf } from './room-network.ts';
import type { VmRoom } from './room.ts';
import { makeDisk, serverImage, type ServerImage } from './server-image.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const BOOT_MS = 300_000;
const COMMAND_MS = 1_800_000;
const TAP = 'tap-server';
const GIBIBYTE = 1024 * 1024 * 1024;

/** Inside: the unpacked release. Its disk, /lab, also has the package repository that the machine installs from. */
export const RELEASE = `/lab/openclone-${PROGRAM_VERSION}`;

export class ServerMachine {
  readonly console: Console;
  readonly #room: VmRoom;
  readonly #image: ServerImage;
  readonly #service: Service;

  private constructor(room: VmRoom, image: ServerImage, service: Service, console: Console) {
    this.#room = room;
    this.#image = image;
    this.#service = service;
    this.console = console;
  }

  /** Makes its disks and boots it; it is gone with the room's namespaces at the latest. */
  static async boot(room: VmRoom): Promise<ServerMachine> {
    const [{ routerAddress: router, subnet }] = room.network.wires;
    const address = `${subnet.serverAddress}/${subnet.prefixLength}`;
    const image = await serverImage(room.run, { address, router, suite: room.suite });
    // Where mirrors refuse, apt goes on with what it has; it gives up when there is no way to them.
    await room.run('ip', [
      '-netns',
      room.network.routerNamespace,
      'address',
      'add',
      `${NO_MIRROR}/32`,
      'dev',
      'lo',
    ]);
    const disks = await makeDisks(room, image);
    await room.network.addTap(TAP, subnet.name);
    const console = new Console(join(room.logDirectory, 'server.log'));
    const service = startService(
      'ip',
      [
        'netns',
        'exec',
        room.network.switchNamespace,
        'qemu-system-x86_64',
        '-name',
        'server',
        '-machine',
        'q35',
        '-accel',
        'tcg,thread=multi',
        '-cpu',
        'Nehalem',
        '-m',
        '1536',
        '-smp',
        '2',
        '-nodefaults',
        '-display',
        'none',
        '-serial',
        'stdio',
        '-kernel',
        image.kernel,
        '-initrd',
        image.initrd,
        '-append',
        'root=/dev/vda rw console=ttyS0,115200 net.ifnames=0 panic=-1',
        ...diskArguments(image.disk, 'snapshot=on'),
        ...disks.flatMap((file) => diskArguments(file, 'cache=unsafe')),
        '-netdev',
        `tap,id=n0,ifname=${TAP},script=no,downscript=no`,
        '-device',
        `virtio-net-pci,netdev=n0,mac=${macOf(0, 0)},romfile=`,
        '-device',
        'virtio-rng-pci',
      ],
      {
        deathSignal: 'KILL',
        input: 'none',
        output: 'stream',
        onText: (text) => console.take(text),
      },
    );
    if (service.output !== null) console.listen(service.output);
    const machine = new ServerMachine(room, image, service, console);
    try {
      await machine.#waitForBoot();
    } catch (error) {
      await machine.powerOff();
      throw error;
    }
    return machine;
  }

  /** Runs a program inside as root. Any exit status will do: the caller looks. 255 may be ssh's own. */
  async run(tool: string, ...args: string[]): Promise<RunResult> {
    const [{ subnet }] = this.#room.network.wires;
    const options = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
      'BatchMode=yes',
      'ConnectTimeout=10',
      'ServerAliveInterval=30',
    ].flatMap((option) => ['-o', option]);
    return this.#room.run(
      'ip',
      [
        'netns',
        'exec',
        this.#room.network.routerNamespace,
        'ssh',
        '-F',
        'none',
        '-i',
        this.#image.key,
        ...options,
        `root@${subnet.serverAddress}`,
        [tool, ...args].map(quoted).join(' '),
      ],
      {
        allowedStatuses: Array.from({ length: 256 }, (_, status) => status),
        timeoutMs: COMMAND_MS,
      },
    );
  }

  /** Pulls the plug. */
  async powerOff(): Promise<void> {
    this.#service.kill('SIGKILL');
    await this.#service.ended;
  }

  async #waitForBoot(): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    let state = '';
    while (!/^(running|degraded)/.test(state)) {
      if (Date.now() > deadline) throw new Error(`the server did not boot, it is "${state}"`);
      const ended = await Promise.race([this.#service.ended, delay(1000, null)]);
      if (ended !== null) throw new Error('the server ended while it booted');
      const { stdout, stderr } = await this.run('systemctl', 'is-system-running');
      state = stdout.trim() === '' ? stderr.trim() : stdout.trim();
    }
  }
}

/** /srv with the packages of the hosts' root file system, and /lab. */
async function makeDisks(room: VmRoom, image: ServerImage): Promise<string[]> {
  const { run } = room;
  const list = parsePackageList(readFileSync(join(PROJECT, 'installer/packages.txt'), 'utf8'));
  const packages = list.filter(({ set }) => set.startsWith('server')).map(({ name }) => name);
  const repository = await packageRepository(run, image.base, packages);
  await run(process.execPath, [join(PROJECT, 'installer/build-engine.ts')]);
  // On the cache's file system, so that the base is hard links.
  const work = room.site.netbootDirectory;
  const netboot = join(work, 'srv/openclone/netboot');
  const lab = join(work, 'lab');
  for (const each of [netboot, lab]) mkdirSync(each, { recursive: true });
  await provideRootfsBase(run, netboot, room.suite);
  const { file } = await packRelease(run, PROJECT, join(work, 'release'));
  await run('tar', ['-C', lab, '-xf', file]);
  await run('cp', ['-al', repository, join(lab, 'repository')]);
  const disks = { srv: join(room.directory, 'srv.img'), lab: join(room.directory, 'lab.img') };
  const tree = dirname(dirname(netboot));
  await makeDisk(run, { file: disks.srv, tree, sizeBytes: 32 * GIBIBYTE });
  await makeDisk(run, { file: disks.lab, tree: lab, sizeBytes: GIBIBYTE });
  rmSync(work, { recursive: true });
  return [disks.srv, disks.lab];
}

function diskArguments(file: string, more: string): string[] {
  return ['-drive', `if=virtio,format=raw,file=${file},${more}`];
}

/** One word of the shell that ssh(1) gives its command to. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
