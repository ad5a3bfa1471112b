/** Texts of the server's log. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const events = bilingual({
  en: {
    title: 'Log',
    reading: 'reading the log',
    when: 'When',
    what: 'What',
    count: (count: number) =>
      count === 1 ? '1 entry, newest first' : `${count} entries, newest first`,
    countBad: (count: number, all: number) =>
      `${count} of ${all} entries: what went wrong or wants a look`,
    empty: 'Nothing has happened yet.',
    emptyBad: 'Nothing went wrong.',
    openHelp: 'Shows the entry under the cursor in full.',
    bad: 'problems',
    badHelp: 'Shows only what went wrong or wants a look.',
    all: 'everything',
    allHelp: 'Shows all entries again.',
    times: (count: number) => `${count} times`,
    entry: (when: string) => `Log, ${when}`,
    hosts: (names: string, more: number) => (more === 0 ? names : `${names} and ${more} more`),
    atServer: 'at the server',
    from: (address: string) => `from ${address}`,
    serverStarted: (version: string) => `Server started, version ${version}`,
    hostsRegistered: (hosts: string) => `Registered: ${hosts}`,
    hostsPending: (hosts: string) => `Waiting for approval: ${hosts}`,
    hostsApproved: (hosts: string) => `Approved: ${hosts}`,
    by: (text: string, who: string) => `${text} (by ${who})`,
    became: (what: string, to: string | undefined) =>
      to === undefined ? what : `${what}: ${to === '' ? 'none' : to}`,
    hostsAdded: (hosts: string) => `Hosts added: ${hosts}`,
    hostsRejected: (hosts: string) => `Not approved, and deleted: ${hosts}`,
    hostsDeleted: (hosts: string) => `Deleted hosts: ${hosts}`,
    hostRenamed: (from: string, host: string) => `Host ${from} is called ${host} now`,
    hostsChanged: (hosts: string, changes: string) => `Changed: ${hosts} – ${changes}`,
    fields: {
      name: 'name',
      mac: 'MAC address',
      group: 'group',
      serialNumber: 'serial number',
      ipAddress: 'IP address',
      debugShell: 'debug shell',
      localBoot: 'start from the own disk',
      disk: 'disk',
    },
    jobChanged: {
      created: (job: string) => `Job ${job} was made`,
      changed: (job: string) => `Job ${job} was changed`,
      renamed: (job: string, from: string) => `Job ${from} is called ${job} now`,
      deleted: (job: string) => `Job ${job} was deleted`,
    },
    jobNotStarted: (job: string, schedule: string, error: string) =>
      `Job ${job} was not started by its schedule ${schedule}: ${error}`,
    jobMissed: (job: string, schedule: string, times: number) =>
      `Job ${job} was not started ${times} times by its schedule ${schedule}: the server was down`,
    groupChanged: {
      created: (group: string) => `Group ${group} was made`,
      renamed: (group: string, from: string) => `Group ${from} is called ${group} now`,
      deleted: (group: string) => `Group ${group} was deleted`,
    },
    otherMachineRefused: (host: string, address: string, serial: string, expected: string) =>
      `Another machine says that it is ${host}: serial number ${serial} at ${address}, not ${expected}. It was refused.`,
    foreignAdapter: (host: string, address: string, mac: string, isRefused: boolean) =>
      `A machine at ${address} says that it is ${host}, but its network adapter ${mac} is none of that host's. ${isRefused ? 'It was refused.' : 'It was not refused: that host was never seen with its own.'}`,
    routedMachine: (host: string, address: string) =>
      `A machine at ${address} says that it is ${host}, but came through a router, and ${host} is in a network of this server. It was refused.`,
    twoMachines: (host: string, address: string, refused: string) =>
      `Two machines say they are ${host}: ${address} and ${refused}. The first one was there and answers; the second one was refused.`,
    machineAccepted: (host: string, serial: string) =>
      `Another machine or network adapter is ${host} from now on: serial number ${serial}`,
    noSerial: 'none',
    taskCreated: (task: string, by: string) => `${by}: ${task}`,
    taskEnded: (task: string, outcome: string, good: number, runs: number) =>
      `${task}: ${outcome}, ${good} of ${runs} hosts done`,
    runsFailed: (task: string, hosts: string, error: string) =>
      `${task}: failed on ${hosts}${error === '' ? '' : `: ${error}`}`,
    runsBegunAgain: (task: string, hosts: string) =>
      `${task}: begins again on ${hosts}, restarted in the middle of it`,
    sessionsMissed: (task: string, hosts: string) =>
      `${task}: tried again on ${hosts}, which the transmission did not reach or could not wait for`,
    strangerInSession: {
      transmission: (task: string, address: string) =>
        `${task}: a machine that has no part in it joined the transmission (${address}). It is sent again, on another port and group.`,
      unicast: (task: string, address: string) =>
        `${task}: a machine that has no part in it joined the transmission (${address}). Each host gets the image over its own connection now.`,
    },
    unknownAddress: 'address unknown',
    imageCaptured: (image: string) => `Image ${image} has a new version`,
    imageDeleted: (image: string) => `Image ${image} was deleted`,
    imageRenamed: (from: string, image: string) => `Image ${from} is called ${image} now`,
    imageProtected: (image: string) => `Image ${image} is protected now`,
    imageUnprotected: (image: string) => `Image ${image} is not protected any more`,
    loggedIn: (operator: string, from: string) => `${operator} logged in, ${from}`,
    loginRefused: (name: string, from: string) => `Wrong password for ${name}, ${from}`,
    noName: 'something that is no name',
    operatorChanged: {
      added: (operator: string) => `Operator ${operator} was added`,
      password: (operator: string) => `Operator ${operator} has another password`,
      renamed: (operator: string) => `An operator is called ${operator} now`,
      deleted: (operator: string) => `Operator ${operator} was deleted`,
    },
    settingsChanged: (changes: string) =>
      changes === '' ? 'Settings changed' : `Settings changed – ${changes}`,
    settingValues: {
      on: 'on',
      off: 'off',
      wait: 'wait for tasks',
      reboot: 'restart',
      shutdown: 'shut down',
      en: 'English',
      de: 'German',
    },
    settings: {
      automaticRegistration: 'automatic registration',
      automaticRegistrationUntil: 'automatic registration until',
      idleMinutes: 'log out after (minutes)',
      captureCompression: 'compression',
      afterwards: 'afterwards',
      deployWake: 'wake for a deploy',
      waitHours: 'wait for hosts (hours)',
      checkAddresses: 'check network adapters',
      hostLanguage: "language of hosts' screens",
    },
  },
  de: {
    title: 'Protokoll',
    reading: 'Protokoll lesen',
    when: 'Wann',
    what: 'Was',
    count: (count) =>
      count === 1 ? '1 Eintrag, neueste zuerst' : `${count} Einträge, neueste zuerst`,
    countBad: (count, all) =>
      `${count} von ${all} Einträgen: was misslang oder angesehen werden will`,
    empty: 'Es ist noch nichts geschehen.',
    emptyBad: 'Es ist nichts misslungen.',
    openHelp: 'Zeigt den Eintrag unter dem Cursor ganz.',
    bad: 'Probleme',
    badHelp: 'Zeigt nur, was misslang oder angesehen werden will.',
    all: 'alles',
    allHelp: 'Zeigt wieder alle Einträge.',
    times: (count) => `${count}-mal`,
    entry: (when) => `Protokoll, ${when}`,
    hosts: (names, more) => (more === 0 ? names : `${names} und ${more} weitere`),
    atServer: 'am Server',
    from: (address) => `von ${address}`,
    serverStarted: (version) => `Server gestartet, Version ${version}`,
    hostsRegistered: (hosts) => `Angemeldete Rechner: ${hosts}`,
    hostsPending: (hosts) => `Warten auf Zulassung: ${hosts}`,
    hostsApproved: (hosts) => `Zugelassen: ${hosts}`,
    by: (text, who) => `${text} (durch ${who})`,
    became: (what, to) => (to === undefined ? what : `${what}: ${to === '' ? 'nichts' : to}`),
    hostsAdded: (hosts) => `Angelegte Rechner: ${hosts}`,
    hostsRejected: (hosts) => `Nicht zugelassen und gelöscht: ${hosts}`,
    hostsDeleted: (hosts) => `Gelöschte Rechner: ${hosts}`,
    hostRenamed: (from, host) => `Rechner ${from} heißt jetzt ${host}`,
    hostsChanged: (hosts, changes) => `Geändert: ${hosts} – ${changes}`,
    fields: {
      name: 'Name',
      mac: 'MAC-Adresse',
      group: 'Gruppe',
      serialNumber: 'Seriennummer',
      ipAddress: 'IP-Adresse',
      debugShell: 'Diagnose-Shell',
      localBoot: 'Start von der eigenen Platte',
      disk: 'Platte',
    },
    jobChanged: {
      created: (job) => `Job ${job} wurde angelegt`,
      changed: (job) => `Job ${job} wurde geändert`,
      renamed: (job, from) => `Job ${from} heißt jetzt ${job}`,
      deleted: (job) => `Job ${job} wurde gelöscht`,
    },
    jobNotStarted: (job, schedule, error) =>
      `Job ${job} wurde von seinem Zeitplan ${schedule} nicht gestartet: ${error}`,
    jobMissed: (job, schedule, times) =>
      `Job ${job} wurde von seinem Zeitplan ${schedule} ${times}-mal nicht gestartet: der Server lief nicht`,
    groupChanged: {
      created: (group) => `Gruppe ${group} wurde angelegt`,
      renamed: (group, from) => `Gruppe ${from} heißt jetzt ${group}`,
      deleted: (group) => `Gruppe ${group} wurde gelöscht`,
    },
    otherMachineRefused: (host, address, serial, expected) =>
      `Ein anderer Rechner sagt, er sei ${host}: Seriennummer ${serial}, Adresse ${address}, nicht ${expected}. Er wurde abgewiesen.`,
    foreignAdapter: (host, address, mac, isRefused) =>
      `Ein Rechner mit der Adresse ${address} sagt, er sei ${host}, aber seine Netzwerkkarte ${mac} gehört nicht zu diesem. ${isRefused ? 'Er wurde abgewiesen.' : 'Er wurde nicht abgewiesen: jener war noch nie mit seiner eigenen da.'}`,
    routedMachine: (host, address) =>
      `Ein Rechner mit der Adresse ${address} sagt, er sei ${host}, kam aber über einen Router, und ${host} ist in einem Netz dieses Servers. Er wurde abgewiesen.`,
    twoMachines: (host, address, refused) =>
      `Zwei Rechner sagen, sie seien ${host}: ${address} und ${refused}. Der erste war da und antwortet; der zweite wurde abgewiesen.`,
    machineAccepted: (host, serial) =>
      `Ein anderer Rechner oder eine andere Netzwerkkarte ist ab jetzt ${host}: Seriennummer ${serial}`,
    noSerial: 'keine',
    taskCreated: (task, by) => `${by}: ${task}`,
    taskEnded: (task, outcome, good, runs) =>
      `${task}: ${outcome}, ${good} von ${runs} Rechnern fertig`,
    runsFailed: (task, hosts, error) =>
      `${task}: fehlgeschlagen auf ${hosts}${error === '' ? '' : `: ${error}`}`,
    runsBegunAgain: (task, hosts) =>
      `${task}: beginnt von vorn auf ${hosts}, mittendrin neu gestartet`,
    sessionsMissed: (task, hosts) =>
      `${task}: neuer Versuch auf ${hosts}, von der Übertragung nicht erreicht oder zurückgelassen`,
    strangerInSession: {
      transmission: (task, address) =>
        `${task}: ein unbeteiligter Rechner hat sich in die Übertragung gemischt (${address}). Sie beginnt neu, mit anderem Port und anderer Gruppe.`,
      unicast: (task, address) =>
        `${task}: ein unbeteiligter Rechner hat sich in die Übertragung gemischt (${address}). Jeder Rechner bekommt das Abbild jetzt über seine eigene Verbindung.`,
    },
    unknownAddress: 'Adresse unbekannt',
    imageCaptured: (image) => `Abbild ${image} hat eine neue Version`,
    imageDeleted: (image) => `Abbild ${image} wurde gelöscht`,
    imageRenamed: (from, image) => `Abbild ${from} heißt jetzt ${image}`,
    imageProtected: (image) => `Abbild ${image} ist jetzt geschützt`,
    imageUnprotected: (image) => `Abbild ${image} ist nicht mehr geschützt`,
    loggedIn: (operator, from) => `${operator} hat sich angemeldet, ${from}`,
    loginRefused: (name, from) => `Falsches Kennwort für ${name}, ${from}`,
    noName: 'etwas, das kein Name ist',
    operatorChanged: {
      added: (operator) => `Benutzer ${operator} wurde angelegt`,
      password: (operator) => `Benutzer ${operator} hat ein anderes Kennwort`,
      renamed: (operator) => `Ein Benutzer heißt jetzt ${operator}`,
      deleted: (operator) => `Benutzer ${operator} wurde gelöscht`,
    },
    settingsChanged: (changes) =>
      changes === '' ? 'Einstellungen geändert' : `Einstellungen geändert – ${changes}`,
    settingValues: {
      on: 'an',
      off: 'aus',
      wait: 'auf Aufträge warten',
      reboot: 'neu starten',
      shutdown: 'ausschalten',
      en: 'Englisch',
      de: 'Deutsch',
    },
    settings: {
      automaticRegistration: 'automatische Aufnahme',
      automaticRegistrationUntil: 'automatische Aufnahme bis',
      idleMinutes: 'Abmelden nach (Minuten)',
      captureCompression: 'Kompression',
      afterwards: 'danach',
      deployWake: 'Wecken beim Verteilen',
      waitHours: 'Warten auf Rechner (Stunden)',
      checkAddresses: 'Netzwerkkarten prüfen',
      hostLanguage: 'Sprache der Rechnerbildschirme',
    },
  },
});
