/** What the help says of the commands about the server, its settings, boot media and the other programs. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const server = bilingual({
  en: {
    medium: {
      summary:
        'make an image for a CD or USB stick that starts hosts which cannot boot from the network',
      details:
        'For BIOS and UEFI, Secure Boot too. The medium has kernel and initramfs; the host still needs the network.\n' +
        "The host's screen speaks the language of this command.\n" +
        'It belongs to the build of the root file system that is current now: make a new one after an update.\n' +
        'Write the file to a USB stick with: dd if=FILE of=/dev/STICK bs=4M conv=fsync (all on the stick is lost)',
      file: 'the image to be made',
      server: "the server's address as the hosts reach it (default: that of the first subnet)",
      ip: 'a fixed address instead of DHCP, 10.0.0.9/24: for one host at a time',
      router: 'the router that goes with --ip',
      ram: 'the host fetches its system into memory, instead of using NFS',
      withRootfs: 'the system itself is on the medium too, which is some 200 MB larger',
      overwrite: 'replace the file if it is there already',
    },
    settings: {
      summary: 'show or change what holds for the whole server',
      details:
        'With automatic registration, hosts that nobody knows boot the engine and are taken in without approval; without ' +
        'it, they boot their own disks. Switch it on for as long as a room is being taken in (30m): anyone in the ' +
        'network meanwhile is taken in too.\n' +
        'Compression, afterwards and wake are what the wizards of the full-screen UI start with; openclone capture and ' +
        'openclone deploy have defaults of their own.',
      registration:
        'take unknown hosts in: on, off, or for how long (30m, 2h) or until when (18:00)',
      compression: 'of captures: zstd, lzo, gzip or none',
      afterwards: 'what hosts do after a task: wait (for more work), shutdown or reboot',
      deployWake: 'switch on hosts that are off for a deploy',
      waitHours: 'how long tasks wait for their hosts, without --until',
      checkAddresses:
        'refuse who claims a host from a network adapter that is not its own; off behind proxy ARP or wireless bridges',
      hostLanguage: "the language of the hosts' own screens, from their next start on: en or de",
    },
    bootRefresh: {
      summary: 'look for a new root file system, and write all files with boot choices again',
      details:
        'The server does so by itself; this is for who does not want to wait, or has changed files by hand.',
    },
    doctor: {
      summary: 'check this server as the hosts see it, and say what to do about what is wrong',
      details: (warning: number, failure: number) =>
        'Asks for DHCP as a booting host does (and takes no lease), reads boot files, tries the services, ' +
        'the network and the disks of this machine. As root it sees more.\n\n' +
        `Exit status: 0 nothing is wrong, ${warning} warnings only, ${failure} something is wrong.`,
      data: "the server's data (default: /var/lib/openclone)",
      long: 'also what takes minutes: listen for an IGMP querier',
    },
    tui: {
      summary: 'the full-screen UI; also what `openclone` alone starts on a terminal',
      options: 'what the UI takes; see `openclone tui --help`',
    },
    rootfs: {
      summary:
        'build, activate, list and remove root file systems of the hosts; see `openclone rootfs --help`',
      options: 'what it takes',
    },
    server: {
      summary: 'run the server in the foreground; see `openclone server --help`',
      options: 'what the server takes',
    },
    help: {
      summary: 'explain a command, or the exit statuses',
      topic: 'a command ("host edit") or exit-status',
    },
  },
  de: {
    medium: {
      summary:
        'ein Abbild für CD oder USB-Stick machen, das Rechner startet, die nicht vom Netz starten können',
      details:
        'Für BIOS und UEFI, auch mit Secure Boot. Das Medium hat Kernel und Initramfs; das Netz braucht der Rechner trotzdem.\n' +
        'Der Bildschirm des Rechners spricht die Sprache dieses Befehls.\n' +
        'Es gehört zum Netzsystem, das jetzt gilt: nach einem Update ein neues machen.\n' +
        'Auf einen USB-Stick schreiben: dd if=DATEI of=/dev/STICK bs=4M conv=fsync (alles auf dem Stick geht verloren)',
      file: 'das Abbild, das gemacht wird',
      server: 'die Adresse, unter der Rechner den Server erreichen (Vorgabe: die im ersten Netz)',
      ip: 'eine feste Adresse statt DHCP, 10.0.0.9/24: für einen Rechner auf einmal',
      router: 'der Router, der zu --ip gehört',
      ram: 'der Rechner holt sein System in den Arbeitsspeicher, statt NFS zu benutzen',
      withRootfs: 'auch das System selbst ist auf dem Medium, das dann etwa 200 MB größer ist',
      overwrite: 'die Datei ersetzen, wenn es sie schon gibt',
    },
    settings: {
      summary: 'zeigen oder ändern, was für den ganzen Server gilt',
      details:
        'Mit automatischer Aufnahme starten unbekannte Rechner die Engine und werden ohne Zulassung aufgenommen; ohne ' +
        'sie starten sie von ihren Platten. Man schaltet sie ein, solange ein Raum aufgenommen wird (30m): was in ' +
        'dieser Zeit sonst im Netz ist, wird auch aufgenommen.\n' +
        'Mit Kompression, Danach und Wecken beginnen die Assistenten der Oberfläche; openclone capture und ' +
        'openclone deploy haben eigene Vorgaben.',
      registration:
        'unbekannte Rechner aufnehmen: on, off, oder wie lange (30m, 2h) oder bis wann (18:00)',
      compression: 'beim Aufnehmen: zstd, lzo, gzip oder none',
      afterwards:
        'was Rechner nach einem Auftrag tun: wait (auf weitere warten), shutdown (ausschalten) oder reboot (neu starten)',
      deployWake: 'Rechner, die aus sind, zum Verteilen einschalten',
      waitHours: 'wie lange Aufträge auf ihre Rechner warten, ohne --until',
      checkAddresses:
        'abweisen, wer sich von einem fremden Netzadapter als ein Rechner ausgibt; off hinter Proxy-ARP oder WLAN-Brücken',
      hostLanguage: 'die Sprache der Bildschirme der Rechner, ab ihrem nächsten Start: en oder de',
    },
    bootRefresh: {
      summary: 'nach einem neuen Netzsystem sehen und alle Startdateien neu schreiben',
      details:
        'Der Server tut es von selbst; dies ist für den, der nicht warten will oder Dateien von Hand geändert hat.',
    },
    doctor: {
      summary: 'diesen Server prüfen, wie die Rechner ihn sehen, und sagen, was zu tun ist',
      details: (warning, failure) =>
        'Fragt nach DHCP wie ein startender Rechner (und nimmt keine Adresse), liest Startdateien, probiert die Dienste, ' +
        'das Netz und die Platten dieses Rechners. Als root sieht es mehr.\n\n' +
        `Rückgabewert: 0 alles in Ordnung, ${warning} nur Warnungen, ${failure} etwas stimmt nicht.`,
      data: 'die Daten des Servers (Vorgabe: /var/lib/openclone)',
      long: 'auch, was Minuten dauert: nach einem IGMP-Querier horchen',
    },
    tui: {
      summary: 'die Oberfläche; auch, was `openclone` allein am Terminal startet',
      options: 'was die Oberfläche annimmt; siehe `openclone tui --help`',
    },
    rootfs: {
      summary:
        'Netzsysteme der Rechner bauen, aktivieren, auflisten und entfernen; siehe `openclone rootfs --help`',
      options: 'was es annimmt',
    },
    server: {
      summary: 'den Server im Vordergrund ausführen; siehe `openclone server --help`',
      options: 'was der Server annimmt',
    },
    help: {
      summary: 'einen Befehl oder die Rückgabewerte erklären',
      topic: 'ein Befehl ("host edit") oder exit-status',
    },
  },
});
