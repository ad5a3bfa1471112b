/** Who made the machine, as its firmware says (SMBIOS, /sys/class/dmi/id). */

import { join } from 'node:path';
import { readFact } from './fact.ts';

export type SystemIdentity = {
  readonly vendor: string;
  readonly model: string;
  readonly serial: string | null;
};

/** Empty texts and null where there is no SMBIOS, or only a board maker's filling. Serial numbers need root. */
export async function readSystemIdentity(directory = '/sys/class/dmi/id'): Promise<SystemIdentity> {
  const read = async (...names: string[]): Promise<string | null> => {
    for (const name of names) {
      const text = await readFact(join(directory, name));
      if (text !== null && !FILLINGS.test(text)) return text;
    }
    return null;
  };
  return {
    vendor: (await read('sys_vendor', 'board_vendor')) ?? '',
    model: (await read('product_name', 'board_name')) ?? '',
    serial: await read('product_serial', 'chassis_serial', 'board_serial'),
  };
}

/** What boards say whose maker never filled the fields in: the same on a thousand machines. */
const FILLINGS =
  /^(to be filled by o\.?e\.?m\.?|default string|system (manufacturer|product name|serial number)|(base board |chassis )?serial number|not (specified|applicable|available)|none|n\/a|unknown|invalid|o\.e\.m\.|[0.\-_x ]+|0?123456789(abcdef)?)$/i;
