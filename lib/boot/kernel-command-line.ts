/** The words of the kernel command line that OpenClone adds (docs/design/netboot.md). Everybody can read them. */

import type { Language } from '../model/language.ts';
import type { Site } from '../model/site.ts';
import { unreachable } from '../unreachable.ts';

/** Where the root file system of the hosts comes from. */
export type RootSource =
  /** NFS, read-only, while the host runs. */
  | { readonly type: 'nfs' }
  /** A squashfs, fetched by HTTP and kept in memory. */
  | { readonly type: 'ram' }
  /** A squashfs that the boot loader has loaded beside the initramfs. */
  | { readonly type: 'loaded' };

/** Where a boot medium with the root file system on it puts its squashfs in the initramfs. */
export const LOADED_SQUASHFS = '/openclone/root.squashfs';

/**
 * The words for the engine, in their order, not quoted for any boot loader. `serverAddress` is one that the host can
 * reach, or what the boot loader puts one in for.
 */
export function engineWords(
  site: Pick<Site, 'enginePort' | 'httpPort' | 'netbootDirectory' | 'kernelOptions'>,
  options: {
    readonly serverAddress: string;
    readonly buildId: string;
    readonly root: RootSource;
    /** A shell on the host's own console. */
    readonly debug: boolean;
    /** Of the host's screen. */
    readonly language: Language;
  },
): string[] {
  return [
    'boot=openclone',
    `openclone.server=${options.serverAddress}:${site.enginePort}`,
    `openclone.root=${rootWord(site, options.buildId, options.root)}`,
    ...(options.debug ? ['openclone.debug'] : []),
    // English needs no word.
    ...(options.language === 'en' ? [] : [`openclone.language=${options.language}`]),
    'init=/usr/lib/openclone/init',
    'panic=30',
    ...site.kernelOptions.split(' ').filter((word) => word !== ''),
  ];
}

function rootWord(
  site: Pick<Site, 'httpPort' | 'netbootDirectory'>,
  buildId: string,
  root: RootSource,
): string {
  switch (root.type) {
    case 'nfs':
      return `nfs:${site.netbootDirectory}/builds/${buildId}/rootfs`;
    case 'ram':
      return `http:${site.httpPort}:/rootfs/${buildId}.squashfs`;
    case 'loaded':
      return `initrd:${LOADED_SQUASHFS}`;
    default:
      return unreachable(root);
  }
}
