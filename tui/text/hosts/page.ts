/** Texts of the page of one host. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const hostPage = bilingual({
  en: {
    hostTitle: (name: string) => `Host: ${name}`,
    gone: 'the host has been deleted',
    isPending: 'Waits for approval and gets no work: p approves it.',
    isHalfWritten: (disk: string, since: string) =>
      `The disk ${disk} is half written since ${since}; the host does not boot from it. Deploy to it again (d), or, if you know that the disk is fine, say so with f.`,
    hasShell: 'A shell opens on its own console at the next start of the engine: s takes it back.',
    isRefused: (machines: string) =>
      `Another machine says that it is this host, and is refused: ${machines}. If it is the right one (a new main board, or a stranger came first), accept it with a.`,
    machineAt: (serial: string, address: string, adapter: string | undefined) =>
      `serial number ${serial}, at ${address}${adapter === undefined ? '' : `, adapter ${adapter}`}`,
    neverHere: 'Its engine has never been here: nothing is known of its hardware.',
    leftOut: (count: number) =>
      `It has told of ${count} more parts (disks, partitions, network adapters and the like); a message has an end, and they are not known here.`,
    hardware: 'Hardware',
    machine: 'Machine',
    processor: 'Processor',
    cores: (name: string, cores: number) => `${name}, ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    memory: 'Memory',
    network: 'Network',
    linkUp: 'connected',
    noLink: 'no link',
    engine: 'Engine',
    registered: 'Registered',
    lastSeen: 'Last seen',
    serialIs: (serial: string) => `serial ${serial}`,
    removable: 'removable',
    readOnly: 'write-protected',
    noPartitions: 'no partitions',
    itsTasks: 'Its tasks, newest first',
    noTasks: 'no task is listed for it',
    lastTask: 'last task',
    lastTaskHelp: 'Shows the newest task that has to do with the host.',
    log: 'log',
    logHelp: 'Shows what the engine said during the last task.',
    clear: 'disk is fine',
    clearHelp: 'Says that a half-written disk is fine: the host boots from it again.',
    clearTitle: (name: string) => `The disk of ${name} is fine`,
    clearText: (disk: string) => `${disk} was half written. The host would boot from it again.`,
    clearRisk: 'Only say this if you have looked: a half-written system may run and lose data.',
    clearing: (name: string) => `taking the disk of ${name} for complete`,
    cleared: (name: string) => `${name} boots from its disk again.`,
    accept: 'accept machine',
    acceptHelp: 'Says that the host is another machine now, one that was refused.',
    acceptTitle: (name: string) => `Another machine is ${name}`,
    acceptText: (before: string, serial: string) =>
      `From now on the host is the machine with serial number ${serial}, no longer that with ${before}.`,
    acceptRisk:
      'Compare it with the case of the machine: the machine that is accepted gets the work and the images of this host.',
    accepting: (name: string) => `accepting another machine as ${name}`,
    accepted: (name: string) => `${name} is another machine now.`,
    shell: 'shell',
    noShell: 'no shell',
    shellHelp:
      "Opens a shell on the host's own console at the next start of its engine; or takes that back.",
    shellOn: 'A shell opens on its console at the next start of the engine.',
    shellOff: 'No shell opens.',
  },
  de: {
    hostTitle: (name) => `Rechner: ${name}`,
    gone: 'der Rechner wurde gelöscht',
    isPending: 'Wartet auf Zulassung und bekommt keine Aufträge: p lässt ihn zu.',
    isHalfWritten: (disk, since) =>
      `Die Platte ${disk} ist seit ${since} halb beschrieben; der Rechner startet nicht davon. Noch einmal verteilen (d), oder, wenn sicher ist, dass die Platte in Ordnung ist, das mit f sagen.`,
    hasShell:
      'Beim nächsten Start der Engine öffnet sich eine Shell auf seinem Bildschirm: s nimmt das zurück.',
    isRefused: (machines) =>
      `Ein anderer Rechner sagt, er sei dieser, und wird abgewiesen: ${machines}. Ist es der richtige (neue Hauptplatine, oder ein Fremder kam zuerst), mit a zulassen.`,
    machineAt: (serial, address, adapter) =>
      `Seriennummer ${serial}, Adresse ${address}${adapter === undefined ? '' : `, Adapter ${adapter}`}`,
    neverHere: 'Seine Engine war noch nie hier: über die Hardware ist nichts bekannt.',
    leftOut: (count) =>
      `Er hat von ${count} weiteren Teilen berichtet (Platten, Partitionen, Netzadaptern und dergleichen); eine Nachricht hat ein Ende, und hier sind sie nicht bekannt.`,
    hardware: 'Hardware',
    machine: 'Maschine',
    processor: 'Prozessor',
    cores: (name, cores) => `${name}, ${cores} ${cores === 1 ? 'Kern' : 'Kerne'}`,
    memory: 'Speicher',
    network: 'Netz',
    linkUp: 'verbunden',
    noLink: 'kein Kabel',
    engine: 'Engine',
    registered: 'Eingetragen',
    lastSeen: 'Zuletzt da',
    serialIs: (serial) => `Nr. ${serial}`,
    removable: 'wechselbar',
    readOnly: 'schreibgeschützt',
    noPartitions: 'keine Partitionen',
    itsTasks: 'Seine Aufträge, neueste zuerst',
    noTasks: 'für ihn steht kein Auftrag in der Liste',
    lastTask: 'letzter Auftrag',
    lastTaskHelp: 'Zeigt den neuesten Auftrag, der mit dem Rechner zu tun hat.',
    log: 'Protokoll',
    logHelp: 'Zeigt, was die Engine beim letzten Auftrag gesagt hat.',
    clear: 'Platte ist gut',
    clearHelp:
      'Sagt, dass eine halb beschriebene Platte gut ist: der Rechner startet wieder davon.',
    clearTitle: (name) => `Die Platte von ${name} ist gut`,
    clearText: (disk) => `${disk} war halb beschrieben. Der Rechner würde wieder davon starten.`,
    clearRisk:
      'Nur sagen, wenn man nachgesehen hat: ein halb beschriebenes System kann laufen und Daten verlieren.',
    clearing: (name) => `Freigeben der Platte von ${name}`,
    cleared: (name) => `${name} startet wieder von seiner Platte.`,
    accept: 'Rechner annehmen',
    acceptHelp: 'Sagt, dass dies jetzt ein anderer Rechner ist, einer, der abgewiesen wurde.',
    acceptTitle: (name) => `Ein anderer Rechner ist ${name}`,
    acceptText: (before, serial) =>
      `Von jetzt an ist es der Rechner mit der Seriennummer ${serial}, nicht mehr der mit ${before}.`,
    acceptRisk:
      'Mit dem Gehäuse vergleichen: wer zugelassen wird, bekommt Aufträge und Abbilder dieses Rechners.',
    accepting: (name) => `Zulassen eines anderen Rechners als ${name}`,
    accepted: (name) => `${name} ist jetzt ein anderer Rechner.`,
    shell: 'Shell',
    noShell: 'keine Shell',
    shellHelp:
      'Öffnet beim nächsten Start der Engine eine Shell auf dem Bildschirm des Rechners; oder nimmt das zurück.',
    shellOn: 'Beim nächsten Start der Engine öffnet sich dort eine Shell.',
    shellOff: 'Es öffnet sich keine Shell.',
  },
});
