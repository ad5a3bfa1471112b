/** Descriptions of disks in German: lib/disk/disk-selection.ts makes them, in English, and they are stored with runs. */

import type { Language } from '../../lib/model/language.ts';

const DESCRIPTION = /^(\S+) \((.+), (?:serial (\S.*)|no serial number), (\d+) bytes\)$/;

/** "/dev/sda (Samsung SSD 860, serial S3Z8NB0K, 500107862016 bytes)"; what is no such text stays as it is. */
export function diskIn(language: Language, description: string): string {
  const found = language === 'en' ? null : DESCRIPTION.exec(description);
  if (found === null) return description;
  const [, address = '', model = '', serial, bytes = ''] = found;
  const known = model === 'unknown model' ? 'Modell unbekannt' : model;
  const number = serial === undefined ? 'keine Seriennummer' : `Seriennummer ${serial}`;
  return `${address} (${known}, ${number}, ${bytes} Bytes)`;
}
