/** The disk of a server that is a virtual machine: Debian with its kernel, nothing of ours. Made once, kept. */

import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { cached, debianBase } from '../install/debian-base.ts';
import type { Suite } from '../install/suite.ts';

export type ServerImage = {
  /** Only to be read: machines write into a snapshot of their own. */
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** The private key of ssh(1) by which root gets in. */
  readonly key: string;
  /** What is in the image, for a repository of what is not. */
  readonly base: string;
};

/** The cloud kernel has the drivers of virtual machines and nfsd. */
const PACKAGES = ['linux-image-cloud-amd64', 'initramfs-tools', 'openssh-server', 'xz-utils'];
/** Sparse. */
const SIZE = 6 * 1024 * 1024 * 1024;

/** Two further disks belong to it: see ServerMachine. */
const FSTAB = `/dev/vda / ext4 defaults 0 0
/dev/vdb /srv ext4 defaults 0 0
/dev/vdc /lab ext4 ro 0 0
`;

/** Its only network card has `address` ("10.92.0.1/24"); `router` is its gateway. */
export async function serverImage(
  run: Run,
  { address, router, suite }: { readonly address: string; router: string; readonly suite: Suite },
): Promise<ServerImage> {
  const base = await debianBase(run, suite, PACKAGES);
  const network = `[Match]\nType=ether\n\n[Network]\nAddress=${address}\nGateway=${router}\n`;
  const directory = await cached('server', [base, network, FSTAB, '1'], async (unfinished) => {
    const root = join(unfinished, 'root');
    await run('cp', ['--archive', base, root]);
    const key = join(unfinished, 'key');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'openclone-lab', '-f', key]);
    const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
    for (const path of ['lab', 'root/.ssh']) mkdirSync(join(root, path), { recursive: true });
    copyFileSync(`${key}.pub`, join(root, 'root/.ssh/authorized_keys'));
    chmodSync(join(root, 'root/.ssh/authorized_keys'), 0o600);
    symlinkSync('/lab/repository', join(root, 'repository'));
    write('etc/fstab', FSTAB);
    write('etc/hostname', 'server\n');
    appendFileSync(join(root, 'etc/hosts'), `127.0.0.1 localhost\n127.0.1.1 server\n`);
    write('etc/systemd/network/10-lab.network', network);
    await run('systemctl', [`--root=${root}`, 'enable', 'systemd-networkd.service', 'ssh.service']);
    const boot = join(root, 'boot');
    for (const name of readdirSync(boot)) {
      if (name.startsWith('vmlinuz-')) copyFileSync(join(boot, name), join(unfinished, 'vmlinuz'));
      if (name.startsWith('initrd.img-'))
        copyFileSync(join(boot, name), join(unfinished, 'initrd'));
    }
    await makeDisk(run, { file: join(unfinished, 'disk.img'), tree: root, sizeBytes: SIZE });
    rmSync(root, { recursive: true });
  });
  const file = (name: string): string => join(directory, name);
  return {
    disk: file('disk.img'),
    kernel: file('vmlinuz'),
    initrd: file('initrd'),
    key: file('key'),
    base,
  };
}

/** An ext4 file system without a partition table, with what is in `tree`. */
export async function makeDisk(
  run: Run,
  { file, tree, sizeBytes }: { readonly file: string; tree: string; sizeBytes: number },
): Promise<void> {
  writeFileSync(file, '');
  truncateSync(file, sizeBytes);
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-d', tree, file]);
}
