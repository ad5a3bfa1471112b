/** Texts of the wizard that captures a disk. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const capture = bilingual({
  en: {
    next: 'next',
    // host
    hostTitle: 'Capture, step 1 of 3: the host',
    hostHead: 'From which host is an image to be made? Those that are on come first.',
    hostHelp: 'Takes the host under the cursor.',
    noHosts: 'Start the machine that is to be captured from the network: it appears here.',
    // disk
    diskTitle: (host: string) => `Capture from ${host}, step 2 of 3: the disk`,
    diskHead: 'Which disk? It is only read, nothing on it changes.',
    diskHelp: 'Takes the disk under the cursor.',
    neverHere: 'its engine has never been here: start it from the network first',
    noDisk: 'the host has no disk',
    emptyDisk: 'there is no partition on it',
    diskColumn: 'DISK',
    sizeColumn: 'SIZE',
    modelColumn: 'MODEL',
    serialColumn: 'SERIAL',
    systemsColumn: 'SYSTEMS',
    // options
    optionsTitle: (host: string, disk: string) =>
      `Capture ${disk} of ${host}, step 3 of 3: the image`,
    optionsIntro: 'What stands there is right in most cases: Enter starts.',
    imageName: 'Image name',
    compression: 'Compression',
    wake: 'Wake the host',
    start: 'start',
    startHelp: 'Starts the capture. Only what is in use is read.',
    starting: (host: string) => `capturing from ${host}`,
    started: (title: string) => `Started: ${title}`,
    isStarting: 'it is being started',
    diskGone: 'the host has no such disk any more',
    newImage: (name: string) => `A new image: ${name}`,
    newVersion: (name: string, versions: number) =>
      `A new version of ${name}, which has ${versions} so far: from then on the new one is deployed.`,
    compressionNames: { none: 'none', zstd: 'zstd', lzo: 'lzo', gzip: 'gzip' },
    compressions: {
      none: 'Not compressed: takes as much space and network as the data.',
      zstd: 'zstd: small and fast, right nearly always.',
      lzo: 'lzo: for very slow processors; larger than zstd.',
      gzip: 'gzip: readable everywhere, slower than zstd.',
    },
    space: (free: string) => `${free} are free on the server.`,
    maybeFull: (free: string, disk: string) =>
      `Only ${free} are free on the server, the disk has ${disk}: it fits only if little of it is in use or it compresses well.`,
    isOff: (host: string, until: string) =>
      `${host} is off: it is captured once its engine is there, if that is until ${until}.`,
    isWorking: (host: string, until: string) =>
      `${host} works: it is captured afterwards, if that is until ${until}.`,
    isHalfWritten: 'A disk of this host is half written: an image of it would be worth nothing.',
    windows:
      'Windows: shut it down fully first (shutdown /s /t 0), without fast startup; run sysprep if hosts are to get names of their own.',
  },
  de: {
    next: 'weiter',
    hostTitle: 'Aufnehmen, Schritt 1 von 3: der Rechner',
    hostHead: 'Von welchem Rechner soll ein Abbild gemacht werden? Die laufenden stehen oben.',
    hostHelp: 'Nimmt den Rechner unter dem Cursor.',
    noHosts: 'Den Rechner, der aufgenommen werden soll, vom Netz starten: er erscheint hier.',
    diskTitle: (host) => `Von ${host} aufnehmen, Schritt 2 von 3: die Platte`,
    diskHead: 'Welche Platte? Sie wird nur gelesen, nichts auf ihr ändert sich.',
    diskHelp: 'Nimmt die Platte unter dem Cursor.',
    neverHere: 'seine Engine war noch nie hier: erst einmal vom Netz starten',
    noDisk: 'der Rechner hat keine Platte',
    emptyDisk: 'darauf ist keine Partition',
    diskColumn: 'PLATTE',
    sizeColumn: 'GRÖSSE',
    modelColumn: 'MODELL',
    serialColumn: 'SERIENNUMMER',
    systemsColumn: 'SYSTEME',
    optionsTitle: (host, disk) => `${disk} von ${host} aufnehmen, Schritt 3 von 3: das Abbild`,
    optionsIntro: 'Meist passt, was da steht: Enter startet.',
    imageName: 'Name des Abbilds',
    compression: 'Kompression',
    wake: 'Den Rechner wecken',
    start: 'starten',
    startHelp: 'Startet die Aufnahme. Gelesen wird nur, was belegt ist.',
    starting: (host) => `Aufnehmen von ${host}`,
    started: (title) => `Gestartet: ${title}`,
    isStarting: 'es wird gerade gestartet',
    diskGone: 'der Rechner hat diese Platte nicht mehr',
    newImage: (name) => `Ein neues Abbild: ${name}`,
    newVersion: (name, versions) =>
      `Eine neue Version von ${name}, das bisher ${versions} hat: danach wird die neue verteilt.`,
    compressionNames: { none: 'keine', zstd: 'zstd', lzo: 'lzo', gzip: 'gzip' },
    compressions: {
      none: 'Nicht komprimiert: braucht so viel Platz und Netz wie die Daten.',
      zstd: 'zstd: klein und schnell, fast immer richtig.',
      lzo: 'lzo: für sehr langsame Prozessoren; größer als zstd.',
      gzip: 'gzip: überall lesbar, langsamer als zstd.',
    },
    space: (free) => `Auf dem Server sind ${free} frei.`,
    maybeFull: (free, disk) =>
      `Auf dem Server sind nur ${free} frei, die Platte hat ${disk}: es reicht nur, wenn wenig davon belegt ist oder es sich gut komprimieren lässt.`,
    isOff: (host, until) =>
      `${host} ist aus: aufgenommen wird, sobald seine Engine da ist, spätestens ${until}.`,
    isWorking: (host, until) => `${host} arbeitet: aufgenommen wird danach, spätestens ${until}.`,
    isHalfWritten:
      'Eine Platte dieses Rechners ist halb beschrieben: ein Abbild davon wäre nichts wert.',
    windows:
      'Windows: vorher ganz herunterfahren (shutdown /s /t 0), ohne Schnellstart; sysprep ausführen, wenn die Rechner eigene Namen bekommen sollen.',
  },
});
