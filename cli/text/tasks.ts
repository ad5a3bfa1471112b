/** Texts about tasks, their runs, and how they go on. */

import { bilingual } from '../../lib/text/bilingual.ts';
import { counts } from './counts.ts';

export const tasks = bilingual({
  en: {
    columns: {
      task: 'TASK',
      state: 'STATE',
      done: 'DONE',
      created: 'CREATED',
      by: 'BY',
      what: 'WHAT',
    },
    task: 'Task',
    id: 'Id',
    state: 'State',
    created: 'Created',
    createdText: (when: string, by: string) => `${when} by ${by}`,
    operation: 'Operation',
    capture: (disk: string, image: string, compression: string) =>
      `capture disk ${disk} as ${image}, ${compression}`,
    deploy: (version: string, disk: string, transport: string, wait: string) =>
      `deploy ${version} to disk ${disk}, ${transport}, waiting ${wait} for missing hosts`,
    partition: (version: string, disk: string) =>
      `write the partition table of ${version} to disk ${disk}`,
    shutdown: (mode: string) => `shut down: ${mode}`,
    disk: 'disk',
    error: 'error',
    hint: 'hint',
    warning: 'warning',
    // what a run does
    waitingForSession: 'waiting for the next session',
    waitingForHost: 'waiting for the host',
    waitingUntil: (until: string) => `waiting for the host until ${until}`,
    waitingForSystem: {
      engine: "waiting for the host's engine",
      disk: "waiting for the host's own system",
    },
    restartingInto: {
      engine: 'restarting into the engine',
      disk: "restarting into the host's own system",
    },
    workers: { engine: 'engine', agent: 'agent', server: 'server' },
    planning: 'making the plan',
    beingCancelled: (step: string) => `being cancelled: ${step}`,
    // all of them
    total: 'total',
    done: (done: number, all: number) => `${done} of ${all} done`,
    hostsDone: (done: number, all: number) => `${done} of ${all} hosts done`,
    allDone: (done: number, all: number) => `${done} of ${counts.en.hosts(all)} done`,
    left: (time: string) => `${time} left`,
    rest: (count: number, states: string) => `and ${count} more: ${states}`,
    goesOn: (task: string) => `${task} goes on. \`openclone task cancel ${task}\` cancels it.`,
    connectionLost: (reason: string) =>
      `the connection to the server was lost (${reason}); trying again`,
    connectedAgain: 'connected to the server again',
    cancelling: (task: string, hosts: number) => `cancelling ${task} on ${counts.en.hosts(hosts)}`,
    putAway: (title: string) => `put away: ${title}`,
    logIsCut: 'the beginning is left out',
    logIsEmpty: 'nothing was said yet',
    // sessions
    ready: (ready: number, all: number) => `${ready} of ${all} ready`,
    sent: (sent: string, all: string, percent: string) => `${sent} of ${all} sent (${percent})`,
    resent: (percent: string) => `${percent} sent again`,
    silent: (host: string, others: number, left: string) =>
      others === 0
        ? `waiting for ${host}, which does not answer: dropped in ${left}`
        : `waiting for ${host} and ${others} more, which do not answer: dropped in ${left}`,
    sessionStarted: (session: string) => `started ${session}`,
  },
  de: {
    columns: {
      task: 'AUFTRAG',
      state: 'ZUSTAND',
      done: 'FERTIG',
      created: 'ERTEILT',
      by: 'VON',
      what: 'WAS',
    },
    task: 'Auftrag',
    id: 'Kennung',
    state: 'Zustand',
    created: 'Erteilt',
    createdText: (when, by) => `${when} von ${by}`,
    operation: 'Arbeit',
    capture: (disk, image, compression) => `Platte ${disk} aufnehmen als ${image}, ${compression}`,
    deploy: (version, disk, transport, wait) =>
      `${version} auf Platte ${disk} verteilen, ${transport}, auf fehlende Rechner ${wait} warten`,
    partition: (version, disk) =>
      `die Partitionstabelle von ${version} auf Platte ${disk} schreiben`,
    shutdown: (mode) => `beenden: ${mode}`,
    disk: 'Platte',
    error: 'Fehler',
    hint: 'Hinweis',
    warning: 'Warnung',
    waitingForSession: 'wartet auf die nächste Übertragung',
    waitingForHost: 'wartet auf den Rechner',
    waitingUntil: (until) => `wartet auf den Rechner bis ${until}`,
    waitingForSystem: {
      engine: 'wartet auf die Engine des Rechners',
      disk: 'wartet auf das eigene System des Rechners',
    },
    restartingInto: {
      engine: 'startet neu in die Engine',
      disk: 'startet neu in das eigene System',
    },
    workers: { engine: 'Engine', agent: 'Agent', server: 'Server' },
    planning: 'stellt den Plan auf',
    beingCancelled: (step) => `wird abgebrochen: ${step}`,
    total: 'gesamt',
    done: (done, all) => `${done} von ${all} fertig`,
    hostsDone: (done, all) => `${done} von ${all} Rechnern fertig`,
    allDone: (done, all) => `${done} von ${all} ${all === 1 ? 'Rechner' : 'Rechnern'} fertig`,
    left: (time) => `noch ${time}`,
    rest: (count, states) => `und ${count} weitere: ${states}`,
    goesOn: (task) => `${task} läuft weiter. \`openclone task cancel ${task}\` bricht ihn ab.`,
    connectionLost: (reason) =>
      `die Verbindung zum Server ist abgerissen (${reason}); es wird neu versucht`,
    connectedAgain: 'wieder mit dem Server verbunden',
    cancelling: (task, hosts) => `${task} wird auf ${counts.de.hosts(hosts)} abgebrochen`,
    putAway: (title) => `weggelegt: ${title}`,
    logIsCut: 'der Anfang fehlt',
    logIsEmpty: 'noch wurde nichts gesagt',
    ready: (ready, all) => `${ready} von ${all} bereit`,
    sent: (sent, all, percent) => `${sent} von ${all} gesendet (${percent})`,
    resent: (percent) => `${percent} noch einmal gesendet`,
    silent: (host, others, left) =>
      others === 0
        ? `wartet auf ${host}, der nicht antwortet: ausgeschlossen in ${left}`
        : `wartet auf ${host} und ${others} weitere, die nicht antworten: ausgeschlossen in ${left}`,
    sessionStarted: (session) => `${session} gestartet`,
  },
});
