/** Which files tell the boot loaders what a host boots: their paths below the TFTP directory, and their texts. */

import type { Language } from '../../lib/model/language.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { Site } from '../../lib/model/site.ts';
import { UNKNOWN_DISK, type BootChoice, type DiskBoot } from '../../lib/rules/boot-choice.ts';
import { grubDiskConfig, grubEngineConfig, grubMainConfig } from './grub.ts';
import type { BuildId } from './kernel-command-line.ts';
import { pxelinuxDiskConfig, pxelinuxEngineConfig } from './pxelinux.ts';

/** A path below the TFTP directory, and what is in the file. */
export type BootFile = { readonly path: string; readonly text: string };

/** What is written, and what is taken away when it is not wanted any more. */
export type BootFileRenderer = {
  /** The files of one MAC address; `disk` counts where the disk is chosen. */
  readonly forHost: (mac: MacAddress, choice: BootChoice, disk: DiskBoot) => BootFile[];
  /** The files for everybody who has none of their own. */
  readonly forUnknownHosts: (choice: BootChoice) => BootFile[];
  /** The directories that hold one file per MAC address, and how such a file is called. */
  readonly hostDirectories: readonly { readonly path: string; readonly names: RegExp }[];
};

/** `build` null: every choice is the disk; `language` is that of hosts' screens. Texts are made once and shared by all files that have them. */
export function bootFileRenderer(
  site: Site,
  build: BuildId | null,
  language: Language = 'en',
): BootFileRenderer {
  const texts = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const text = texts.get(key) ?? make();
    texts.set(key, text);
    return text;
  };
  const bios = (choice: BootChoice, disk: DiskBoot, index: number): string => {
    const subnet = site.subnets[index];
    if (subnet === undefined) throw new TypeError(`no subnet ${index}`);
    // Of disks, most hosts have a text of their own.
    if (build === null || choice === 'disk') return pxelinuxDiskConfig(site, disk);
    const boot = { build, debug: choice === 'engine-debug', language };
    return once(`bios ${choice} ${index}`, () => pxelinuxEngineConfig(site, subnet, boot));
  };
  const uefi = (choice: BootChoice, disk: DiskBoot): string => {
    if (build === null || choice === 'disk') return grubDiskConfig(site, disk);
    const boot = { build, debug: choice === 'engine-debug', language };
    return once(`uefi ${choice}`, () => grubEngineConfig(site, boot));
  };
  const biosFiles = (name: string, choice: BootChoice, disk: DiskBoot): BootFile[] =>
    site.subnets.map((subnet, index) => ({
      path: `${pxelinuxDirectory(subnet.name)}/${name}`,
      text: bios(choice, disk, index),
    }));
  return {
    forHost: (mac, choice, disk) => [
      ...biosFiles(`01-${mac.replaceAll(':', '-')}`, choice, disk),
      { path: `${GRUB_HOSTS}/${mac}.cfg`, text: uefi(choice, disk) },
    ],
    forUnknownHosts: (choice) => [
      ...biosFiles('default', choice, UNKNOWN_DISK),
      { path: 'grub/default.cfg', text: uefi(choice, UNKNOWN_DISK) },
      { path: 'grub/grub.cfg', text: once('main', () => grubMainConfig(site)) },
    ],
    hostDirectories: [
      ...site.subnets.map(({ name }) => ({
        path: pxelinuxDirectory(name),
        names: /^01(-[0-9a-f]{2}){6}$/,
      })),
      { path: GRUB_HOSTS, names: /^[0-9a-f]{2}(:[0-9a-f]{2}){5}\.cfg$/ },
    ],
  };
}

const GRUB_HOSTS = 'grub/hosts';

function pxelinuxDirectory(subnet: string): string {
  return `bios/${subnet}/pxelinux.cfg`;
}
