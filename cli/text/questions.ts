/** Questions, what is lost when the answer is yes, and passwords. */

import { bilingual } from '../../lib/text/bilingual.ts';
import { counts } from './counts.ts';

export const questions = bilingual({
  en: {
    goOn: 'Go on? Type yes: ',
    switchOn: 'Switch it on now? Type yes: ',
    yesWords: 'y yes',
    password: (name: string) => `Password of ${name}: `,
    passwordAgain: 'The same again: ',
    passwordRefused: (reason: string) => `Not taken: ${reason}.`,
    passwordsDiffer: 'These were not the same.',
    // disks
    diskLoss: (what: string, hosts: number) =>
      `${what} goes to ${counts.en.hosts(hosts)}. Everything on these disks will be lost:`,
    diskColumns: { host: 'HOST', disk: 'DISK', model: 'MODEL', serial: 'SERIAL', size: 'SIZE' },
    moreDisks: (count: number) =>
      `  and the disks of ${count} more ${count === 1 ? 'host' : 'hosts'}`,
    unknownDisk: 'not known yet',
    severalDisks: 'several match',
    noDisk: 'no such disk',
    deployed: (name: string, when: string, host: string) =>
      `The image ${name}, captured ${when} from ${host},`,
    identity: (host: string) =>
      `Each of them is ${host} then, by name, domain and machine ID (Windows: SID), until it gets its own.`,
    partitioned: (image: string) => `The partition table of the image ${image}`,
    // hosts that are off
    andMore: (count: number) => `${count} more`,
    off: (hosts: number, names: string, what: string) =>
      `${counts.en.hosts(hosts)} ${hosts === 1 ? 'is' : 'are'} off (${names}): ${what}.`,
    offAndWoken: (hosts: number, until: string) =>
      `${hosts === 1 ? 'it is' : 'they are'} woken; the task waits until ${until}`,
    offAndWaited: (hosts: number, until: string) =>
      `the task waits until ${until} for somebody to switch ${hosts === 1 ? 'it' : 'them'} on; --wake does so by Wake-on-LAN`,
    // groups, hosts, images, operators
    groupLoss: (name: string, hosts: number) =>
      `The group ${name} will be lost. ${counts.en.hosts(hosts)} will be in no group.`,
    hostLoss: (name: string, mac: string, group: string | null, disks: number) =>
      `What is stored of the host ${name} (${mac}, ${group === null ? 'in no group' : `in the group ${group}`}, ${counts.en.disks(disks)}) will be lost. Its disks stay as they are.`,
    imageLoss: (name: string, versions: number) =>
      `The image ${name} will be lost, ${counts.en.versions(versions)}:`,
    versionLoss: (when: string, host: string, size: string) =>
      `  captured ${when} from ${host}, ${size}`,
    operatorLoss: (name: string) => `${name} will not be able to log on any more.`,
    nothingHalfWritten: (host: string) => `No disk of ${host} is known to be half written.`,
    halfWritten: (host: string, disk: string, since: string, run: string) =>
      `${host} will boot from its disk ${disk}, of which only a part was written (${since}, ${run}).`,
    halfWrittenWarning:
      'What is on it may be damaged without showing it. Deploying an image to it is the safe way.',
    otherMachines: (host: string, serial: string) =>
      `${host} has been the machine with serial number ${serial}. Refused since:`,
    none: 'none',
    otherMachineWarning:
      'Look at the case of the machine: the machine that is accepted gets the work and the images of this host.',
  },
  de: {
    goOn: 'Fortfahren? "ja" eingeben: ',
    switchOn: 'Jetzt einschalten? "ja" eingeben: ',
    yesWords: 'j ja y yes',
    password: (name) => `Kennwort von ${name}: `,
    passwordAgain: 'Noch einmal dasselbe: ',
    passwordRefused: (reason) => `Nicht angenommen: ${reason}.`,
    passwordsDiffer: 'Das war nicht dasselbe.',
    diskLoss: (what, hosts) =>
      `${what} geht an ${counts.de.hosts(hosts)}. Alles auf diesen Platten geht verloren:`,
    diskColumns: {
      host: 'RECHNER',
      disk: 'PLATTE',
      model: 'MODELL',
      serial: 'SERIENNUMMER',
      size: 'GRÖSSE',
    },
    moreDisks: (count) =>
      `  und die Platten von ${count} ${count === 1 ? 'weiteren Rechner' : 'weiteren Rechnern'}`,
    unknownDisk: 'noch unbekannt',
    severalDisks: 'mehrere passen',
    noDisk: 'keine solche Platte',
    deployed: (name, when, host) => `Das Abbild ${name}, aufgenommen ${when} von ${host},`,
    identity: (host) =>
      `Jeder von ihnen ist dann ${host}, nach Name, Domäne und Kennung (Windows: SID), bis er eigene bekommt.`,
    partitioned: (image) => `Die Partitionstabelle des Abbilds ${image}`,
    andMore: (count) => `${count} weitere`,
    off: (hosts, names, what) =>
      `${counts.de.hosts(hosts)} ${hosts === 1 ? 'ist' : 'sind'} aus (${names}): ${what}.`,
    offAndWoken: (hosts, until) =>
      `${hosts === 1 ? 'er wird' : 'sie werden'} geweckt; der Auftrag wartet bis ${until}`,
    offAndWaited: (hosts, until) =>
      `der Auftrag wartet bis ${until}, dass jemand ${hosts === 1 ? 'ihn' : 'sie'} einschaltet; --wake tut es über Wake-on-LAN`,
    groupLoss: (name, hosts) =>
      `Die Gruppe ${name} geht verloren. ${counts.de.hosts(hosts)} ${hosts === 1 ? 'ist' : 'sind'} dann in keiner Gruppe.`,
    hostLoss: (name, mac, group, disks) =>
      `Was vom Rechner ${name} gespeichert ist (${mac}, ${group === null ? 'in keiner Gruppe' : `in der Gruppe ${group}`}, ${counts.de.disks(disks)}), geht verloren. Seine Platten bleiben, wie sie sind.`,
    imageLoss: (name, versions) =>
      `Das Abbild ${name} geht verloren, ${counts.de.versions(versions)}:`,
    versionLoss: (when, host, size) => `  aufgenommen ${when} von ${host}, ${size}`,
    operatorLoss: (name) => `${name} kann sich dann nicht mehr anmelden.`,
    nothingHalfWritten: (host) => `Keine Platte von ${host} gilt als halb beschrieben.`,
    halfWritten: (host, disk, since, run) =>
      `${host} startet dann von seiner Platte ${disk}, von der nur ein Teil geschrieben wurde (${since}, ${run}).`,
    halfWrittenWarning:
      'Was darauf ist, kann beschädigt sein, ohne dass man es sieht. Sicher ist, ein Abbild darauf zu verteilen.',
    otherMachines: (host, serial) =>
      `${host} war bisher das Gerät mit Seriennummer ${serial}. Seitdem abgewiesen:`,
    none: 'keine',
    otherMachineWarning:
      'Am Gehäuse nachsehen: das zugelassene Gerät bekommt die Aufträge und Abbilder dieses Rechners.',
  },
});
