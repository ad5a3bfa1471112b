/** Texts around errors and exit statuses. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const errors = bilingual({
  en: {
    hint: (text: string) => `hint: ${text}`,
    original: (text: string) => `original: ${text}`,
    exitStatuses: 'Exit status of every command, with the error codes of --json:',
    done: 'done; with a task: on all hosts',
    doctorWarning: '`openclone doctor` found nothing worse than warnings',
    doctorFailure: '`openclone doctor` found that something is wrong',
    interrupted: 'Ctrl-C while following a task, which goes on',
    ofTasks: (several: number) =>
      'A task that failed on one host ends with the status of its error there, on several\n' +
      `hosts with ${several}. \`openclone server\` ends with the status of the server.`,
  },
  de: {
    hint: (text) => `Hinweis: ${text}`,
    original: (text) => `im Original: ${text}`,
    exitStatuses: 'Rückgabewerte aller Befehle, mit den Fehlercodes von --json:',
    done: 'getan; bei einem Auftrag: auf allen Rechnern',
    doctorWarning: '`openclone doctor` fand nichts Schlimmeres als Warnungen',
    doctorFailure: '`openclone doctor` fand einen Fehler',
    interrupted: 'Strg-C beim Verfolgen eines Auftrags, der weiterläuft',
    ofTasks: (several) =>
      'Schlägt ein Auftrag auf einem Rechner fehl, gilt der Wert des Fehlers dort, bei mehreren\n' +
      `${several}. \`openclone server\` endet mit dem Rückgabewert des Servers.`,
  },
});
