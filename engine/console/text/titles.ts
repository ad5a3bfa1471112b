/** Texts of what a host does, for somebody who stands before it. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const titles = bilingual({
  en: {
    onlyDisk: 'the disk of this host',
    disk: (disk: string) => `the disk ${disk}`,
    capture: (disk: string) => `making an image of ${disk}`,
    deploy: (image: string, disk: string) => `writing the image "${image}" to ${disk}`,
    partition: (image: string, disk: string) =>
      `writing the partition table of "${image}" to ${disk}`,
    leaving: {
      'power-off': 'switching the host off',
      reboot: 'starting the host again',
      exit: 'ending the engine',
    },
  },
  de: {
    onlyDisk: 'Platte des Rechners',
    disk: (disk) => `Platte ${disk}`,
    capture: (disk) => `Abbild aufnehmen (${disk})`,
    deploy: (image, disk) => `Abbild "${image}" schreiben (${disk})`,
    partition: (image, disk) => `Partitionstabelle von "${image}" schreiben (${disk})`,
    leaving: {
      'power-off': 'Rechner ausschalten',
      reboot: 'Rechner neu starten',
      exit: 'Engine beenden',
    },
  },
});
