/** The menus of a boot medium: ISOLINUX's for a BIOS, GRUB's for UEFI. The engine starts unless somebody chooses. */

import { UEFI_LOADERS } from '../../lib/boot/uefi-loaders.ts';

/** How long the menu waits. */
const MENU_SECONDS = 5;

export type Menu = {
  readonly title: string;
  /** A file that no other medium has: GRUB finds the right one by it. */
  readonly markerPath: string;
  /** On the medium, in the order in which they are loaded. */
  readonly initrdPaths: readonly string[];
  /** Kernel command line. */
  readonly words: readonly string[];
};

/**
 * What the signed GRUB for media looks for, on the partition it was read from and on every other: a file /.disk/info,
 * then /boot/grub/grub.cfg beside it, else grub.cfg beside itself. They are in both file systems of the medium, so that
 * it finds one of ours whichever it sees; each searches for the medium's marker.
 */
export const GRUB_FILES = ['/.disk/info', '/boot/grub/grub.cfg', '/EFI/BOOT/grub.cfg'] as const;

export const KERNEL_PATH = '/boot/vmlinuz';
const ENGINE_LABEL = 'Start OpenClone';
const DISK_LABEL = 'Start this computer from its own disk';

/** isolinux.cfg (https://wiki.syslinux.org/wiki/index.php?title=Config); names are 8.3, ISOLINUX knows no others. */
export function isolinuxMenu({ title, initrdPaths, words }: Menu): string {
  return `UI menu.c32
PROMPT 0
TIMEOUT ${MENU_SECONDS * 10}
MENU TITLE ${title}
LABEL engine
  MENU LABEL ${ENGINE_LABEL}
  MENU DEFAULT
  LINUX ${KERNEL_PATH}
  INITRD ${initrdPaths.join(',')}
  APPEND ${words.join(' ')}
LABEL disk
  MENU LABEL ${DISK_LABEL} (medium: CD)
  LOCALBOOT -1
LABEL next
  MENU LABEL ${DISK_LABEL} (medium: USB)
  COM32 chain.c32
  APPEND hd1
`;
}

/** grub.cfg; only what GRUB does under Secure Boot. */
export function grubMenu({ title, markerPath, initrdPaths, words }: Menu): string {
  return `search --no-floppy --set=root --file ${markerPath}
set timeout=${MENU_SECONDS}
set default=engine
echo ${quoted(title)}
menuentry ${quoted(ENGINE_LABEL)} --id engine {
  echo 'Loading the kernel'
  linux ${KERNEL_PATH} ${words.map(quoted).join(' ')}
  initrd ${initrdPaths.join(' ')}
}
menuentry ${quoted(DISK_LABEL)} --id disk {
${UEFI_LOADERS.map(chainload).join('')}  exit
}
`;
}

/** The medium itself, which has a loader by a common name too, is known by one of the files that it is found by. */
function chainload(path: string): string {
  return `  for partition in (hd*,*); do
    if [ -f "$partition${path}" -a ! -f "$partition${GRUB_FILES[0]}" ]; then
      regexp --set=1:root '^\\((.*)\\)$' "$partition"
      if chainloader "$partition${path}"; then boot; fi
    fi
  done
`;
}

/** One word for GRUB's shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
