/** What counts as the serial number of a machine (SMBIOS): not what a board says whose maker never filled it in. */

import type { Host } from '../model/host.ts';

/** What such boards say: the same on a thousand machines. */
const FILLINGS =
  /^(to be filled( by o\.?e\.?m\.?)?|default( string)?|system (manufacturer|product name|serial( number)?|version)|((base ?board|chassis|board|mother ?board|enclosure) )?(serial( number)?|asset tag)|not? ?(specified|applicable|available|present|provided|set|asset information)|none|null|empty|n\/?a|unknown|invalid|undefined|o\.?e\.?m\.?|x+|[0.\-_x# ]+|0?123456789(0|abcdef)?|\W*)$/i;
/** One sign again and again: 00000000, FFFFFFFF, 1111111. */
const ONE_SIGN = /^(.)\1*$/;

/** Whether `text` is what a firmware says that was never told who made the machine. */
export function isFilling(text: string): boolean {
  return FILLINGS.test(text.trim());
}

/** The serial number that tells a machine from others, or null: none was told, or only a board maker's filling. */
export function identifyingSerial(told: string | null): string | null {
  const text = told?.trim() ?? '';
  return isFilling(text) || ONE_SIGN.test(text) ? null : text;
}

/** The serial number that the host's machine has told, and has to tell again; null: none yet. */
export function serialOf({ systemInfo }: Pick<Host, 'systemInfo'>): string | null {
  return identifyingSerial(systemInfo?.systemSerial ?? null);
}
