/** The kinds of firmware that hosts have, and what each one boots first. */

import type { ClientArch } from '../../lib/dhcp/pxe-client.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Subnet } from '../../lib/model/site.ts';

export type Firmware = 'BIOS' | 'UEFI';

export const FIRMWARES: readonly Firmware[] = ['BIOS', 'UEFI'];

/** What it says in option 93 (RFC 4578). */
export const CLIENT_ARCH: Readonly<Record<Firmware, ClientArch>> = { BIOS: 0, UEFI: 7 };

/** The boot file that a foreign DHCP server has to name, relative to the TFTP directory (docs/design/netboot.md). */
export function bootFileOf(subnet: Subnet, firmware: Firmware): string {
  return firmware === 'BIOS' ? `bios/${subnet.name}/lpxelinux.0` : 'shimx64.efi';
}

/** Whether the name is one that this firmware can run. */
export function fits(bootFile: string, firmware: Firmware): boolean {
  return /\.efi(\.signed)?$/i.test(bootFile) === (firmware === 'UEFI');
}

/** What a finding is about. */
export function subnetLabel({ name, interfaceName }: Subnet): Message {
  return message('about.subnet', { name, interfaceName });
}
