/** Where the distribution's signed GRUB cannot boot beside a foreign DHCP server: our own image, without Secure Boot. */

import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loaderFiles } from '../../../../installer/loaders/files.ts';
import { makeOwnGrub } from '../../../../installer/loaders/custom-grub.ts';
import { fetchPackages } from '../../../../installer/loaders/packages.ts';
import type { VmRoom } from '../room.ts';
import { PROXY_NFS, type Scenario } from '../scenario.ts';
import { registers } from './plain-boots.ts';

export const ownGrubBesideDhcp: Scenario = {
  name: 'own-grub-proxy',
  title: 'beside a foreign DHCP server, a host with UEFI reaches the engine by our own GRUB too',
  inCi: false,
  room: PROXY_NFS,
  run: async (room) => {
    const directory = join(room.site.tftpDirectory, 'proxy/main');
    const signed = `${directory}.signed`;
    renameSync(directory, signed);
    mkdirSync(directory);
    try {
      await placeOwnGrub(room);
      await registers(room, 'uefi', 768);
    } finally {
      rmSync(directory, { recursive: true });
      renameSync(signed, directory);
    }
  },
};

/** What the installer places when the signed GRUB knows no proxy DHCP, and nothing else that could be booted instead. */
async function placeOwnGrub(room: VmRoom): Promise<void> {
  const work = mkdtempSync(join(room.directory, 'own-grub-'));
  const packages = await fetchPackages(room.run, work);
  for (const { from, to } of loaderFiles(room.site, { http: false, proxyDhcp: false })) {
    if (from.type !== 'own-grub') continue;
    const image = await makeOwnGrub(room.run, packages, { work, subnet: from.subnet });
    copyFileSync(image, join(room.site.tftpDirectory, to.replace(/^tftp\//, '')));
  }
}
