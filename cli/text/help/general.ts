/** What the help says of the program, of options that every command or several have, and of groups of commands. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const general = bilingual({
  en: {
    program:
      'Clones computers over the network: captures disks as images, deploys them to whole rooms.\n' +
      '`openclone help COMMAND` explains a command, `openclone help exit-status` the exit statuses.',
    version: 'print the version',
    help: 'explain the command',
    titles: {
      usage: 'Usage:',
      arguments: 'Arguments:',
      options: 'Options:',
      globals: 'Global options:',
      commands: 'Commands:',
    },
    socket: (path: string) => `where the server listens (else OPENCLONE_SOCKET, else ${path})`,
    json: 'JSON for programs instead of text',
    quiet: 'results and errors only',
    language: 'en or de: the language of texts (else LC_ALL, LC_MESSAGES or LANG; else English)',
    groups: {
      host: 'list, show, add, approve, edit, wake and delete hosts',
      group: 'list, show, make, edit and delete groups of hosts',
      image: 'list, show, verify, rename, protect and delete images',
      task: 'list, show, cancel and put away tasks, and read their logs',
      job: 'keep, start, change and export jobs: task requests with schedules',
      session: 'act on multicast sessions',
      operator: 'list, add and delete operators, and set their passwords',
      boot: 'what hosts boot from the network',
    },
    hostArgument: 'a host by name, MAC address, IP address or id',
    imageArgument: 'an image by name or id',
    groupArgument: 'a group by name or id',
    operatorArgument: "an operator's name",
    taskArgument: 'the id of a task',
    targets: 'hosts and groups',
    to: 'hosts and groups that get it',
    disk: 'the disk: /dev/sda, serial:NUMBER, wwn:NUMBER, or "only" for the one fixed disk (default: only)',
    then: 'afterwards: shutdown, reboot, or exit (end the engine)',
    detach: 'do not follow the task: print its id and return',
    wake: 'switch on the hosts that are off, by Wake-on-LAN',
    until:
      'how long to wait for hosts that are off or busy: 90m, 24h, 3d, 18:00, "2026-12-01 18:00"; after that they do not get it (default: as `openclone settings` says, a day)',
    yes: 'do not ask before something is lost; needed without a terminal',
    passwordStdin:
      'read the password from standard input, one line, instead of asking on the terminal',
    hashStdin: 'read a bcrypt hash ($2b$ or $2a$) of the password from standard input',
    site: (file: string) => `how the server serves its rooms (default: ${file})`,
  },
  de: {
    program:
      'Klont Computer über das Netz: nimmt Platten als Abbilder auf, verteilt sie in ganze Räume.\n' +
      '`openclone help BEFEHL` erklärt einen Befehl, `openclone help exit-status` die Rückgabewerte.',
    version: 'die Version ausgeben',
    help: 'den Befehl erklären',
    titles: {
      usage: 'Aufruf:',
      arguments: 'Argumente:',
      options: 'Optionen:',
      globals: 'Allgemeine Optionen:',
      commands: 'Befehle:',
    },
    socket: (path) => `wo der Server zuhört (sonst OPENCLONE_SOCKET, sonst ${path})`,
    json: 'JSON für Programme statt Text',
    quiet: 'nur Ergebnisse und Fehler',
    language: 'en oder de: Sprache der Texte (sonst LC_ALL, LC_MESSAGES oder LANG; sonst Englisch)',
    groups: {
      host: 'Rechner auflisten, zeigen, eintragen, zulassen, ändern, wecken, löschen',
      group: 'Gruppen von Rechnern auflisten, zeigen, anlegen, ändern, löschen',
      image: 'Abbilder auflisten, zeigen, prüfen, umbenennen, schützen, löschen',
      task: 'Aufträge auflisten, zeigen, abbrechen, weglegen; ihre Protokolle lesen',
      job: 'Jobs behalten, starten, ändern, ausgeben: Aufträge mit Zeitplänen',
      session: 'in Multicast-Übertragungen eingreifen',
      operator: 'Benutzer auflisten, anlegen, löschen; ihre Kennwörter setzen',
      boot: 'was Rechner vom Netz starten',
    },
    hostArgument: 'ein Rechner, nach Name, MAC-Adresse, IP-Adresse oder Kennung',
    imageArgument: 'ein Abbild, nach Name oder Kennung',
    groupArgument: 'eine Gruppe, nach Name oder Kennung',
    operatorArgument: 'der Name eines Benutzers',
    taskArgument: 'die Kennung eines Auftrags',
    targets: 'Rechner und Gruppen',
    to: 'Rechner und Gruppen, die es bekommen',
    disk: 'die Platte: /dev/sda, serial:NUMMER, wwn:NUMMER oder "only" für die einzige feste (Vorgabe: only)',
    then: 'danach: shutdown (ausschalten), reboot (neu starten) oder exit (die Engine beenden)',
    detach: 'den Auftrag nicht verfolgen: seine Kennung ausgeben und enden',
    wake: 'die Rechner, die aus sind, über Wake-on-LAN einschalten',
    until:
      'wie lange auf Rechner gewartet wird, die aus oder beschäftigt sind: 90m, 24h, 3d, 18:00, "2026-12-01 18:00"; danach bekommen sie es nicht (Vorgabe: wie in `openclone settings`, ein Tag)',
    yes: 'nicht fragen, bevor etwas verloren geht; nötig ohne Terminal',
    passwordStdin: 'das Kennwort von der Standardeingabe lesen, eine Zeile, statt danach zu fragen',
    hashStdin: 'einen bcrypt-Hash ($2b$ oder $2a$) des Kennworts von der Standardeingabe lesen',
    site: (file) => `wie der Server seine Räume versorgt (Vorgabe: ${file})`,
  },
});
