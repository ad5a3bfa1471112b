/** Boot loaders for the hosts, below TFTP. */

import { stat } from 'node:fs/promises';
import type { Site } from '../../lib/model/site.ts';
import { placeLoaders, readLoaderRecord } from '../loaders/install.ts';
import { loaderFiles } from '../loaders/files.ts';
import { realPath, type System } from '../machine/system.ts';
import type { InstallStep } from '../step.ts';

export const loaders: InstallStep = {
  name: 'loaders',
  title: 'fetching the boot loaders',
  describe: ({ site }) => [
    `boot loaders in ${site.tftpDirectory}: shim, GRUB and PXELINUX of this distribution (downloaded, not installed)`,
  ],
  check: async ({ system, plan }) => {
    if (plan.refresh) return false;
    const site = realSite(system, plan.site);
    const record = await readLoaderRecord(site);
    if (record === null) return false;
    const wanted = loaderFiles(site, record.grub).map(({ to }) => to);
    return wanted.length === record.files.length && wanted.every((to) => record.files.includes(to));
  },
  apply: async ({ system, plan, journal }) => {
    const { tftpDirectory } = plan.site;
    // In a directory that was there before us, each file of ours is known by name. What the GRUB can do is not known
    // yet: the one that can do most has all names.
    const names = loaderFiles(plan.site, { http: true, proxyDhcp: true })
      .map(({ to }) => to)
      .filter((to) => to.startsWith('tftp/'))
      .map((to) => to.slice('tftp/'.length));
    const isNew = async (path: string): Promise<boolean> =>
      (await stat(realPath(system, path)).catch(() => null)) === null && !journal.isInOurTree(path);
    for (const name of directoriesOf(names)) {
      const path = `${tftpDirectory}/${name}`;
      if (await isNew(path)) {
        await journal.note({ type: 'directory', path, tree: false, data: null });
      }
    }
    for (const name of [...names, 'loaders.json']) {
      const path = `${tftpDirectory}/${name}`;
      if (await isNew(path)) await journal.note({ type: 'file', path, previous: null });
    }
    await placeLoaders(system.run, realSite(system, plan.site));
  },
};

/** "proxy" and "proxy/main" of "proxy/main/uefi.efi": parents before children, each once. */
function directoriesOf(names: readonly string[]): string[] {
  const all = names.flatMap((name) => {
    const parts = name.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(all)];
}

/** The site with its directories where they really lie. */
export function realSite(system: System, site: Site): Site {
  return {
    ...site,
    tftpDirectory: realPath(system, site.tftpDirectory),
    netbootDirectory: realPath(system, site.netbootDirectory),
  };
}
