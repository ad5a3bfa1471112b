/** Findings in German. */

import type { FINDING_MESSAGES } from '../../model/messages/findings.ts';
import type { TextsOf } from '../texts.ts';

export const findings: TextsOf<typeof FINDING_MESSAGES> = {
  'file.missing': 'sie fehlt',
  'file.not-regular': 'sie ist keine gewöhnliche Datei',
  'file.foreign': 'sie gehört nicht zum Abbild',
  'file.unreadable': ({ said }) => `sie lässt sich nicht lesen: ${said}`,
  'file.wrong-size': ({ foundBytes, expectedBytes }) =>
    `sie hat ${foundBytes} Bytes statt ${expectedBytes}`,
  'file.wrong-hash': ({ found, expected }) =>
    `ihr Inhalt hat sich geändert: ihre SHA-256 ist ${found} statt ${expected}`,
  'file.manifest-damaged': ({ said }) =>
    `sie ist beschädigt, darum ist der Rest nicht zu prüfen: ${said}`,
  'file.unknown-format': ({ version }) =>
    `sie hat die Formatversion ${version}, die dieses Programm nicht kennt`,
  'build.server-starting': 'der Server startet gerade',
  'build.missing': ({ link }) => `es gibt kein Netzsystem für sie (${link} fehlt)`,
  'build.no-build': ({ link, target }) => `${link} zeigt auf ${target}, was kein Netzsystem ist`,
  'build.incomplete': ({ path, build }) => `${path} des Netzsystems ${build} fehlt`,
  'server.no-build': ({ reason }) => `alle Rechner starten von ihren Platten: ${reason}`,
  'server.boot-files-failed': ({ said }) =>
    `Rechner starten vielleicht das Falsche: die Startdateien ließen sich nicht schreiben: ${said}`,
  'server.read-only': ({ directory }) =>
    `in ${directory} lässt sich nichts ablegen: das Dateisystem ist nur lesbar`,
  'server.low-space': ({ directory, freeBytes, sizeBytes, reserveBytes }) =>
    `das Dateisystem von ${directory} hat noch ${freeBytes} von ${sizeBytes} frei, weniger als die Reserve von ${reserveBytes}`,
  'server.change-not-stored': ({ said }) => `die letzte Änderung ist nicht gespeichert: ${said}`,
  'server.store-large': ({ directory, sizeBytes, mostBytes }) =>
    `die Daten in ${directory} haben ${sizeBytes} von höchstens ${mostBytes} erreicht`,
  'hint.build-rootfs': 'Ein Netzsystem bauen: `sudo openclone rootfs build --activate`.',
  'hint.boot-files': ({ directory }) =>
    `Prüfen, ob ${directory} da ist, ob der Server in den Verzeichnissen bios/*/pxelinux.cfg und grub dort schreiben darf und ob Platz ist. Der Server versucht es von selbst wieder.`,
  'hint.read-only':
    'Nachsehen, was der Kernel zur Platte sagt (dmesg), sie reparieren und wieder beschreibbar einhängen.',
  'hint.low-space':
    'Nicht mehr gebrauchte Abbilder löschen (openclone image delete NAME) oder Platz schaffen.',
  'hint.change-not-stored': ({ hint }) =>
    `Platz auf dem Dateisystem, Platte und Rechte prüfen, dann noch einmal versuchen (${hint})`,
  'hint.store-large':
    'Aufträge abbrechen, die niemand mehr braucht (openclone task list, openclone task cancel): die ältesten beendeten gehen beim nächsten neuen. Rechner löschen, die niemand kennt (openclone host list, openclone host delete).',
};
