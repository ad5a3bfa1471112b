/**
 * What GRUB is told on hosts with UEFI: only commands of the distributions' signed images, so that Secure Boot may be
 * on. `grub.cfg` is the same for all; it goes on with the host's own file or with `default.cfg`.
 */

import { netmaskOf } from '../../lib/network/ipv4.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import type { OwnLoader } from '../../lib/disk/own-disk.ts';
import { UEFI_LOADERS } from '../../lib/boot/uefi-loaders.ts';
import type { DiskBoot } from '../../lib/rules/boot-choice.ts';
import { kernelWords, type EngineBoot } from './kernel-command-line.ts';

const HEAD = '# Written by the OpenClone server, which overwrites changes.';
/** Variables that grub.cfg sets for the files it goes on with. */
const SERVER = 'openclone_server';
const NETWORK = 'openclone_network';

/**
 * Finds out where the server and the host are. GRUB images of ours set the server's address; the signed ones take it
 * from the lease; when that has none, it is that of the site's main subnet.
 */
export function grubMainConfig({ subnets: [main, ...others] }: Site): string {
  if (main === undefined) throw new TypeError('a site without a subnet');
  const bytes = ['1', '2', '3', '4', '5', '6'];
  return [
    HEAD,
    'set timeout=0',
    `if [ -z "$${SERVER}" ]; then set ${SERVER}="$net_default_server"; fi`,
    `if [ -z "$${SERVER}" ]; then set ${SERVER}=${main.serverAddress}; fi`,
    // Without an address in it the initramfs asks DHCP itself.
    `set ${NETWORK}=`,
    `if regexp ${bytes.map((n) => `--set=${n}:openclone_mac${n}`).join(' ')} '^(..):(..):(..):(..):(..):(..)$' "$net_default_mac"; then`,
    `  set ${NETWORK}="BOOTIF=01-${bytes.map((n) => `\${openclone_mac${n}}`).join('-')}"`,
    ...addressWords([main, ...others]),
    'fi',
    'set openclone_choice="$prefix/default.cfg"',
    'if [ -n "$net_default_mac" ]; then',
    '  if [ -s "$prefix/hosts/$net_default_mac.cfg" ]; then',
    '    set openclone_choice="$prefix/hosts/$net_default_mac.cfg"',
    '  fi',
    'fi',
    'source "$openclone_choice"',
    '',
  ].join('\n');
}

/** The lease that GRUB has, for subnets whose netmask and router are plain from the server's address. */
function addressWords(subnets: readonly Subnet[]): string[] {
  return subnets.flatMap((subnet) => {
    const { serverAddress, prefixLength, relayed, dhcp } = subnet;
    const alone = subnets.filter((other) => other.serverAddress === serverAddress).length === 1;
    const router = dhcp.type === 'full' ? dhcp.router : null;
    // Behind a router that we do not know, the host would not reach us.
    if (!alone || (relayed && router === null)) return [];
    const lease = `\${net_default_ip}:${serverAddress}:${router ?? ''}:${netmaskOf(prefixLength)}`;
    return [
      `  if [ "$${SERVER}" = "${serverAddress}" -a -n "$net_default_ip" ]; then`,
      `    set ${NETWORK}="ip=${lease} $${NETWORK}"`,
      '  fi',
    ];
  });
}

/** Loads the engine, by HTTP where GRUB can, which knows no port but 80, else by TFTP. */
export function grubEngineConfig(site: Site, boot: EngineBoot): string {
  const { build } = boot;
  const words = [
    // Two words in one variable, which GRUB splits where it is not quoted.
    `$${NETWORK}`,
    ...kernelWords(site, boot, `$${SERVER}`).map((word) => quoteWord(word)),
  ].join(' ');
  const load = (protocol: 'http' | 'tftp'): string =>
    `linux (${protocol},$${SERVER})/boot/${build}/vmlinuz ${words}`;
  return [
    HEAD,
    'echo "OpenClone: the engine is loaded from the server."',
    'set openclone_protocol=tftp',
    ...(site.httpPort === 80
      ? [
          `if ${load('http')}; then`,
          '  set openclone_protocol=http',
          'else',
          `  ${load('tftp')}`,
          'fi',
        ]
      : [load('tftp')]),
    `if initrd ($openclone_protocol,$${SERVER})/boot/${build}/initrd.img; then boot; fi`,
    // Not the disk: it may be half written.
    'echo "OpenClone: the engine could not be loaded. Trying again in 20 seconds."',
    'sleep 20',
    'reboot',
    '',
  ].join('\n');
}

/**
 * Leads to the host's own disk. Where its inventory tells which partition that is, no other device is asked: GRUB cannot
 * tell a built-in disk from a stick. `own` null: nothing is known.
 */
export function grubDiskConfig({ uefiLocalBoot }: Site, { localBoot, own }: DiskBoot): string {
  const head = [HEAD, 'echo "OpenClone: no work for this computer, it starts from its disk."'];
  const byFirmware =
    localBoot === 'firmware' || (localBoot === 'site' && uefiLocalBoot === 'next-entry');
  if (byFirmware) return [...head, 'exit', ''].join('\n');
  const loaders = own?.loaders ?? [];
  return [
    ...head,
    ...loaders.flatMap(startOwn),
    ...(loaders.length === 0 ? [] : [`echo "${NOT_FOUND}"`]),
    ...UEFI_LOADERS.flatMap(startAny),
    'exit',
    '',
  ].join('\n');
}

const NOT_FOUND = 'OpenClone: the disk that this computer had is not found, others are tried.';

function startOwn({ filesystemUuid, path }: OwnLoader): string[] {
  return [
    `if search --no-floppy --set=root --fs-uuid ${filesystemUuid}; then`,
    ...chainload(path),
    'fi',
  ];
}

function startAny(path: string): string[] {
  return [`if search --no-floppy --set=root --file ${path}; then`, ...chainload(path), 'fi'];
}

/** GRUB tells the loader that it comes from the device in `root`; shim looks for its second stage there. */
function chainload(path: string): string[] {
  return [
    `  if [ -f ($root)${path} ]; then`,
    `    if chainloader ($root)${path}; then boot; fi`,
    '  fi',
  ];
}

/** One word of GRUB's script, whatever is in it; `$openclone_server` stays a variable. */
function quoteWord(word: string): string {
  if (word.includes(`$${SERVER}:`)) return word;
  return /^[A-Za-z0-9_.,:=/@+-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
