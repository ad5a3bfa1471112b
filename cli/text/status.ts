/** Texts about the server as a whole: its state, its problems, its settings, hosts that are being woken. */

import { bilingual } from '../../lib/text/bilingual.ts';
import { counts } from './counts.ts';

export const status = bilingual({
  en: {
    server: 'Server',
    serverText: (name: string, version: string, since: string) =>
      `${name}, OpenClone ${version}, up since ${since}`,
    load: 'Load',
    loadText: (load: string, processors: number, free: string, memory: string) =>
      `${load} on ${counts.en.processors(processors)}, ${free} of ${memory} memory free`,
    images: 'Images',
    imagesText: (free: string, path: string, used: string) =>
      `${free} free in ${path} (${used} used)`,
    hosts: 'Hosts',
    pending: (count: number) => `${count} wait for approval`,
    boot: 'Hosts boot',
    noBuild: 'their own disks: there is no build',
    problem: 'problem',
    problemHint: '   hint',
    // wakes
    waking: (host: string, packets: number, why: string) =>
      `${host}: being woken, ${counts.en.packets(packets)} sent${why}`,
    missing: (host: string, packets: number, why: string) =>
      `${host} did not come after ${counts.en.packets(packets)}${why}: switch it on by hand, and see ` +
      'whether Wake-on-LAN and booting from the network are enabled in its firmware',
    packetsSent: (host: string, packets: number, why: string) =>
      `${host}: ${counts.en.packets(packets)} sent${why}; it has no work, so it starts from its own disk`,
    sendingFailed: (error: string) => ` (sending failed: ${error})`,
    alreadyOn: (names: string) => `already on: ${names}`,
    on: (names: string) => `on: ${names}`,
    // settings
    registration: 'Automatic registration',
    registrationUntil: (until: string) => `on until ${until}`,
    switches: { on: 'on', off: 'off' },
    compression: 'Compression',
    afterwards: 'Afterwards',
    deployWake: 'Wake for a deploy',
    waitHours: 'Wait for hosts',
    checkAddresses: 'Check addresses',
    hostLanguage: "Hosts' screens",
    languages: { en: 'English', de: 'German' },
    // boot files
    hostsBootBuild: (build: string) => `hosts boot the build ${build}`,
    bootMedium: (path: string, size: string, build: string) => `${path}: ${size}, build ${build}`,
  },
  de: {
    server: 'Server',
    serverText: (name, version, since) => `${name}, OpenClone ${version}, läuft seit ${since}`,
    load: 'Last',
    loadText: (load, processors, free, memory) =>
      `${load} auf ${counts.de.processors(processors)}, ${free} von ${memory} Arbeitsspeicher frei`,
    images: 'Abbilder',
    imagesText: (free, path, used) => `${free} frei in ${path} (${used} belegt)`,
    hosts: 'Rechner',
    pending: (count) => `${count} ${count === 1 ? 'wartet' : 'warten'} auf Zulassung`,
    boot: 'Rechner starten',
    noBuild: 'von ihren Platten: es gibt kein Netzsystem',
    problem: 'Problem',
    problemHint: 'Hinweis',
    waking: (host, packets, why) =>
      `${host}: wird geweckt, ${counts.de.packets(packets)} gesendet${why}`,
    missing: (host, packets, why) =>
      `${host} kam nicht, nach ${counts.de.packets(packets)}${why}: von Hand einschalten, und nachsehen, ` +
      'ob seine Firmware Wake-on-LAN und den Start vom Netz erlaubt',
    packetsSent: (host, packets, why) =>
      `${host}: ${counts.de.packets(packets)} gesendet${why}; er hat keine Arbeit und startet von seiner Platte`,
    sendingFailed: (error) => ` (Senden fehlgeschlagen: ${error})`,
    alreadyOn: (names) => `schon an: ${names}`,
    on: (names) => `an: ${names}`,
    registration: 'Automatische Aufnahme',
    registrationUntil: (until) => `an bis ${until}`,
    switches: { on: 'an', off: 'aus' },
    compression: 'Kompression',
    afterwards: 'Danach',
    deployWake: 'Wecken zum Verteilen',
    waitHours: 'Auf Rechner warten',
    checkAddresses: 'Adressen prüfen',
    hostLanguage: 'Bildschirme der Rechner',
    languages: { en: 'Englisch', de: 'Deutsch' },
    hostsBootBuild: (build) => `Rechner starten das Netzsystem ${build}`,
    bootMedium: (path, size, build) => `${path}: ${size}, Netzsystem ${build}`,
  },
});
