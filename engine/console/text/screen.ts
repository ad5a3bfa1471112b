/** Texts of the host's screen: its large words are capitals without umlauts (../font.ts). */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const screen = bilingual({
  en: {
    // around everything
    facts: { host: 'Host', address: 'Address', server: 'Server', mac: 'MAC', system: 'System' },
    unknownHost: 'not known to the server yet',
    noAddress: 'none yet',
    unknownMac: 'unknown',
    startedByHand: 'started by hand',
    connected: 'Connected to the server',
    notConnected: 'NOT CONNECTED to the server',
    // faces
    starting: { word: 'STARTING', headline: 'The engine starts.' },
    pending: {
      word: 'PENDING',
      headline: 'This host is known, but nobody has approved it yet: it gets no work.',
      body: (host: string) =>
        `An operator approves it on the server: openclone host approve ${host}`,
    },
    ready: {
      word: 'READY',
      headline: 'Ready: there is no work for this host now.',
      body: 'It begins by itself as soon as the server has some. Nothing needs to be done here.',
    },
    done: {
      word: 'DONE',
      headline: (ago: string, title: string) => `Done ${ago} ago: ${title}`,
      well: 'It ended well.',
      warned: 'It ended well, with warnings:',
    },
    failed: {
      word: 'FAILED',
      headline: (ago: string, title: string) => `Failed ${ago} ago: ${title}`,
    },
    fatal: { word: 'ERROR', headline: 'The engine cannot work on this host.' },
    leaving: {
      'power-off': { word: 'POWER OFF', headline: 'The host is switched off.' },
      reboot: { word: 'REBOOT', headline: 'The host starts again.' },
      exit: { word: 'STOPPING', headline: 'The engine ends.' },
    },
    halfWritten: {
      word: 'HALF WRITTEN',
      headline: 'The disk of this host is half written. Do not use it.',
      disk: (disk: string, since: string) => `Disk: ${disk}, since ${since} UTC`,
      unknownDisk: 'Disk:',
      remedy: 'It stays so until an image is deployed to this host again.',
    },
    connecting: {
      word: 'CONNECTING',
      headline: (server: string) => `Connecting to the server ${server}`,
    },
    noServer: {
      word: 'NO SERVER',
      headline: (server: string, time: string, attempt: number) =>
        `No connection to ${server} for ${time} (attempt ${attempt})`,
    },
    working: {
      word: 'WORKING',
      headline: (title: string) => `Do not switch off: ${title}`,
      planning: 'looking at the disk',
      step: (number: number, count: number, title: string) =>
        `step ${number} of ${count}: ${title}`,
      amount: (done: string, all: string) => `${done} of ${all}`,
      left: (time: string) => `${time} left`,
      since: (time: string) => `running for ${time}`,
    },
    warning: (text: string) => `Warning: ${text}`,
    error: {
      what: (text: string) => `What: ${text}`,
      why: (text: string) => `Why: ${text}`,
      remedy: (text: string) => `To do: ${text}`,
    },
  },
  de: {
    facts: {
      host: 'Rechner',
      address: 'Adresse',
      server: 'Server',
      mac: 'MAC',
      system: 'Netzsystem',
    },
    unknownHost: 'dem Server noch nicht bekannt',
    noAddress: 'noch keine',
    unknownMac: 'unbekannt',
    startedByHand: 'von Hand gestartet',
    connected: 'Mit dem Server verbunden',
    notConnected: 'NICHT mit dem Server VERBUNDEN',
    starting: { word: 'STARTET', headline: 'Die Engine startet.' },
    pending: {
      word: 'WARTET',
      headline: 'Dieser Rechner ist bekannt, aber noch nicht zugelassen: er bekommt keine Arbeit.',
      body: (host) => `Zugelassen wird er auf dem Server: openclone host approve ${host}`,
    },
    ready: {
      word: 'BEREIT',
      headline: 'Bereit: für diesen Rechner gibt es jetzt keine Arbeit.',
      body: 'Er beginnt von selbst, sobald der Server welche hat. Hier ist nichts zu tun.',
    },
    done: {
      word: 'FERTIG',
      headline: (ago, title) => `Fertig seit ${ago}: ${title}`,
      well: 'Alles ging gut.',
      warned: 'Es ging gut, mit Warnungen:',
    },
    failed: {
      word: 'FEHLER',
      headline: (ago, title) => `Fehlgeschlagen vor ${ago}: ${title}`,
    },
    fatal: { word: 'DEFEKT', headline: 'Die Engine kann auf diesem Rechner nicht arbeiten.' },
    leaving: {
      'power-off': { word: 'AUS', headline: 'Der Rechner wird ausgeschaltet.' },
      reboot: { word: 'NEUSTART', headline: 'Der Rechner startet neu.' },
      exit: { word: 'ENDE', headline: 'Die Engine endet.' },
    },
    halfWritten: {
      word: 'UNBRAUCHBAR',
      headline: 'Die Platte dieses Rechners ist halb beschrieben. Nicht benutzen.',
      disk: (disk, since) => `Platte: ${disk}, seit ${since} UTC`,
      unknownDisk: 'Platte:',
      remedy: 'Das bleibt so, bis wieder ein Abbild auf diesen Rechner verteilt wird.',
    },
    connecting: {
      word: 'VERBINDUNG',
      headline: (server) => `Verbindung zum Server ${server} wird aufgebaut`,
    },
    noServer: {
      word: 'KEIN SERVER',
      headline: (server, time, attempt) =>
        `Keine Verbindung zu ${server} seit ${time} (Versuch ${attempt})`,
    },
    working: {
      word: 'ARBEITET',
      headline: (title) => `Nicht ausschalten: ${title}`,
      planning: 'sieht die Platte an',
      step: (number, count, title) => `Schritt ${number} von ${count}: ${title}`,
      amount: (done, all) => `${done} von ${all}`,
      left: (time) => `noch ${time}`,
      since: (time) => `läuft seit ${time}`,
    },
    warning: (text) => `Warnung: ${text}`,
    error: {
      what: (text) => `Was: ${text}`,
      why: (text) => `Warum: ${text}`,
      remedy: (text) => `Zu tun: ${text}`,
    },
  },
});
