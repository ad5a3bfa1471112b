/** Texts of the view of one multicast transmission. */

import { bilingual } from '../../lib/text/bilingual.ts';
import { undoneIn, type Undone } from '../../lib/text/counts.ts';
import { states } from '../../lib/text/states.ts';

export const session = bilingual({
  en: {
    title: (task: string) => `Transmission: ${task}`,
    ended: 'ended',
    ready: (ready: number, all: number) => `${ready} of ${all} hosts ready`,
    members: (hosts: number) => (hosts === 1 ? '1 host receives' : `${hosts} hosts receive`),
    tookPart: (hosts: number) => (hosts === 1 ? '1 host took part' : `${hosts} hosts took part`),
    sent: (sent: string, total: string) => `${sent} of ${total} sent`,
    left: (duration: string) => `${duration} left`,
    took: (duration: string) => `took ${duration}`,
    startsIn: (duration: string) => `starts in ${duration} at the latest; s: now`,
    waited: (duration: string) => `waiting for ${duration}`,
    resent: 'Sent again',
    resentShare: (percent: string) => `${percent} %`,
    resentHint: 'packets are lost: see cables, switch ports and IGMP settings',
    group: 'Multicast group',
    rate: 'Rate',
    paused: 'paused',
    pausedWhy: 'a host does not answer',
    noAnswer: 'no answer',
    hosts: (done: number, undone: Undone, all: number) =>
      `${done} of ${all} hosts done${undoneIn(undone, states.en.runs)}`,
    getItAfterwards: (host: string, others: number) =>
      `afterwards: ${host}${others === 0 ? '' : ` and ${others} more`}`,
    noHosts: 'No host has joined yet.',
    start: 'start now',
    startHelp: 'Does not wait for more hosts; those that are late get a transmission of their own.',
    starting: 'starting the transmission',
    started: 'The transmission starts.',
    isStarted: 'it has started already',
    isOver: 'it is over',
    noneReady: 'no host is ready yet',
    waitsForTask: 'Hosts are on the way; the transmission is not announced yet.',
    drop: 'drop host',
    dropHelp:
      'Takes the host under the cursor out of the transmission and cancels its task; the others go on.',
    abort: 'abort',
    abortHelp: 'Ends the transmission, and cancels the task on all its hosts.',
    details: 'details',
    detailsHelp: 'Shows the steps of the host under the cursor, and the whole error.',
  },
  de: {
    title: (task) => `Übertragung: ${task}`,
    ended: 'zu Ende',
    ready: (ready, all) => `${ready} von ${all} bereit`,
    members: (hosts) => (hosts === 1 ? '1 Rechner empfängt' : `${hosts} Rechner empfangen`),
    tookPart: (hosts) => (hosts === 1 ? '1 Rechner war dabei' : `${hosts} Rechner waren dabei`),
    sent: (sent, total) => `${sent} von ${total}`,
    left: (duration) => `noch ${duration}`,
    took: (duration) => `dauerte ${duration}`,
    startsIn: (duration) => `beginnt spätestens in ${duration}; s: jetzt`,
    waited: (duration) => `wartet seit ${duration}`,
    resent: 'Nochmals gesendet',
    resentShare: (percent) => `${percent} %`,
    resentHint: 'Pakete gehen verloren: Kabel, Switch-Ports und IGMP ansehen',
    group: 'Multicast-Gruppe',
    rate: 'Tempo',
    paused: 'Pause',
    pausedWhy: 'ein Rechner antwortet nicht',
    noAnswer: 'stumm',
    hosts: (done, undone, all) =>
      `${done} von ${all} Rechnern fertig${undoneIn(undone, states.de.runs)}`,
    getItAfterwards: (host, others) =>
      `danach: ${host}${others === 0 ? '' : ` und ${others} weitere`}`,
    noHosts: 'Noch ist kein Rechner dabei.',
    start: 'jetzt starten',
    startHelp:
      'Wartet nicht auf weitere Rechner; wer zu spät kommt, bekommt eine eigene Übertragung.',
    starting: 'Starten der Übertragung',
    started: 'Die Übertragung beginnt.',
    isStarted: 'sie hat schon begonnen',
    isOver: 'sie ist zu Ende',
    noneReady: 'noch ist kein Rechner bereit',
    waitsForTask: 'Rechner sind unterwegs; die Übertragung ist noch nicht angekündigt.',
    drop: 'Rechner entfernen',
    dropHelp:
      'Nimmt den Rechner unter dem Cursor aus der Übertragung und bricht seinen Auftrag ab; die anderen machen weiter.',
    abort: 'abbrechen',
    abortHelp: 'Beendet die Übertragung und bricht den Auftrag auf allen ihren Rechnern ab.',
    details: 'Einzelheiten',
    detailsHelp: 'Zeigt die Schritte des Rechners unter dem Cursor und den ganzen Fehler.',
  },
});
