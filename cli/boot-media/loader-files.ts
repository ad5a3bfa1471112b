/** The boot loaders that a medium is made of: where each may be on the server, and which package brings it. */

import { access } from 'node:fs/promises';
import { constants } from 'node:fs';
import { OperatorError } from '../../lib/errors.ts';
import type { Site } from '../../lib/model/site.ts';

type LoaderFile = {
  /** The first that exists is taken. NETBOOT/loaders is where the installer keeps what no package installs. */
  readonly paths: (directories: { readonly tftp: string; readonly netboot: string }) => string[];
  readonly debianPackage: string;
};

const BIOS_MODULES = '/usr/lib/syslinux/modules/bios';

export const LOADER_FILES = {
  /** First stage under Secure Boot, signed by Microsoft. */
  shim: {
    paths: ({ tftp, netboot }) => [
      `${netboot}/loaders/shimx64.efi`,
      `${tftp}/shimx64.efi`,
      '/usr/lib/shim/shimx64.efi.signed',
    ],
    debianPackage: 'shim-signed',
  },
  /** Shim starts it to enrol keys. */
  mokManager: {
    paths: ({ tftp, netboot }) => [
      `${netboot}/loaders/mmx64.efi`,
      `${tftp}/mmx64.efi`,
      '/usr/lib/shim/mmx64.efi.signed',
    ],
    debianPackage: 'shim-helpers-amd64-signed',
  },
  /** GRUB for media, which knows ISO 9660; the one for the network does not. Signed by the distribution. */
  grub: {
    paths: ({ netboot }) => [
      `${netboot}/loaders/gcdx64.efi`,
      '/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed',
    ],
    debianPackage: 'grub-efi-amd64-signed',
  },
  isolinux: { paths: () => ['/usr/lib/ISOLINUX/isolinux.bin'], debianPackage: 'isolinux' },
  /** The boot sector for USB disks. */
  isohybrid: { paths: () => ['/usr/lib/ISOLINUX/isohdpfx.bin'], debianPackage: 'isolinux' },
  ldlinux: { paths: () => [`${BIOS_MODULES}/ldlinux.c32`], debianPackage: 'syslinux-common' },
  menu: { paths: () => [`${BIOS_MODULES}/menu.c32`], debianPackage: 'syslinux-common' },
  chain: { paths: () => [`${BIOS_MODULES}/chain.c32`], debianPackage: 'syslinux-common' },
  libcom: { paths: () => [`${BIOS_MODULES}/libcom32.c32`], debianPackage: 'syslinux-common' },
  libutil: { paths: () => [`${BIOS_MODULES}/libutil.c32`], debianPackage: 'syslinux-common' },
} as const satisfies Record<string, LoaderFile>;

export type LoaderPaths = Readonly<Record<keyof typeof LOADER_FILES, string>>;

/** Where each of them is. Throws `tool-missing` that names all that are not. */
export async function findLoaderFiles(
  site: Pick<Site, 'tftpDirectory' | 'netbootDirectory'>,
): Promise<LoaderPaths> {
  const directories = { tftp: site.tftpDirectory, netboot: site.netbootDirectory };
  const missing: { path: string; debianPackage: string }[] = [];
  const find = async ({ paths, debianPackage }: LoaderFile): Promise<string> => {
    const candidates = paths(directories);
    for (const path of candidates) {
      if (await isReadable(path)) return path;
    }
    missing.push({ path: candidates[0] ?? '', debianPackage });
    return '';
  };
  const found: LoaderPaths = {
    shim: await find(LOADER_FILES.shim),
    mokManager: await find(LOADER_FILES.mokManager),
    grub: await find(LOADER_FILES.grub),
    isolinux: await find(LOADER_FILES.isolinux),
    isohybrid: await find(LOADER_FILES.isohybrid),
    ldlinux: await find(LOADER_FILES.ldlinux),
    menu: await find(LOADER_FILES.menu),
    chain: await find(LOADER_FILES.chain),
    libcom: await find(LOADER_FILES.libcom),
    libutil: await find(LOADER_FILES.libutil),
  };
  if (missing.length === 0) return found;
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(', ');
  throw new OperatorError({
    code: 'tool-missing',
    message: `finding the boot loaders: there is no ${missing.map(({ path }) => path).join(', ')}`,
    hint: `They are in the Debian packages ${packages}; running install.sh again places them.`,
  });
}

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
