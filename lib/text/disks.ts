/** Disks as people tell them apart. */

import type { DiskIdentity } from '../model/disk-identity.ts';
import type { Language } from '../model/language.ts';

/** "/dev/sda (Samsung SSD 860, serial S3Z8NB0K, 500107862016 bytes)". */
export function diskText(language: Language, disk: Omit<DiskIdentity, 'wwn'>): string {
  const { unknownModel, noSerial, serial, bytes } = WORDS[language];
  const model = disk.model === '' ? unknownModel : disk.model;
  const number = disk.serial === null ? noSerial : `${serial} ${disk.serial}`;
  return `${disk.address} (${model}, ${number}, ${disk.sizeBytes} ${bytes})`;
}

/** A disk of which an older engine may have said no more than `description`, in English. */
export function knownDiskText(
  language: Language,
  identity: DiskIdentity | undefined,
  description: string,
): string {
  return identity === undefined ? description : diskText(language, identity);
}

const WORDS = {
  en: {
    unknownModel: 'unknown model',
    noSerial: 'no serial number',
    serial: 'serial',
    bytes: 'bytes',
  },
  de: {
    unknownModel: 'Modell unbekannt',
    noSerial: 'keine Seriennummer',
    serial: 'Seriennummer',
    bytes: 'Bytes',
  },
} as const;
