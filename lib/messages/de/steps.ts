/** Titles of steps in German, which begin with the verb: columns are narrow. */

import type { STEP_MESSAGES } from '../../model/messages/steps.ts';
import type { TextsOf } from '../texts.ts';

type Partition = {
  readonly partition: number;
  readonly filesystem: string | null;
  readonly sizeBytes: string;
};

export const steps: TextsOf<typeof STEP_MESSAGES> = {
  'step.check-unused': ({ address }) => `prüft, dass nichts ${address} benutzt`,
  'step.protect-source': ({ address }) =>
    `schützt ${address} vor Schreibzugriffen, während gelesen wird`,
  'step.check-filesystems': 'prüft, dass die Dateisysteme sauber verlassen wurden',
  'step.keep-swap-header': (partition) => `merkt den Kopf von ${partitionText(partition)}`,
  'step.read-partition': (partition) => `liest ${partitionText(partition)}`,
  'step.read-gap': ({ sector, sizeBytes }) =>
    `liest die Lücke des Bootladers ab Sektor ${sector} (${sizeBytes})`,
  'step.read-behind': ({ sector, sizeBytes }) =>
    `liest die Datenbank hinter den Partitionen ab Sektor ${sector} (${sizeBytes})`,
  'step.store-image': 'lässt den Server das Abbild prüfen und ablegen',
  'step.check-target': ({ disk }) => `prüft, dass ${disk} passt und nichts sie benutzt`,
  'step.wait-for-session': 'wartet, bis die anderen Rechner der Übertragung bereit sind',
  'step.wait-for-server': 'wartet, bis der Server sendet',
  'step.clear-disk': ({ address }) => `leert ${address}: ab hier ist der alte Inhalt verloren`,
  'step.clear-for-table': ({ address }) => `leert ${address}: der alte Inhalt ist verloren`,
  'step.write-partition': (partition) => `schreibt ${partitionText(partition)}`,
  'step.write-gap': ({ sector }) => `schreibt die Lücke des Bootladers ab Sektor ${sector}`,
  'step.write-behind': ({ sector }) =>
    `schreibt die Datenbank hinter den Partitionen ab Sektor ${sector}`,
  'step.finish-writing': 'wartet, bis alles Empfangene geschrieben ist',
  'step.write-swap': ({ partition }) => `schreibt den Swap-Kopf von Partition ${partition}`,
  'step.make-swap': ({ partition }) => `legt Swap auf Partition ${partition} an`,
  'step.write-ntfs-backup': ({ partition }) =>
    `schreibt den zweiten Bootsektor von Partition ${partition}`,
  'step.sync-disk': ({ address }) => `schreibt den Zwischenspeicher auf ${address}`,
  'step.write-boot-and-table': 'schreibt Bootcode und Partitionstabelle',
  'step.write-table': 'schreibt die Partitionstabelle',
  'step.verify-table': 'lässt den Kernel die Partitionstabelle lesen und vergleicht sie',
  'step.power-off': 'schaltet den Rechner aus',
  'step.reboot': 'startet den Rechner neu',
  'step.exit': 'beendet die Engine',
};

function partitionText({ partition, filesystem, sizeBytes }: Partition): string {
  return `Partition ${partition} (${filesystem ?? 'unbekannt'}, ${sizeBytes})`;
}
