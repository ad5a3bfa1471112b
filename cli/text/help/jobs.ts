/** What the help says of the commands about jobs. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const jobs = bilingual({
  en: {
    job: 'the job by its name',
    file: 'a job file (YAML or JSON), or - for standard input',
    list: 'list the jobs, their last and their next start',
    show: 'show a job: parameters, schedules and the next ten starts',
    start: {
      summary: 'make a task of a job',
      details:
        'Parameters that are not set have their defaults. Several targets are separated by commas:\n' +
        'openclone job start evening --set room=room-1,pc-17 image=win11',
      set: 'NAME=VALUE of parameters',
    },
    history: {
      summary: 'list what became of the starts of a job',
      limit: 'how many (default: 20)',
    },
    check: 'say what is wrong in a job file, by line and column, and change nothing',
    create: {
      summary: 'make a job of a job file',
      details: '`openclone job export` shows what a job file looks like.',
    },
    keep: {
      summary: 'make a job that does again what a task did',
      details: 'With the same hosts, and the newest versions of its images.',
      name: 'the name of the job',
    },
    export: 'print the job file of a job',
    edit: {
      summary: 'replace what a job is by a job file',
      details: 'Its history stays.',
    },
    delete: 'delete a job and its history; its tasks stay',
  },
  de: {
    job: 'der Name des Jobs',
    file: 'eine Job-Datei (YAML oder JSON), oder - für die Standardeingabe',
    list: 'die Jobs mit ihrem letzten und ihrem nächsten Start auflisten',
    show: 'einen Job zeigen: Parameter, Zeitpläne und die nächsten zehn Starts',
    start: {
      summary: 'aus einem Job einen Auftrag machen',
      details:
        'Parameter, die nicht gesetzt sind, haben ihre Vorgaben. Mehrere Ziele werden durch Kommas getrennt:\n' +
        'openclone job start abends --set raum=raum-1,pc-17 abbild=win11',
      set: 'NAME=WERT von Parametern',
    },
    history: {
      summary: 'auflisten, was aus den Starts eines Jobs wurde',
      limit: 'wie viele (Vorgabe: 20)',
    },
    check: 'sagen, was in einer Job-Datei nicht stimmt, mit Zeile und Spalte; ändert nichts',
    create: {
      summary: 'aus einer Job-Datei einen Job machen',
      details: '`openclone job export` zeigt, wie eine Job-Datei aussieht.',
    },
    keep: {
      summary: 'einen Job machen, der wieder tut, was ein Auftrag tat',
      details: 'Mit denselben Rechnern und den neuesten Versionen seiner Abbilder.',
      name: 'der Name des Jobs',
    },
    export: 'die Job-Datei eines Jobs ausgeben',
    edit: {
      summary: 'einen Job durch eine Job-Datei ersetzen',
      details: 'Was aus seinen Starts wurde, bleibt.',
    },
    delete: 'einen Job und seinen Verlauf löschen; seine Aufträge bleiben',
  },
});
