/** What PXELINUX is told on hosts with a BIOS (Syslinux 6, doc/syslinux.txt): one boot, no menu, no wait. */

import type { Site, Subnet } from '../../lib/model/site.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { kernelWords, type BuildId } from './kernel-command-line.ts';

const HEAD = '# Written by the OpenClone server, which overwrites changes.';
/** In units of 0.1 s: how long PXELINUX waits at its prompt, where it only comes when a boot has failed. */
const RETRY_AFTER = 100;

/** The configuration of a host in `subnet`. `build` is needed for the engine. */
export function pxelinuxConfig(
  site: Site,
  subnet: Subnet,
  choice: { readonly type: 'disk' } | { readonly type: 'engine'; debug: boolean; build: BuildId },
): string {
  return choice.type === 'disk'
    ? diskConfig(site)
    : engineConfig(site, subnet, choice.build, choice.debug);
}

/** lpxelinux.0 knows HTTP, ten times faster than TFTP; where the server answers none, TFTP does it. */
function engineConfig(site: Site, subnet: Subnet, build: BuildId, debug: boolean): string {
  const { serverAddress } = subnet;
  const port = site.httpPort === 80 ? '' : `:${site.httpPort}`;
  const words = kernelWords(site, build, { server: serverAddress, debug }).join(' ');
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

function diskConfig({ biosLocalBoot }: Site): string {
  const head = [
    HEAD,
    'SAY OpenClone: no work for this computer, it starts from its disk.',
    'PROMPT 0',
  ];
  const next = ['LABEL next', '  LOCALBOOT -1', ''];
  switch (biosLocalBoot) {
    case 'next-device':
      return [...head, 'DEFAULT next', ...next].join('\n');
    case 'first-disk':
      return [
        ...head,
        'DEFAULT disk',
        // Only a machine whose first disk cannot be read comes to the prompt.
        'TIMEOUT 30',
        'ONTIMEOUT next',
        'LABEL disk',
        '  COM32 chain.c32',
        '  APPEND hd0',
        ...next,
      ].join('\n');
    default:
      return unreachable(biosLocalBoot);
  }
}
