/** Faults of jobs in German. */

import type { JOB_MESSAGES } from '../../model/messages/jobs.ts';
import type { TextsOf } from '../texts.ts';

export const jobs: TextsOf<typeof JOB_MESSAGES> = {
  'job-fault.name-twice': ({ name }) => `den Namen ${name} gibt es zweimal`,
  'job-fault.no-choices': ({ name }) => `die Auswahl ${name} ist leer: choices angeben`,
  'job-fault.choices-of-another': ({ name, type }) =>
    `${name} ist vom Typ ${type}: choices hat nur eine Auswahl (choice)`,
  'job-fault.parameter-unknown': ({ name }) => `einen Parameter ${name} gibt es nicht`,
  'job-fault.value-missing': ({ name }) =>
    `der Parameter ${name} hat keine Vorgabe: einen Wert angeben`,
  'job-fault.wrong-type': ({ name, type }) => `der Wert von ${name} ist nicht vom Typ ${type}`,
  'job-fault.not-a-choice': ({ name, choices }) =>
    `der Wert von ${name} steht nicht zur Auswahl: ${choices.join(', ')}`,
  'job-fault.field': ({ text }) => `daraus wird kein Auftrag: ${text}`,
  'job-fault.field-unknown': ({ field }) => `ein Auftrag hat kein Feld ${field}`,
  'job-fault.key-unknown': ({ field }) => `${field} gibt es hier nicht`,
  'job-fault.file-too-long': ({ bytes }) => `eine Job-Datei hat höchstens ${bytes}`,
  'job-fault.too-deep': 'ihre Listen sind zu tief, oder ihre Anker kommen zu oft vor',
  'job-fault.times': ({ text }) => `das ist keine Zeit: ${text}`,
  'job-fault.several': ({ faults }) => faults.join('; '),
};
