/** Reasons in German. */

import type { JOB_MESSAGES, REASON_MESSAGES } from '../../model/messages/reasons.ts';
import type { TextsOf } from '../texts.ts';

export const reasons: TextsOf<typeof REASON_MESSAGES> = {
  'reason.host-has-work': 'der Rechner hat noch Arbeit: zuerst abbrechen',
  'reason.disk-half-written':
    'seine Platte ist halb beschrieben: neu verteilen, oder sie zuerst für gut erklären (openclone host clear)',
  'reason.host-pending': 'er wartet auf Zulassung: den Rechner zuerst zulassen',
  'reason.disk-not-half-written': 'keine Platte des Rechners gilt als halb beschrieben',
  'reason.no-other-machine': 'kein anderer Rechner hat sich für diesen ausgegeben',
  'reason.too-many-pending': ({ most }) =>
    `${most} Rechner warten schon auf Zulassung: zuerst einige zulassen oder löschen`,
  'reason.too-many-pending-there': ({ most }) =>
    `${most} Rechner von seiner Adresse warten schon auf Zulassung: zuerst einige zulassen oder löschen`,
  'reason.too-many-within-the-hour': ({ most }) =>
    `${most} Rechner haben sich innerhalb einer Stunde selbst angemeldet: dieser kann es später, oder ein Benutzer legt ihn an (openclone host add)`,
  'reason.too-many-hosts': ({ most }) =>
    `es gibt schon ${most} Rechner: weitere legen Benutzer an (openclone host add)`,
  'reason.too-many-from-there': ({ most }) =>
    `von seiner Adresse haben sich schon ${most} Rechner angemeldet: weitere legen Benutzer an (openclone host add)`,
  'reason.run-ended': 'das ist schon zu Ende',
  'reason.image-protected': 'das Abbild ist geschützt: zuerst freigeben',
  'reason.image-in-use': 'ein laufender Auftrag benutzt das Abbild: zuerst abbrechen',
  'reason.image-still-received':
    'ein Rechner, der abgerissen ist, empfängt es vielleicht noch: löschen geht eine Stunde danach',
  'reason.image-without-version': 'das Abbild hat keine vollständige Version: zuerst aufnehmen',
  'reason.name-protected':
    'das Abbild dieses Namens ist geschützt: zuerst freigeben oder einen anderen Namen wählen',
  'reason.name-being-captured': 'ein anderer laufender Auftrag nimmt unter diesem Namen auf',
  'reason.capture-makes-name':
    'eine laufende Aufnahme wird ein Abbild dieses Namens machen: zuerst abbrechen oder einen anderen Namen wählen',
  'reason.capture-makes-version':
    'eine laufende Aufnahme wird eine Version davon machen: zuerst abbrechen',
  'reason.version-being-captured':
    'eine Version davon wird gerade aufgenommen: sie enden lassen oder zuerst abbrechen',
  'reason.group-empty': 'die Gruppe hat keine Rechner',
  'reason.no-hosts': 'es gibt keine Rechner',
  'reason.no-operation': 'es gibt nichts zu tun: zuerst einen Schritt hinzufügen',
  'reason.operation-twice': ({ operation }) =>
    `${operation} steht zweimal da: jeder Schritt darf einmal vorkommen`,
  'reason.one-host-at-a-time': ({ operation }) =>
    `${operation} geht nur mit einem einzelnen Rechner`,
  'reason.nothing-follows': ({ operation }) => `nach „${operation}“ kann nichts mehr kommen`,
  'reason.would-destroy': ({ later, whole }) =>
    `${later} nach dem ${whole} würde das Verteilte zerstören`,
  'reason.task-not-ended': 'ein Teil des Auftrags läuft noch',
  'reason.last-operator':
    'niemand könnte sich mehr anmelden: zuerst einen anderen Benutzer anlegen',
  'reason.held-by': ({ host }) => `${host} hat sie schon`,
  'reason.several-adapters': ({ adapters }) => `er kam von mehreren Netzwerkadaptern (${adapters})`,
  'reason.job-still-running': ({ task }) =>
    `ein früherer Start des Jobs ist noch nicht zu Ende (${task}): abwarten oder zuerst abbrechen`,
  'reason.job-has-too-many-tasks': ({ most }) =>
    `der Job hat ${most} Aufträge, die noch nicht zu Ende sind: abwarten oder zuerst abbrechen`,
  'reason.jobs-too-long':
    'die Jobs brauchen zusammen zu viel Platz: einige löschen, oder statt vieler Rechner Gruppen nennen',
  'reason.job-changed-meanwhile': 'der Job wurde inzwischen geändert: noch einmal lesen',
  'reason.too-many-jobs': ({ most }) => `es gibt schon ${most} Jobs: zuerst einige löschen`,
  'reason.too-many-logons': 'es waren gerade zu viele Anmeldungen',
  'kind.capture': 'Aufnehmen',
  'kind.deploy': 'Verteilen',
  'kind.partition': 'Partitionieren',
  'kind.shutdown': 'Beenden',
};

export const jobFaults: TextsOf<typeof JOB_MESSAGES> = {
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
