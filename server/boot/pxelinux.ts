/** What PXELINUX is told on hosts with a BIOS (Syslinux 6, doc/syslinux.txt): one boot, no menu, no wait. */

import type { LocalBoot } from '../../lib/model/host.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import type { OwnDisk } from '../../lib/disk/own-disk.ts';
import type { DiskBoot } from '../../lib/rules/boot-choice.ts';
import { kernelWords, type EngineBoot } from './kernel-command-line.ts';

const HEAD = '# Written by the OpenClone server, which overwrites changes.';
/** In units of 0.1 s: how long PXELINUX waits at its prompt, where it only comes when a boot has failed. */
const RETRY_AFTER = 100;

/** What a host in `subnet` is told. lpxelinux.0 knows HTTP, ten times faster than TFTP; where the server answers none, TFTP does it. */
export function pxelinuxEngineConfig(site: Site, subnet: Subnet, boot: EngineBoot): string {
  const { build } = boot;
  const { serverAddress } = subnet;
  const port = site.httpPort === 80 ? '' : `:${site.httpPort}`;
  const words = kernelWords(site, boot, serverAddress).join(' ');
  const label = (name: string, directory: string): string[] => [
    `LABEL ${name}`,
    `  LINUX ${directory}/vmlinuz`,
    `  INITRD ${directory}/initrd.img`,
    `  APPEND ${words}`,
    // ip= of the lease that PXELINUX has, and BOOTIF=.
    '  IPAPPEND 3',
  ];
  return [
    HEAD,
    'SAY OpenClone: the engine is loaded from the server.',
    'PROMPT 0',
    `TIMEOUT ${RETRY_AFTER}`,
    'DEFAULT http',
    'ONERROR tftp',
    'ONTIMEOUT tftp',
    ...label('http', `http://${serverAddress}${port}/boot/${build}`),
    // Two colons: by TFTP, from the root of the server.
    ...label('tftp', `${serverAddress}::boot/${build}`),
    '',
  ].join('\n');
}

/**
 * By its own disk when the inventory tells which one that is; else as the firmware would go on. chain.c32 comes back when
 * it finds no such disk, and hangs on a disk without boot code: so it is never sent to a disk that nobody knows, unless an
 * operator chose that for this host.
 */
export function pxelinuxDiskConfig({ biosLocalBoot }: Site, { localBoot, own }: DiskBoot): string {
  const head = [
    HEAD,
    'SAY OpenClone: no work for this computer, it starts from its disk.',
    'PROMPT 0',
  ];
  const firmware = ['LABEL firmware', '  LOCALBOOT -1', ''];
  const byFirmware =
    localBoot === 'firmware' || (localBoot === 'site' && biosLocalBoot === 'next-device');
  const disk = byFirmware ? null : chainTarget(localBoot, own);
  if (disk === null) return [...head, 'DEFAULT firmware', ...firmware].join('\n');
  return [
    ...head,
    'DEFAULT disk',
    // Only when that disk is not there.
    'TIMEOUT 30',
    'ONTIMEOUT firmware',
    'LABEL disk',
    '  COM32 chain.c32',
    `  APPEND ${disk}`,
    ...firmware,
  ].join('\n');
}

/** For chain.c32 (Syslinux 6, doc/chain.txt): a disk by its signature, or the BIOS' first one. */
function chainTarget(localBoot: LocalBoot, own: OwnDisk | null): string | null {
  const signature = own?.diskSignature ?? null;
  if (signature !== null) return `mbr:0x${signature}`;
  return localBoot === 'disk' ? 'hd0' : null;
}
