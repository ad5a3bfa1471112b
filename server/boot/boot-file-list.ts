/** Which files tell the boot loaders what a host boots: their paths below the TFTP directory, and their texts. */

import type { MacAddress } from '../../lib/model/names.ts';
import type { Site } from '../../lib/model/site.ts';
import type { BootChoice } from './boot-choice.ts';
import { grubDiskConfig, grubEngineConfig, grubMainConfig } from './grub.ts';
import type { BuildId } from './kernel-command-line.ts';
import { pxelinuxConfig } from './pxelinux.ts';

/** A path below the TFTP directory, and what is in the file. */
export type BootFile = { readonly path: string; readonly text: string };

/** What is written, and what is taken away when it is not wanted any more. */
export type BootFileList = {
  /** The files of one MAC address. */
  readonly ofHost: (mac: MacAddress, choice: BootChoice) => BootFile[];
  /** The files for everybody who has none of their own. */
  readonly ofOthers: (choice: BootChoice) => BootFile[];
  /** The directories that hold one file per MAC address, and how such a file is called. */
  readonly hostDirectories: readonly { readonly path: string; readonly names: RegExp }[];
};

/** `build` null: every choice is the disk. Texts are made once and shared by all files that have them. */
export function bootFileList(site: Site, build: BuildId | null): BootFileList {
  const texts = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const text = texts.get(key) ?? make();
    texts.set(key, text);
    return text;
  };
  const bios = (choice: BootChoice, index: number): string => {
    const subnet = site.subnets[index];
    if (subnet === undefined) throw new TypeError(`no subnet ${index}`);
    return once(`bios ${choice} ${index}`, () =>
      pxelinuxConfig(
        site,
        subnet,
        build === null || choice === 'disk'
          ? { type: 'disk' }
          : { type: 'engine', build, debug: choice === 'engine-debug' },
      ),
    );
  };
  const uefi = (choice: BootChoice): string =>
    once(`uefi ${choice}`, () =>
      build === null || choice === 'disk'
        ? grubDiskConfig(site)
        : grubEngineConfig(site, build, choice === 'engine-debug'),
    );
  const biosFiles = (name: string, choice: BootChoice): BootFile[] =>
    site.subnets.map((subnet, index) => ({
      path: `${pxelinuxDirectory(subnet.name)}/${name}`,
      text: bios(choice, index),
    }));
  return {
    ofHost: (mac, choice) => [
      ...biosFiles(`01-${mac.replaceAll(':', '-')}`, choice),
      { path: `${GRUB_HOSTS}/${mac}.cfg`, text: uefi(choice) },
    ],
    ofOthers: (choice) => [
      ...biosFiles('default', choice),
      { path: 'grub/default.cfg', text: uefi(choice) },
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
