/** The files that hosts fetch before the engine runs, relative to the TFTP directory (docs/design/netboot.md). */

import type { Site, Subnet } from '../../lib/model/site.ts';
import type { Build } from './build.ts';

/** What a BIOS of this subnet reads. */
export function biosFiles(subnet: Subnet): string[] {
  const directory = `bios/${subnet.name}`;
  return ['lpxelinux.0', 'ldlinux.c32', 'pxelinux.cfg/default'].map(
    (name) => `${directory}/${name}`,
  );
}

/** What UEFI of this subnet reads; beside another DHCP server it begins with a GRUB that knows our address. */
export function uefiFiles({ dhcp, name }: Subnet): string[] {
  const loader = dhcp.type === 'proxy' ? [`proxy/${name}/uefi.efi`] : [];
  return [...loader, 'shimx64.efi', 'grubx64.efi', 'grub/grub.cfg', 'grub/default.cfg'];
}

export function kernelFiles({ id }: Build): string[] {
  return [`boot/${id}/vmlinuz`, `boot/${id}/initrd.img`];
}

/** Every file that some host reads. */
export function allBootFiles(site: Site, build: Build | null): string[] {
  const loaders = site.subnets.flatMap((subnet) => [...biosFiles(subnet), ...uefiFiles(subnet)]);
  return [...new Set([...loaders, ...(build === null ? [] : kernelFiles(build))])];
}
