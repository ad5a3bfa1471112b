/**
 * What engines note of a step, what a verification finds, and what is wrong with the server, in German. They say it
 * in English: lib/disk, engine/filesystems, server/image-store/verify-version.ts, server/boot.
 */

import type { Language } from '../../lib/model/language.ts';

/** Several findings may stand in one text; what is not in the table stays as it is. */
const GERMAN: readonly (readonly [english: RegExp, german: string])[] = [
  // verification
  [/^it is missing$/, 'sie fehlt'],
  [/^it is no regular file$/, 'sie ist keine gewöhnliche Datei'],
  [/^it does not belong to the image$/, 'sie gehört nicht zum Abbild'],
  [/^it cannot be read: /, 'sie lässt sich nicht lesen: '],
  [/^it has (\d+) bytes instead of (\d+)$/, 'sie hat $1 Bytes statt $2'],
  [
    /^its SHA-256 is (\w+) instead of (\w+): its content changed$/,
    'ihr Inhalt hat sich geändert: ihre SHA-256 ist $1 statt $2',
  ],
  [
    /^it is damaged, so the streams cannot be checked: /,
    'sie ist beschädigt, darum ist der Rest nicht zu prüfen: ',
  ],
  [
    /^it has format version (\d+), which this program does not know$/,
    'sie hat die Formatversion $1, die dieses Programm nicht kennt',
  ],
  // the server
  [/^all hosts boot their own disks: /, 'alle Rechner starten von ihren Platten: '],
  [
    /there is no root file system for the hosts \((.+) is missing\)$/,
    'es gibt kein Netzsystem für sie ($1 fehlt)',
  ],
  [/: (\S+) points to (.+), which is no build$/, ': $1 zeigt auf $2, was kein Netzsystem ist'],
  [/: (\S+) of the current build (\S+) is missing$/, ': $1 des Netzsystems $2 fehlt'],
  [/: the server is starting$/, ': der Server startet gerade'],
  [
    /^hosts may boot the wrong thing: writing the boot files failed: /,
    'Rechner starten vielleicht das Falsche: die Startdateien ließen sich nicht schreiben: ',
  ],
  [
    /^nothing can be stored in (.+): its file system is read-only$/,
    'in $1 lässt sich nichts ablegen: das Dateisystem ist nur lesbar',
  ],
  [
    /^See what the kernel says of the disk \(dmesg\), repair it, and mount it writable again\.$/,
    'Nachsehen, was der Kernel zur Platte sagt (dmesg), sie reparieren und wieder beschreibbar einhängen.',
  ],
  [
    /^the file system of (.+) has (.+) of (.+) free, less than the reserve of (.+)$/,
    'das Dateisystem von $1 hat noch $2 von $3 frei, weniger als die Reserve von $4',
  ],
  [
    /^Delete images that are not needed any more \((.+)\), or give it more room\.$/,
    'Nicht mehr gebrauchte Abbilder löschen ($1) oder Platz schaffen.',
  ],
  [/^the last change was not stored: /, 'die letzte Änderung ist nicht gespeichert: '],
  [
    /^the store in (.+) has (.+) of at most (.+)$/,
    'die Daten in $1 haben $2 von höchstens $3 erreicht',
  ],
  [
    /^Delete hosts that wait for approval and nobody knows \((.+)\)\.$/,
    'Wartende Rechner löschen, die niemand kennt ($1).',
  ],
  [
    /^The change was not made\. Make room on the file system of (.+), then try again\.$/,
    'Auf dem Dateisystem von $1 Platz schaffen, dann noch einmal versuchen.',
  ],
  [
    /^The change was not made\. See to the disk and the permissions of (.+), then try again\.$/,
    'Platte und Rechte von $1 prüfen, dann noch einmal versuchen.',
  ],
  [/^Build a root file system: (.+)$/, 'Ein Netzsystem bauen: $1'],
  [
    /^See that (\S+) is there, that the server's user may write its directories (.+), and that it is not full\. The server tries again by itself\.$/,
    'Prüfen, ob $1 da ist, ob der Server in den Verzeichnissen $2 dort schreiben darf und ob Platz ist. Der Server versucht es von selbst wieder.',
  ],
];

/** What was found, in the language of the UI. */
export function findingIn(language: Language, text: string): string {
  if (language === 'en') return text;
  return GERMAN.reduce((known, [english, german]) => known.replace(english, german), text);
}
