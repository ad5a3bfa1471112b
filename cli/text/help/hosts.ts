/** What the help says of the commands about hosts. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const hosts = bilingual({
  en: {
    list: { summary: 'list the hosts, with their state', group: 'only those of this group' },
    show: { summary: 'show what is known of a host: its machine, disks and partitions' },
    add: {
      summary: 'make a host known before it has ever started from the network',
      details: 'It is approved at once: work that it is given waits for it.',
      mac: 'the MAC address it boots with',
    },
    approve: {
      summary: 'take in hosts that have registered and wait for approval',
      details:
        '`openclone host list` shows who waits; `openclone host delete` refuses one. With automatic registration ' +
        '(`openclone settings`) hosts are taken in by themselves.',
      hosts: 'hosts by name, MAC address, IP address or id',
    },
    edit: {
      summary: 'change what is stored of a host',
      mac: 'the MAC address it is known by',
      noGroup: 'take it out of its group',
      serial: 'the serial number',
      noSerial: 'the serial number that its firmware reports',
      noIp: 'no fixed address',
      debugShell: 'a shell on its own console, for the next start of its engine',
      noDebugShell: 'no shell',
      localBoot:
        'how it starts its own disk: site, firmware (its boot order), disk (the disk itself)',
    },
    name: 'the name operators see',
    group: 'put it into this group',
    ip: 'the IPv4 address',
    clear: {
      summary:
        'say that the half-written disk of a host is fine, so that the host boots from it again',
    },
    wake: {
      summary: 'switch on hosts that are off, by Wake-on-LAN',
      details:
        'A host with work is sent magic packets until its engine answers, for three minutes at most. One without work ' +
        'starts from its own disk, which cannot be seen from here: it is sent three.',
      detach: 'do not wait for the hosts',
    },
    accept: {
      summary:
        'say that a host is another machine now: it has a new main board, or a stranger came first',
      details:
        'A machine that has told its serial number once must always tell it; another one is refused, and `openclone host ' +
        'show` and the log say so. This accepts the one that was refused, and sends away the one that was there.',
      serial:
        'the serial number of the machine, as on its case: needed when several were refused, or none was yet',
      noSerial: 'the machine tells no serial number',
      adapter:
        'the network adapter that it sent from: needed when several were refused with one serial number',
    },
    delete: { summary: 'forget a host; it registers again when its engine starts again' },
  },
  de: {
    list: { summary: 'die Rechner auflisten, mit ihrem Zustand', group: 'nur die dieser Gruppe' },
    show: { summary: 'zeigen, was von einem Rechner bekannt ist: Gerät, Platten, Partitionen' },
    add: {
      summary: 'einen Rechner eintragen, der noch nie vom Netz gestartet ist',
      details: 'Er ist sofort zugelassen: Arbeit, die er bekommt, wartet auf ihn.',
      mac: 'die MAC-Adresse, mit der er startet',
    },
    approve: {
      summary: 'Rechner zulassen, die sich angemeldet haben und darauf warten',
      details:
        '`openclone host list` zeigt, wer wartet; `openclone host delete` weist einen ab. Mit automatischer Aufnahme ' +
        '(`openclone settings`) werden Rechner von selbst zugelassen.',
      hosts: 'Rechner nach Name, MAC-Adresse, IP-Adresse oder Kennung',
    },
    edit: {
      summary: 'ändern, was von einem Rechner gespeichert ist',
      mac: 'die MAC-Adresse, an der er erkannt wird',
      noGroup: 'ihn aus seiner Gruppe nehmen',
      serial: 'die Seriennummer',
      noSerial: 'die Seriennummer, die seine Firmware meldet',
      noIp: 'keine feste Adresse',
      debugShell: 'eine Shell an seiner Konsole, wenn seine Engine das nächste Mal startet',
      noDebugShell: 'keine Shell',
      localBoot:
        'wie er von seiner Platte startet: site (wie alle), firmware (ihre Reihenfolge), disk (unmittelbar)',
    },
    name: 'der Name, den Benutzer sehen',
    group: 'ihn in diese Gruppe tun',
    ip: 'die IPv4-Adresse',
    clear: {
      summary:
        'die halb beschriebene Platte eines Rechners für gut erklären: er startet wieder von ihr',
    },
    wake: {
      summary: 'Rechner, die aus sind, über Wake-on-LAN einschalten',
      details:
        'Ein Rechner mit Arbeit bekommt Weckpakete, bis seine Engine antwortet, höchstens drei Minuten lang. Einer ohne ' +
        'Arbeit startet von seiner Platte, was von hier aus nicht zu sehen ist: er bekommt drei.',
      detach: 'nicht auf die Rechner warten',
    },
    accept: {
      summary:
        'sagen, dass ein Rechner jetzt ein anderes Gerät ist: neue Hauptplatine, oder ein fremdes kam zuerst',
      details:
        'Ein Gerät, das einmal seine Seriennummer genannt hat, muss sie immer nennen; ein anderes wird abgewiesen, und ' +
        '`openclone host show` und das Protokoll sagen es. Dies lässt das abgewiesene zu und schickt das bisherige fort.',
      serial:
        'die Seriennummer des Geräts, wie am Gehäuse: nötig, wenn mehrere abgewiesen wurden oder noch keines',
      noSerial: 'das Gerät nennt keine Seriennummer',
      adapter:
        'der Netzadapter, von dem es kam: nötig, wenn mehrere mit derselben Seriennummer abgewiesen wurden',
    },
    delete: {
      summary: 'einen Rechner vergessen; startet seine Engine wieder, meldet er sich neu an',
    },
  },
});
