/** What the help says of the commands about tasks, sessions and operators. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const tasks = bilingual({
  en: {
    list: { summary: 'list the latest tasks, newest first', limit: 'how many (default: 20)' },
    show: { summary: 'show a task: its hosts, their steps and errors' },
    log: {
      summary: 'show what the engines said while they worked on a task',
      details:
        'Every step with its errors and what the tools printed, as the hosts reported it. Of a long log the end is shown; on the server it is in the data directory, logs/RUN.log.',
      host: 'only of this host',
    },
    cancel: {
      summary: 'end a task on all its hosts, or on one',
      details:
        'A host in the middle of writing stops within two seconds; its disk is then made unbootable.',
      host: 'only on this host',
    },
    putAway: {
      summary: 'say that a failure has been seen: it is red nowhere any more',
      details:
        'For all operators, in the overview of the full-screen UI (x there) and in the list of hosts. The task stays in the list of tasks.',
      id: 'the id of a task that has ended',
    },
    start: {
      summary: 'begin a transmission now, without waiting for missing hosts',
      details:
        'Hosts that come later get a session of their own. `openclone status` shows the sessions.',
      id: 'the id of a session',
    },
  },
  de: {
    list: {
      summary: 'die letzten Aufträge auflisten, die neuesten zuerst',
      limit: 'wie viele (Vorgabe: 20)',
    },
    show: { summary: 'einen Auftrag zeigen: seine Rechner, ihre Schritte und Fehler' },
    log: {
      summary: 'zeigen, was die Engines bei einem Auftrag gesagt haben',
      details:
        'Jeder Schritt mit seinen Fehlern und dem, was die Programme ausgaben, wie die Rechner es meldeten. Von einem langen Protokoll kommt das Ende; auf dem Server liegt es im Datenverzeichnis, logs/RUN.log.',
      host: 'nur von diesem Rechner',
    },
    cancel: {
      summary: 'einen Auftrag auf allen Rechnern oder auf einem abbrechen',
      details:
        'Ein Rechner, der gerade schreibt, hört binnen zwei Sekunden auf; seine Platte wird dann unstartbar gemacht.',
      host: 'nur auf diesem Rechner',
    },
    putAway: {
      summary: 'sagen, dass ein Fehlschlag gesehen wurde: er ist nirgends mehr rot',
      details:
        'Für alle Benutzer, in der Übersicht der Oberfläche (dort x) und in der Liste der Rechner. Der Auftrag bleibt in der Liste der Aufträge.',
      id: 'die Kennung eines Auftrags, der zu Ende ist',
    },
    start: {
      summary: 'eine Übertragung jetzt beginnen, ohne auf fehlende Rechner zu warten',
      details:
        'Rechner, die später kommen, bekommen eine eigene Übertragung. `openclone status` zeigt die Übertragungen.',
      id: 'die Kennung einer Übertragung',
    },
  },
});

export const operators = bilingual({
  en: {
    list: { summary: 'list the operators' },
    add: {
      summary: 'add an operator, who may log on with a name and a password',
      details:
        'The password is asked for twice on the terminal. It has 8 characters or more, and 72 bytes at most.',
    },
    password: { summary: 'give an operator a new password' },
    delete: { summary: 'delete an operator, but not the last one' },
  },
  de: {
    list: { summary: 'die Benutzer auflisten' },
    add: {
      summary: 'einen Benutzer anlegen, der sich mit Name und Kennwort anmelden darf',
      details:
        'Nach dem Kennwort wird zweimal am Terminal gefragt. Es hat mindestens 8 Zeichen und höchstens 72 Bytes.',
    },
    password: { summary: 'einem Benutzer ein neues Kennwort geben' },
    delete: { summary: 'einen Benutzer löschen, aber nicht den letzten' },
  },
});
