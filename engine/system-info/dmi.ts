/** Who made the machine, as its firmware says (SMBIOS, /sys/class/dmi/id). */

import { join } from 'node:path';
import { identifyingSerial, isFilling } from '../../lib/hosts/machine-serial.ts';
import { readSysfs } from './sysfs.ts';

export type SystemIdentity = {
  readonly vendor: string;
  readonly model: string;
  readonly serial: string | null;
};

/** Empty texts and null where there is no SMBIOS, or only a board maker's filling. Serial numbers need root. */
export async function readSystemIdentity(directory = '/sys/class/dmi/id'): Promise<SystemIdentity> {
  const read = async (
    names: readonly string[],
    isMeant: (text: string) => boolean = (text) => !isFilling(text),
  ): Promise<string | null> => {
    for (const name of names) {
      const text = await readSysfs(join(directory, name));
      if (text !== null && isMeant(text)) return text;
    }
    return null;
  };
  const serials = ['product_serial', 'chassis_serial', 'board_serial'];
  return {
    vendor: (await read(['sys_vendor', 'board_vendor'])) ?? '',
    model: (await read(['product_name', 'board_name'])) ?? '',
    serial: await read(serials, (text) => identifyingSerial(text) !== null),
  };
}
