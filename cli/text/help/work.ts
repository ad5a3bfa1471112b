/** What the help says of the commands that give hosts work: capture, deploy, partition, shutdown, status. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const work = bilingual({
  en: {
    capture: {
      summary: "make an image of a host's disk",
      details: [
        'The disk is only read. An image of that name gets a new version; the old one',
        'stays until the new one is complete and verified.',
        '',
        'Compressions, by speed and size:',
        '  zstd  fast and small; the default',
        '  lzo   least processor time, larger: for slow hosts on a fast network',
        '  gzip  readable everywhere, slow: for images that other systems must read',
        '  none  for data that is compressed or encrypted already',
      ].join('\n'),
      disk: 'the disk: /dev/sda, serial:NUMBER, wwn:NUMBER, or "only" for the one fixed disk',
      name: "the image's name",
      compression: 'zstd, lzo, gzip or none (default: zstd)',
    },
    deploy: {
      summary: 'write the newest version of an image to the disks of hosts',
      details:
        'Everything on these disks is lost. All hosts get the image by one multicast transmission, and each ' +
        'verifies what it got; one host alone, and one that missed the transmission, gets it by unicast.\n' +
        'Name the targets after the image: openclone deploy win11 --to room-1 pc-17',
      transport:
        'auto (multicast for several hosts, unicast for one), multicast or unicast (default: auto)',
      wait: 'how long to wait for missing hosts after the first is ready (default: 120)',
    },
    partition: {
      summary: "write an image's partition table, and nothing else, to the disks of hosts",
      details: 'Everything on these disks is lost.',
    },
    shutdown: {
      summary: 'power off or restart hosts, or end their engines',
      details:
        'Hosts with other work do that first. A host that is off does it when its engine starts next, if that is in time.',
      mode: 'power-off, reboot or exit (default: power-off)',
    },
    status: {
      summary: 'show the server, the hosts at work, tasks under way and sessions',
      watch: 'go on until Ctrl-C; with --json one status per line',
    },
  },
  de: {
    capture: {
      summary: 'ein Abbild der Platte eines Rechners aufnehmen',
      details: [
        'Die Platte wird nur gelesen. Ein Abbild dieses Namens bekommt eine neue Version;',
        'die alte bleibt, bis die neue vollständig und geprüft ist.',
        '',
        'Kompressionen, nach Geschwindigkeit und Größe:',
        '  zstd  schnell und klein; die Vorgabe',
        '  lzo   am wenigsten Rechenzeit, größer: für langsame Rechner in schnellem Netz',
        '  gzip  überall lesbar, langsam: für Abbilder, die andere Systeme lesen sollen',
        '  none  für Daten, die schon komprimiert oder verschlüsselt sind',
      ].join('\n'),
      disk: 'die Platte: /dev/sda, serial:NUMMER, wwn:NUMMER oder "only" für die einzige feste',
      name: 'der Name des Abbilds',
      compression: 'zstd, lzo, gzip oder none (Vorgabe: zstd)',
    },
    deploy: {
      summary: 'die neueste Version eines Abbilds auf die Platten von Rechnern schreiben',
      details:
        'Alles auf diesen Platten geht verloren. Alle Rechner bekommen das Abbild in einer Multicast-Übertragung, und ' +
        'jeder prüft, was er bekam; ein einzelner, und einer, der die Übertragung verpasst hat, bekommt es über Unicast.\n' +
        'Die Ziele stehen nach dem Abbild: openclone deploy win11 --to room-1 pc-17',
      transport:
        'auto (Multicast für mehrere Rechner, Unicast für einen), multicast oder unicast (Vorgabe: auto)',
      wait: 'wie lange auf fehlende Rechner gewartet wird, sobald der erste bereit ist (Vorgabe: 120)',
    },
    partition: {
      summary: 'nur die Partitionstabelle eines Abbilds auf die Platten von Rechnern schreiben',
      details: 'Alles auf diesen Platten geht verloren.',
    },
    shutdown: {
      summary: 'Rechner ausschalten oder neu starten, oder ihre Engines beenden',
      details:
        'Rechner mit anderer Arbeit tun zuerst diese. Ein Rechner, der aus ist, tut es, wenn seine Engine das nächste Mal startet, falls das rechtzeitig ist.',
      mode: 'power-off (ausschalten), reboot (neu starten) oder exit (Engine beenden; Vorgabe: power-off)',
    },
    status: {
      summary: 'den Server, arbeitende Rechner, laufende Aufträge und Übertragungen zeigen',
      watch: 'weitermachen bis Strg-C; mit --json ein Zustand je Zeile',
    },
  },
});
