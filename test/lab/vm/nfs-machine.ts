/**
 * The kernel's NFS server, in a small virtual machine behind the server's address: the kernel of this machine has none.
 * Its power fails when it is told.
 */

import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsFile } from '../../../installer/templates/exports.ts';
import type { Run } from '../../../lib/exec/run.ts';
import { startService, type Service } from '../../../lib/exec/service.ts';
import type { Site } from '../../../lib/model/site.ts';
import { cached, debianBase } from '../install/debian-base.ts';
import type { Suite } from '../install/suite.ts';
import { Console } from './console.ts';
import { macOf, type RoomNetwork } from './room-network.ts';
import { makeDisk } from './server-image.ts';

const PACKAGES = ['linux-image-cloud-amd64', 'initramfs-tools', 'nfs-kernel-server'];
const SIZE = 2 * 1024 * 1024 * 1024;
const TAP = 'tap-nfs';
/** The hosts' are numbered from 1, the router's machine is 50. */
const MACHINE = 60;
const ADDRESS = '10.92.0.2';
const READY = 'OPENCLONE-LAB-NFSD';
const BOOT_MS = 480_000;

/** Its first process. Clients are remembered by nfsdcld, as on a Debian whose systemd starts all this. */
const INIT = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mount -t tmpfs tmpfs /run
for module in virtio_net virtio_blk nfsd; do modprobe $module; done
ip link set lo up
ip address add ${ADDRESS}/24 broadcast + dev eth0
ip link set eth0 up
read -r directory </lab-directory
mkdir -p "$directory" /run/rpc_pipefs /var/lib/nfs/nfsdcld
mount -o ro /dev/vdb "$directory"
mount -t rpc_pipefs sunrpc /run/rpc_pipefs
mount -t nfsd nfsd /proc/fs/nfsd
nfsdcld
exportfs -ra
rpc.mountd --no-nfs-version 3
rpc.nfsd --no-nfs-version 3 4
echo ${READY} >/dev/console
exec sleep infinity
`;

export class NfsMachine {
  readonly #run: Run;
  readonly #network: RoomNetwork;
  readonly #image: string;
  readonly #disks: readonly string[];
  readonly #console: Console;
  #service: Service | null = null;

  private constructor(
    run: Run,
    network: RoomNetwork,
    files: { readonly image: string; readonly disks: readonly string[]; readonly log: string },
  ) {
    this.#run = run;
    this.#network = network;
    this.#image = files.image;
    this.#disks = files.disks;
    this.#console = new Console(files.log);
  }

  /** Makes it, off at first. It has what is below NETBOOT now. */
  static async make(
    run: Run,
    place: {
      readonly network: RoomNetwork;
      readonly site: Site;
      readonly directory: string;
      readonly log: string;
      readonly suite: Suite;
    },
  ): Promise<NfsMachine> {
    const { network, site, directory, log, suite } = place;
    const image = await nfsImage(run, suite);
    const system = join(directory, 'nfs-system.img');
    await run('cp', ['--sparse=always', join(image, 'disk.img'), system]);
    const mounted = join(directory, 'nfs-system');
    mkdirSync(mounted);
    await run('mount', ['-o', 'loop', system, mounted]);
    try {
      writeFileSync(join(mounted, 'lab-directory'), `${site.netbootDirectory}\n`);
      writeFileSync(join(mounted, 'etc/exports'), exportsFile(site));
    } finally {
      await run('umount', [mounted]);
    }
    // What hosts read by NFS.
    const tree = join(directory, 'nfs-tree');
    for (const build of readdirSync(join(site.netbootDirectory, 'builds'))) {
      const from = join(site.netbootDirectory, 'builds', build, 'rootfs.squashfs');
      mkdirSync(join(tree, 'builds', build), { recursive: true });
      copyFileSync(from, join(tree, 'builds', build, 'rootfs.squashfs'));
    }
    const data = join(directory, 'nfs-data.img');
    await makeDisk(run, { file: data, tree, sizeBytes: SIZE });
    rmSync(tree, { recursive: true });
    await network.addTap(TAP, network.wires[0].subnet.name);
    const machine = new NfsMachine(run, network, { image, disks: [system, data], log });
    await machine.#lead();
    return machine;
  }

  /** Switches it on and waits until it serves. */
  async powerOn(signal?: AbortSignal): Promise<void> {
    if (this.#service !== null) throw new Error('the NFS server is on already');
    this.#console.skip();
    const service = startService(
      'ip',
      [
        'netns',
        'exec',
        this.#network.switchNamespace,
        'qemu-system-x86_64',
        '-name',
        'nfs',
        '-machine',
        'q35',
        '-accel',
        'tcg,thread=multi',
        '-cpu',
        'Nehalem',
        '-m',
        '512',
        '-nodefaults',
        '-display',
        'none',
        '-serial',
        'stdio',
        '-kernel',
        join(this.#image, 'vmlinuz'),
        '-initrd',
        join(this.#image, 'initrd'),
        '-append',
        'root=/dev/vda rw console=ttyS0,115200 net.ifnames=0 panic=-1 init=/lab-init',
        ...this.#disks.flatMap((file) => [
          '-drive',
          `if=virtio,format=raw,file=${file},cache=unsafe`,
        ]),
        '-netdev',
        `tap,id=n0,ifname=${TAP},script=no,downscript=no`,
        '-device',
        `virtio-net-pci,netdev=n0,mac=${macOf(0, MACHINE)},romfile=`,
        '-device',
        'virtio-rng-pci',
      ],
      {
        deathSignal: 'KILL',
        input: 'none',
        output: 'stream',
        onText: (text) => this.#console.take(text),
      },
    );
    if (service.output !== null) this.#console.listen(service.output);
    this.#service = service;
    await this.#console.waitFor(new RegExp(READY), { timeoutMs: BOOT_MS, signal });
  }

  /** Pulls the plug: what its kernel had not written yet is lost. */
  async powerOff(): Promise<void> {
    const service = this.#service;
    this.#service = null;
    service?.kill('SIGKILL');
    await service?.ended;
  }

  /** Hosts know the server by one address: its port of NFS leads here. */
  async #lead(): Promise<void> {
    const inServer = async (...command: string[]): Promise<void> => {
      await this.#run('ip', ['netns', 'exec', this.#network.serverNamespace, ...command]);
    };
    await inServer('sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1');
    await inServer('nft', 'add table ip nfs');
    await inServer('nft', 'add chain ip nfs to { type nat hook prerouting priority -100; }');
    await inServer('nft', `add rule ip nfs to tcp dport 2049 dnat to ${ADDRESS}`);
    await inServer('nft', 'add chain ip nfs from { type nat hook postrouting priority 100; }');
    await inServer('nft', `add rule ip nfs from ip daddr ${ADDRESS} masquerade`);
  }
}

/** The directory of its system: disk.img, vmlinuz, initrd. Made once, only read. */
async function nfsImage(run: Run, suite: Suite): Promise<string> {
  const base = await debianBase(run, suite, PACKAGES);
  return cached('nfs', [base, INIT, '1'], async (unfinished) => {
    const root = join(unfinished, 'root');
    await run('cp', ['--archive', base, root]);
    writeFileSync(join(root, 'lab-init'), INIT);
    chmodSync(join(root, 'lab-init'), 0o755);
    const boot = join(root, 'boot');
    for (const name of readdirSync(boot)) {
      if (name.startsWith('vmlinuz-')) copyFileSync(join(boot, name), join(unfinished, 'vmlinuz'));
      if (name.startsWith('initrd.img-')) {
        copyFileSync(join(boot, name), join(unfinished, 'initrd'));
      }
    }
    await makeDisk(run, { file: join(unfinished, 'disk.img'), tree: root, sizeBytes: SIZE });
    rmSync(root, { recursive: true });
  });
}
