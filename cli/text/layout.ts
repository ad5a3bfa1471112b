/** Texts about the layout of an image on a disk. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const layout = bilingual({
  en: {
    columns: {
      number: 'NO',
      start: 'FROM SECTOR',
      sectors: 'SECTORS',
      size: 'SIZE',
      type: 'TYPE',
      filesystem: 'FILESYSTEM',
      what: 'WRITTEN FROM',
    },
    areas: {
      mbr: 'boot code and partition table',
      ebr: 'extended boot record',
      'gpt-primary': 'GPT',
      'gpt-backup': 'backup of the GPT',
    },
    fits: (disk: string) => `The image fits on ${disk}:`,
    free: (size: string) => `${size} behind the last partition stay free.`,
  },
  de: {
    columns: {
      number: 'NR',
      start: 'AB SEKTOR',
      sectors: 'SEKTOREN',
      size: 'GRÖSSE',
      type: 'TYP',
      filesystem: 'DATEISYSTEM',
      what: 'GESCHRIEBEN AUS',
    },
    areas: {
      mbr: 'Startcode und Partitionstabelle',
      ebr: 'erweiterter Bootsektor',
      'gpt-primary': 'GPT',
      'gpt-backup': 'Kopie der GPT',
    },
    fits: (disk) => `Das Abbild passt auf ${disk}:`,
    free: (size) => `Hinter der letzten Partition bleiben ${size} frei.`,
  },
});
