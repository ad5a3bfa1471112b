/** Names of steps in German, beginning with the verb as columns are narrow: the engine gives its plan in English (engine/operations), and so it is stored. */

import type { PlannedStep } from '../../lib/model/step.ts';
import type { Language } from '../../lib/text/language.ts';
import { diskIn } from './disks.ts';
import { pointsIn } from '../../lib/text/quantities.ts';

/** Ids without the number at their end; $1, $2, $3 are what the English title holds in that place. */
const GERMAN: readonly (readonly [id: string, english: RegExp, german: string])[] = [
  // capture
  ['check-source', /^check that nothing uses (.+)$/, 'prüft, dass nichts $1 benutzt'],
  [
    'protect-source',
    /^write-protect (.+) while it is read$/,
    'schützt $1 vor Schreibzugriffen, während gelesen wird',
  ],
  [
    'check-filesystems',
    /^check that the file systems were left clean$/,
    'prüft, dass die Dateisysteme sauber verlassen wurden',
  ],
  [
    'read-p',
    /^keep the header of partition (\d+) \((.+), (.+)\)$/,
    'merkt den Kopf von Partition $1 ($2, $3)',
  ],
  // Of engines of version 0.2, whose tasks are stored.
  [
    'read-p',
    /^note UUID and label of partition (\d+) \((.+), (.+)\)$/,
    'merkt UUID und Namen von Partition $1 ($2, $3)',
  ],
  ['capture-p', /^read partition (\d+) \((.+), (.+)\)$/, 'liest Partition $1 ($2, $3)'],
  [
    'capture-gap-',
    /^read the boot loader's gap at sector (\d+) \((.+)\)$/,
    'liest die Lücke des Bootladers ab Sektor $1 ($2)',
  ],
  [
    'capture-gap-',
    /^read the database behind the partitions at sector (\d+) \((.+)\)$/,
    'liest die Datenbank hinter den Partitionen ab Sektor $1 ($2)',
  ],
  [
    'store-image',
    /^let the server verify and store the image$/,
    'lässt den Server das Abbild prüfen und ablegen',
  ],
  // deploy and partition
  [
    'check-target',
    /^check that (.+) fits and nothing uses it$/,
    'prüft, dass $1 passt und nichts sie benutzt',
  ],
  ['check-target', /^check that nothing uses (.+)$/, 'prüft, dass nichts $1 benutzt'],
  [
    'wait-for-data',
    /^wait until the other hosts of the session are ready$/,
    'wartet, bis die anderen Rechner der Übertragung bereit sind',
  ],
  ['wait-for-data', /^wait for the server to send$/, 'wartet, bis der Server sendet'],
  [
    'clear-disk',
    /^clear (.+): from here on its old content is lost$/,
    'leert $1: ab hier ist der alte Inhalt verloren',
  ],
  ['clear-disk', /^clear (.+): its old content is lost$/, 'leert $1: der alte Inhalt ist verloren'],
  ['write-p', /^write partition (\d+) \((.+), (.+)\)$/, 'schreibt Partition $1 ($2, $3)'],
  [
    'write-gap-',
    /^write the boot loader's gap at sector (\d+)$/,
    'schreibt die Lücke des Bootladers ab Sektor $1',
  ],
  [
    'write-gap-',
    /^write the database behind the partitions at sector (\d+)$/,
    'schreibt die Datenbank hinter den Partitionen ab Sektor $1',
  ],
  [
    'finish-writing',
    /^wait until everything received is written$/,
    'wartet, bis alles Empfangene geschrieben ist',
  ],
  [
    'write-swap-p',
    /^write the swap header of partition (\d+)$/,
    'schreibt den Swap-Kopf von Partition $1',
  ],
  ['make-swap-p', /^make swap on partition (\d+)$/, 'legt Swap auf Partition $1 an'],
  [
    'write-ntfs-backup-p',
    /^write the backup boot sector of partition (\d+)$/,
    'schreibt den zweiten Bootsektor von Partition $1',
  ],
  ['sync-disk', /^write (.+) out of the cache$/, 'schreibt den Zwischenspeicher auf $1'],
  [
    'write-table',
    /^write boot code and partition table$/,
    'schreibt Bootcode und Partitionstabelle',
  ],
  ['write-table', /^write the partition table$/, 'schreibt die Partitionstabelle'],
  [
    'verify-table',
    /^let the kernel read the partition table, and compare it$/,
    'lässt den Kernel die Partitionstabelle lesen und vergleicht sie',
  ],
  // shutdown
  ['shutdown-host', /^switch the host off$/, 'schaltet den Rechner aus'],
  ['shutdown-host', /^start the host anew$/, 'startet den Rechner neu'],
  ['shutdown-host', /^end the engine$/, 'beendet die Engine'],
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
