/** Notes of steps in German. */

import type { COPY_MESSAGES, GPT_MESSAGES, NOTE_MESSAGES } from '../../model/messages/notes.ts';
import type { TextsOf } from '../texts.ts';

type Behind = {
  readonly sizeBytes: string;
  readonly endBytes: string;
  readonly partitionBytes: string;
};

export const notes: TextsOf<typeof NOTE_MESSAGES> = {
  'note.no-partition': 'Die Partitionstabelle hat keine Partition',
  'note.only-boot-code':
    'Die Partitionstabelle hat keine Partition: aufgenommen würde nur der Bootcode',
  'note.no-ebr': ({ partition }) =>
    `Die erweiterte Partition ${partition} hat keinen EBR: sie gilt als leer`,
  'note.backup-gpt-not-last': ({ sector, lastSector }) =>
    `Die zweite GPT liegt in Sektor ${sector} statt im letzten der Platte, ${lastSector}`,
  'note.gpt-copies-differ': 'Die beiden GPT sind verschieden: benutzt wird die erste',
  'note.backup-gpt-unusable': ({ sector, damage }) =>
    `Die zweite GPT in Sektor ${sector} ist nicht zu gebrauchen (${damage}): für jeden Klon wird sie aus der ersten neu gemacht`,
  'note.primary-gpt-unusable': ({ sector, damage }) =>
    `Die erste GPT ist nicht zu gebrauchen (${damage}): für jeden Klon wird sie aus der zweiten in Sektor ${sector} neu gemacht`,
  'note.signature-outside': ({ what, atByte }) =>
    `Außerhalb der Partitionen liegt eine Kennung (${what}, Byte ${atByte}): was dazu gehört, ist nicht im Abbild`,
  'note.dynamic-disk':
    'Das ist ein dynamischer Datenträger von Windows: seine Datenbank und alle Sektoren seiner Partitionen sind im Abbild, von Volumes über mehrere Platten aber nur ein Teil; auf gleich große Platten verteilen, und nie zwei Klone in einen Rechner einbauen',
  'note.every-sector': ({ reason }) => `Sektor für Sektor kopiert: ${reason}`,
  'note.own-map': ({ reason }) => `nach seiner eigenen Belegung kopiert: ${reason}`,
  'note.behind-copied': (behind) =>
    `${behindText(behind)} sind mitkopiert; braucht sie niemand, das Dateisystem auf die ganze Partition vergrößern oder die Partition verkleinern`,
  'note.behind-lost': (behind) => `${behindText(behind)} sind nicht leer und nicht im Abbild`,
  'note.behind-unreadable': (behind) =>
    `${behindText(behind)} sind nicht lesbar und nicht im Abbild`,
  'note.had-errors': 'es vermerkt, dass beim Lesen oder Schreiben Fehler auftraten',
  'note.bad-clusters': ({ clusters }) =>
    `${clusters} Cluster, die als defekt gelten, sind weggelassen`,
  'note.journal-elsewhere': 'sein Journal liegt auf einem anderen Gerät, das ein Klon auch braucht',
  'note.sent-again': ({ times }) => `${times}-mal gesendet: die Verbindung war abgerissen`,
  'note.no-room-for-ntfs-backup': 'in der Partition ist kein Platz für den zweiten Bootsektor',
  'note.session-missed': 'die Übertragung kam nicht durch: es wird wiederholt',
  'note.host-restarted': 'der Rechner wurde neu gestartet: es wird wiederholt',
  'note.server-restarted': 'der Server wurde neu gestartet: es wird wiederholt',
  'note.notes-left-out': ({ count }) =>
    `${count} weitere Hinweise sind weggelassen: der Rechner sagte zu viel`,
  'note.image-stored-already': 'das Abbild war schon abgelegt, als der Rechner neu gestartet wurde',
};

function behindText({ sizeBytes, endBytes, partitionBytes }: Behind): string {
  return `${sizeBytes} hinter dem Ende des Dateisystems (${endBytes} von ${partitionBytes} der Partition)`;
}

export const copies: TextsOf<typeof COPY_MESSAGES> = {
  'copy.tool-fails': ({ said }) => `sein Aufbau ist nicht zu verstehen (${said})`,
  'copy.kind-unchecked': ({ filesystem }) =>
    `ob belegte Blöcke genügen würden, ist für ${filesystem ?? 'es'} nicht bekannt`,
  'copy.larger-than-partition': 'das Dateisystem ist größer als seine Partition',
  'copy.unclean-map':
    'es wurde nicht sauber ausgehängt; was seine Belegung frei nennt, ist es vielleicht nicht',
  'copy.has-errors': ({ check }) =>
    `es ist als fehlerhaft vermerkt; vor Gebrauch des Abbilds prüfen (${check})`,
  'copy.contradicts-itself': ({ check }) =>
    `seine Belegung passt nicht zu seinen Zahlen; vor Gebrauch des Abbilds prüfen (${check})`,
  'copy.needs-repair': ({ check }) => `es ist zur Prüfung oder Reparatur vorgemerkt (${check})`,
  'copy.unknown-features': 'es hat Eigenschaften, die OpenClone nicht kennt',
  'copy.damaged-super-block': 'sein Superblock ist beschädigt',
  'copy.half-made': 'es wurde nie fertig angelegt',
  'copy.is-journal': 'es ist das Journal eines anderen',
  'copy.external-log':
    'sein Log liegt auf einem anderen Gerät, das ein Klon auch braucht: ob es sauber ist, ist hier nicht zu sehen',
  'copy.realtime-device':
    'ein Teil seiner Daten liegt auf einem Realtime-Gerät, das ein Klon auch braucht',
  'copy.never-says-clean': ({ filesystem }) =>
    `bei ${filesystem} ist nicht zu sehen, ob es ausgehängt wurde`,
  'copy.unreadable': ({ program }) => `${program} kann es nicht lesen`,
  'copy.unreadable-says': ({ program, said }) => `${program} kann es nicht lesen (${said})`,
  'copy.program-silent': ({ program, elapsedMs }) =>
    `${program} hatte nach ${elapsedMs} noch nicht gesagt, was es kopieren würde`,
  'copy.program-wrote-nothing': ({ program }) => `${program} schrieb kein Abbild`,
  'copy.program-unknown-format': ({ program }) => `${program} schreibt ein unbekanntes Format`,
  'copy.program-calls-larger': ({ program }) => `${program} hält es für größer als seine Partition`,
  'copy.dynamic-disk':
    'es gehört zu einem dynamischen Datenträger und enthält vielleicht mehrere Volumes',
  'copy.swap-version': ({ version }) => `sein Swap-Kopf hat die unbekannte Version ${version}`,
  'copy.swap-too-full': 'sein Swap-Kopf ist zu voll, um ihn allein aufzuheben',
  'copy.member': ({ of }) =>
    `es gehört zu einem größeren Ganzen (${of}): was davon auf anderen Platten liegt, ist nicht im Abbild`,
  'copy.btrfs-devices': ({ devices }) =>
    `ein btrfs über ${devices} Geräte, die nur zusammen zu gebrauchen sind`,
  'copy.raid-mirror': ({ devices, raid }) =>
    `es ist eines von ${devices} Geräten eines Linux-Verbunds (${raid}); ein Klon hat alle Daten, aber ihm fehlen die anderen`,
  'copy.raid-device': ({ devices, raid }) =>
    `es ist eines von ${devices} Geräten eines Linux-Verbunds (${raid}), die nur zusammen zu gebrauchen sind`,
  'copy.lvm-volumes': ({ volumes }) =>
    `es ist eines von ${volumes} Medien einer LVM-Gruppe, die nur zusammen zu gebrauchen sind`,
  'copy.zfs-devices':
    'es ist eines von mehreren Geräten eines ZFS-Pools, die nur zusammen zu gebrauchen sind',
};

export const gptDamages: TextsOf<typeof GPT_MESSAGES> = {
  'gpt.absent': 'es gibt keine',
  'gpt.header-size': ({ sizeBytes }) => `ihr Kopf will ${sizeBytes} Bytes haben`,
  'gpt.header-checksum': 'die Prüfsumme ihres Kopfs stimmt nicht',
  'gpt.sectors-beyond': 'ihr Kopf nennt Sektoren, die keine Platte hat',
  'gpt.other-sector': ({ sector }) => `ihr Kopf ist einer für Sektor ${sector}`,
  'gpt.entry-size': ({ sizeBytes }) => `ihr Kopf will Einträge von ${sizeBytes} Bytes haben`,
  'gpt.entry-count': ({ entries, sizeBytes }) =>
    `ihr Kopf will ${entries} Einträge von ${sizeBytes} Bytes haben`,
  'gpt.no-sectors': 'ihr Kopf lässt keinen Sektor für Partitionen',
  'gpt.claimed-sector': ({ sector }) => `die erste gibt Sektor ${sector} für sie an`,
  'gpt.entries-place': ({ sector }) => `ihre Einträge können nicht in Sektor ${sector} liegen`,
  'gpt.entries-checksum': 'die Prüfsumme ihrer Einträge stimmt nicht',
};
