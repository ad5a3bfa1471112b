/** Names of steps in German: the engine gives its plan in English (engine/operations), and so it is stored. */

import type { PlannedStep } from '../../lib/model/step.ts';
import type { Language } from './catalogue.ts';
import { diskIn } from './disks.ts';
import { pointsIn } from './quantities.ts';

/** Ids without the number at their end; $1, $2, $3 are what the English title holds in that place. */
const GERMAN: readonly (readonly [id: string, english: RegExp, german: string])[] = [
  // capture
  ['check-source', /^check that nothing uses (.+)$/, 'prüfen, dass nichts $1 benutzt'],
  [
    'protect-source',
    /^write-protect (.+) while it is read$/,
    '$1 vor Schreibzugriffen schützen, während gelesen wird',
  ],
  [
    'check-filesystems',
    /^check that the file systems were left clean$/,
    'prüfen, dass die Dateisysteme sauber verlassen wurden',
  ],
  [
    'read-p',
    /^note UUID and label of partition (\d+) \((.+), (.+)\)$/,
    'UUID und Namen von Partition $1 merken ($2, $3)',
  ],
  ['capture-p', /^read partition (\d+) \((.+), (.+)\)$/, 'Partition $1 lesen ($2, $3)'],
  [
    'capture-gap-',
    /^read the boot loader's gap at sector (\d+) \((.+)\)$/,
    'Lücke des Bootladers ab Sektor $1 lesen ($2)',
  ],
  [
    'store-image',
    /^let the server verify and store the image$/,
    'das Abbild vom Server prüfen und ablegen lassen',
  ],
  // deploy and partition
  [
    'check-target',
    /^check that (.+) fits and nothing uses it$/,
    'prüfen, dass $1 passt und nichts sie benutzt',
  ],
  ['check-target', /^check that nothing uses (.+)$/, 'prüfen, dass nichts $1 benutzt'],
  [
    'wait-for-data',
    /^wait until the other hosts of the session are ready$/,
    'warten, bis die anderen Rechner der Übertragung bereit sind',
  ],
  ['wait-for-data', /^wait for the server to send$/, 'warten, bis der Server sendet'],
  [
    'clear-disk',
    /^clear (.+): from here on its old content is lost$/,
    '$1 leeren: ab hier ist der alte Inhalt verloren',
  ],
  [
    'clear-disk',
    /^clear (.+): its old content is lost$/,
    '$1 leeren: der alte Inhalt ist verloren',
  ],
  ['write-p', /^write partition (\d+) \((.+), (.+)\)$/, 'Partition $1 schreiben ($2, $3)'],
  [
    'write-gap-',
    /^write the boot loader's gap at sector (\d+)$/,
    'Lücke des Bootladers ab Sektor $1 schreiben',
  ],
  [
    'finish-writing',
    /^wait until everything received is written$/,
    'warten, bis alles Empfangene geschrieben ist',
  ],
  ['make-swap-p', /^make swap on partition (\d+)$/, 'Swap auf Partition $1 anlegen'],
  [
    'write-ntfs-backup-p',
    /^write the backup boot sector of partition (\d+)$/,
    'zweiten Bootsektor von Partition $1 schreiben',
  ],
  ['sync-disk', /^write (.+) out of the cache$/, 'Zwischenspeicher auf $1 schreiben'],
  [
    'write-table',
    /^write boot code and partition table$/,
    'Bootcode und Partitionstabelle schreiben',
  ],
  ['write-table', /^write the partition table$/, 'Partitionstabelle schreiben'],
  [
    'verify-table',
    /^let the kernel read the partition table, and compare it$/,
    'Partitionstabelle vom Kernel lesen lassen und vergleichen',
  ],
  // shutdown
  ['shutdown-host', /^switch the host off$/, 'den Rechner ausschalten'],
  ['shutdown-host', /^start the host anew$/, 'den Rechner neu starten'],
  ['shutdown-host', /^end the engine$/, 'die Engine beenden'],
];

/** The step's name in the language of the UI; one that is not in the table has its own title. */
export function stepIn(
  language: Language,
  { id, title }: Pick<PlannedStep, 'id' | 'title'>,
): string {
  if (language === 'en') return title;
  const kind = id.replace(/\d+$/, '');
  const row = GERMAN.find(([each, english]) => each === kind && english.test(title));
  if (row === undefined) return title;
  const [, english, german] = row;
  const parts = english.exec(title) ?? [];
  return german.replace(/\$(\d)/g, (_, number) => partIn(language, parts[Number(number)] ?? ''));
}

/** A size, a disk, or what is the same in all languages. */
function partIn(language: Language, part: string): string {
  if (/^\d+\.\d+ [kMGTP]B$/.test(part)) return pointsIn(language, part);
  return part === 'unknown' ? 'unbekannt' : diskIn(language, part);
}
