/** Every directory that the installer makes, with owner and mode. */

import type { Site } from '../lib/model/site.ts';
import { LEASE_DIRECTORY, PROGRAM_DIRECTORY, STORE_DIRECTORY } from './machine/names.ts';

export type PlannedDirectory = {
  readonly path: string;
  readonly mode: number;
  /** User and group. */
  readonly owner: 'root' | 'openclone' | 'dnsmasq';
  /** Whether all that comes to lie in it is OpenClone's, when OpenClone made it. */
  readonly tree: boolean;
  readonly data: 'images' | 'store' | null;
  readonly purpose: string;
};

/** Parents before children. */
export function plannedDirectories(site: Site): PlannedDirectory[] {
  const { tftpDirectory: tftp, netbootDirectory, imageDirectory } = site;
  return [
    ours('/etc/openclone', { purpose: 'settings', tree: false }),
    ours(PROGRAM_DIRECTORY, { purpose: 'the program' }),
    ours(STORE_DIRECTORY, {
      mode: 0o750,
      owner: 'openclone',
      data: 'store',
      purpose: 'hosts, groups, tasks, certificate',
    }),
    ours(LEASE_DIRECTORY, { owner: 'dnsmasq', purpose: 'DHCP leases' }),
    ours(imageDirectory, { mode: 0o750, owner: 'openclone', data: 'images', purpose: 'images' }),
    ours(netbootDirectory, { purpose: 'root file systems of the hosts' }),
    ours(`${netbootDirectory}/bases`, { purpose: 'packages' }),
    ours(`${netbootDirectory}/builds`, { purpose: 'packages, engine and certificate' }),
    ours(`${netbootDirectory}/loaders`, { purpose: 'boot loaders of boot media' }),
    ours(tftp, { purpose: 'boot loaders and kernels' }),
    ours(`${tftp}/boot`, { purpose: 'kernels' }),
    ours(`${tftp}/bios`, { purpose: 'boot loader of BIOS hosts' }),
    ...site.subnets.flatMap(({ name }) => [
      ours(`${tftp}/bios/${name}`, { purpose: `for the subnet ${name}` }),
      ours(`${tftp}/bios/${name}/pxelinux.cfg`, { owner: 'openclone', purpose: 'boot choices' }),
    ]),
    ours(`${tftp}/grub`, { owner: 'openclone', purpose: 'boot choices of UEFI hosts' }),
    ours(`${tftp}/grub/hosts`, { owner: 'openclone', purpose: 'one file per UEFI host' }),
  ];
}

/** Readable by all, root's, and a tree, unless said otherwise. */
function ours(
  path: string,
  rest: Pick<PlannedDirectory, 'purpose'> & Partial<PlannedDirectory>,
): PlannedDirectory {
  return { path, mode: 0o755, owner: 'root', tree: true, data: null, ...rest };
}
