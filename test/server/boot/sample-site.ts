/** A site with two subnets in a directory of its own. */

import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Site, type Subnet } from '../../../lib/model/site.ts';

export function sampleSite(directory: string, change: Partial<Site> = {}): Site {
  return Site.parse({
    formatVersion: 1,
    subnets: [sampleSubnet(77, 'main'), sampleSubnet(78, 'room-2')],
    onlyNetboot: false,
    tftpDirectory: join(directory, 'tftp'),
    netbootDirectory: join(directory, 'netboot'),
    imageDirectory: join(directory, 'images'),
    rootTransport: 'nfs',
    httpPort: 80,
    enginePort: 7077,
    biosLocalBoot: 'first-disk',
    uefiLocalBoot: 'next-entry',
    kernelOptions: '',
    ...change,
  });
}

/** 10.77.0.0/24 for 77, with addresses from us. */
export function sampleSubnet(number: number, name: string, change: Partial<Subnet> = {}): Subnet {
  return {
    name,
    interfaceName: `eth${number}`,
    serverAddress: `10.${number}.0.1`,
    networkAddress: `10.${number}.0.0`,
    prefixLength: 24,
    relayed: false,
    dhcp: {
      type: 'full',
      firstAddress: `10.${number}.0.100`,
      lastAddress: `10.${number}.0.200`,
      router: `10.${number}.0.254`,
      nameServers: [],
      leaseSeconds: 600,
    },
    ...change,
  };
}

/** What the installer and a build of the root file system leave; files have some bytes each. */
export async function makeSiteDirectories(site: Site, build: string | null): Promise<void> {
  for (const { name } of site.subnets) {
    await mkdir(join(site.tftpDirectory, 'bios', name, 'pxelinux.cfg'), { recursive: true });
  }
  await mkdir(join(site.tftpDirectory, 'grub/hosts'), { recursive: true });
  await mkdir(site.netbootDirectory, { recursive: true });
  if (build !== null) await addBuild(site, build);
}

/** Adds a build and makes it the current one, as `netboot-rootfs activate` does. */
export async function addBuild(site: Site, build: string): Promise<void> {
  const files = join(site.tftpDirectory, 'boot', build);
  await mkdir(files, { recursive: true });
  await writeFile(join(files, 'vmlinuz'), `kernel of ${build}`);
  await writeFile(join(files, 'initrd.img'), `initramfs of ${build}`);
  const directory = join(site.netbootDirectory, 'builds', build);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'rootfs.squashfs'), `root of ${build}`);
  const link = join(site.netbootDirectory, 'current');
  await rm(`${link}.new`, { force: true });
  await symlink(`builds/${build}`, `${link}.new`);
  await rename(`${link}.new`, link);
}
