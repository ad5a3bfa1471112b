/** The boot loader files: which file of which package goes where. */

import type { Site, Subnet } from '../../lib/model/site.ts';
import type { GrubFeatures } from './grub-features.ts';

export type LoaderFile = {
  readonly from:
    | {
        readonly type: 'package';
        /** Inside the packages; the first that exists is taken. */
        readonly paths: readonly string[];
      }
    | { readonly type: 'own-grub'; readonly subnet: Subnet };
  /** "tftp/…" is below TFTP, "media/…" below NETBOOT/loaders. */
  readonly to: string;
};

const SIGNED_GRUB_DIRECTORY = 'usr/lib/grub/x86_64-efi-signed';

/** Debian's path first, then Ubuntu's, whose package leaves the choice of a version to update-alternatives. */
const SHIM = [
  'usr/lib/shim/shimx64.efi.signed',
  'usr/lib/shim/shimx64.efi.signed.latest',
  'usr/lib/shim/shimx64.efi.dualsigned',
];
const MOK_MANAGER = ['usr/lib/shim/mmx64.efi.signed', 'usr/lib/shim/mmx64.efi'];
/** GRUB with what it needs to boot by network. */
export const NETWORK_GRUB = [`${SIGNED_GRUB_DIRECTORY}/grubnetx64.efi.signed`];
const MEDIA_GRUB = [`${SIGNED_GRUB_DIRECTORY}/gcdx64.efi.signed`];

/** chain.c32 boots the disk and needs both libraries. */
const BIOS_FILES: readonly (readonly [string, string])[] = [
  ['lpxelinux.0', 'usr/lib/PXELINUX/lpxelinux.0'],
  ...['ldlinux.c32', 'chain.c32', 'libcom32.c32', 'libutil.c32'].map(
    (name) => [name, `usr/lib/syslinux/modules/bios/${name}`] as const,
  ),
];

/** All files for the subnets of `site`; what `grub` cannot do decides about HTTP boot and proxy DHCP. */
export function loaderFiles(site: Site, grub: GrubFeatures): LoaderFile[] {
  return [
    ...signedChain('tftp', 'shimx64.efi'),
    // A firmware that finds nothing here goes on with its next boot entry.
    ...(grub.http ? signedChain('tftp/http', 'shimx64.efi') : []),
    ...site.subnets.flatMap((subnet) => [
      ...BIOS_FILES.map(([name, path]) => packaged([path], `tftp/bios/${subnet.name}/${name}`)),
      ...(subnet.dhcp.type === 'proxy' ? proxyFiles(subnet, grub) : []),
    ]),
    packaged(SHIM, 'media/shimx64.efi'),
    packaged(MOK_MANAGER, 'media/mmx64.efi'),
    packaged(MEDIA_GRUB, 'media/gcdx64.efi'),
  ];
}

/** Signed loaders when the signed GRUB finds us beside the other server, else our own GRUB, without Secure Boot. */
function proxyFiles(subnet: Subnet, grub: GrubFeatures): LoaderFile[] {
  const directory = `tftp/proxy/${subnet.name}`;
  if (grub.proxyDhcp) return signedChain(directory, 'uefi.efi');
  return [{ from: { type: 'own-grub', subnet }, to: `${directory}/uefi.efi` }];
}

/** Shim looks for the other two beside itself, by these names. */
function signedChain(directory: string, shimName: string): LoaderFile[] {
  return [
    packaged(MOK_MANAGER, `${directory}/mmx64.efi`),
    packaged(NETWORK_GRUB, `${directory}/grubx64.efi`),
    packaged(SHIM, `${directory}/${shimName}`),
  ];
}

function packaged(paths: readonly string[], to: string): LoaderFile {
  return { from: { type: 'package', paths }, to };
}
