/** What each kind of error means, in German: the error itself, with what it is about, stays in the words it came in. */

import { describeError } from '../errors.ts';
import { render } from './render.ts';
import type { ErrorReport } from '../model/error-report.ts';
import type { ErrorCode } from '../model/error-treatment.ts';
import type { Language } from '../model/language.ts';

/** `says` is short, because it stands in front of the message on one line. */
const GERMAN: Readonly<Record<ErrorCode, { readonly says: string; readonly hint: string }>> = {
  'bad-argument': {
    says: 'So geht es nicht',
    hint: 'Die Eingaben prüfen; die Meldung nennt die falsche.',
  },
  'not-found': {
    says: 'Das gibt es nicht oder nicht mehr',
    hint: 'In der Liste nachsehen: vielleicht wurde es gelöscht oder umbenannt.',
  },
  'not-allowed': {
    says: 'Das geht jetzt nicht',
    hint: 'Zuerst beseitigen, was die Meldung nennt; Übersicht und Aufträge zeigen, was läuft.',
  },
  'name-taken': {
    says: 'Den Namen gibt es schon',
    hint: 'Einen anderen Namen wählen; Groß- und Kleinschreibung machen keinen Unterschied.',
  },
  unauthorized: {
    says: 'Nicht angemeldet oder falsches Kennwort',
    hint: 'Mit Name und Kennwort noch einmal versuchen; ein anderer Benutzer kann ein neues Kennwort setzen.',
  },
  'connection-failed': {
    says: 'Es kommt keine Verbindung zustande',
    hint: 'Prüfen, ob der Server läuft und über das Netz zu erreichen ist.',
  },
  'connection-lost': {
    says: 'Die Verbindung ist abgerissen',
    hint: 'Prüfen, ob der Server läuft und das Netz geht; nachsehen, was daraus wurde, dann noch einmal versuchen.',
  },
  'protocol-mismatch': {
    says: 'Die Versionen passen nicht zueinander',
    hint: 'Auf beiden Seiten dieselbe Version von OpenClone benutzen; für die Rechner das Netzsystem neu bauen.',
  },
  'bad-message': {
    says: 'Eine Nachricht war nicht zu verstehen',
    hint: 'Die Eingaben prüfen; haben beide Seiten dieselbe Version, ist das ein Fehler in OpenClone.',
  },
  'timed-out': {
    says: 'Es hat zu lange gedauert',
    hint: 'Noch einmal versuchen; geschieht es wieder, Netz und Auslastung des Servers ansehen.',
  },
  'internal-error': {
    says: 'Ein Fehler in OpenClone',
    hint: 'Bitte mit dem Protokoll melden.',
  },
  'store-damaged': {
    says: 'Der Datenbestand des Servers ist beschädigt',
    hint: 'Die Meldung sagt, wie er sich aus einer Kopie wiederherstellen lässt.',
  },
  'store-newer': {
    says: 'Der Datenbestand ist von neuerer Version',
    hint: 'Das neuere OpenClone benutzen oder die Kopie von vor dem Update zurückspielen.',
  },
  'store-locked': {
    says: 'Ein anderer Server benutzt die Daten',
    hint: 'Den anderen beenden oder diesem ein eigenes Verzeichnis geben.',
  },
  'store-write-failed': {
    says: 'Der Server kann seine Daten nicht schreiben',
    hint: 'Auf dem Server freien Platz, Rechte und Zustand der Platte prüfen.',
  },
  'image-damaged': {
    says: 'Das Abbild ist beschädigt',
    hint: 'Diese Version aus einer Sicherung zurückholen oder neu aufnehmen.',
  },
  'image-newer': {
    says: 'Das Abbild ist von neuerer Version',
    hint: 'Das neuere OpenClone benutzen oder die Platte neu aufnehmen.',
  },
  'image-store-full': {
    says: 'Der Platz für Abbilder ist voll',
    hint: 'Nicht mehr gebrauchte Abbilder löschen oder Platz schaffen, dann neu aufnehmen.',
  },
  'capture-too-large': {
    says: 'Der Rechner schickt zu viel',
    hint: 'Den Rechner und die Größe seiner Platte ansehen, dann neu aufnehmen.',
  },
  'image-write-failed': {
    says: 'Das Abbild ließ sich nicht ablegen',
    hint: 'Auf dem Server Platte und Rechte des Verzeichnisses prüfen, dann neu aufnehmen.',
  },
  'disk-not-found': {
    says: 'Der Rechner hat diese Platte nicht',
    hint: 'Die Platten des Rechners ansehen und eine davon wählen.',
  },
  'disk-changed': {
    says: 'Es ist eine andere Platte als gewählt',
    hint: 'Die Platten des Rechners ansehen, dann den Auftrag neu erteilen.',
  },
  'disk-ambiguous': {
    says: 'Mehrere Platten kommen in Frage',
    hint: 'Die Platte nach Adresse, Seriennummer oder WWN wählen.',
  },
  'disk-busy': {
    says: 'Die Platte wird gerade benutzt',
    hint: 'Freigeben, was die Meldung nennt, dann noch einmal versuchen.',
  },
  'disk-too-small': {
    says: 'Die Platte ist zu klein',
    hint: 'Eine größere nehmen oder die letzte Partition der Vorlage verkleinern und neu aufnehmen.',
  },
  'disk-sector-size': {
    says: 'Die Platte hat eine andere Sektorgröße',
    hint: 'Eine Platte mit der Sektorgröße des Abbilds nehmen oder ein dazu passendes Abbild.',
  },
  'disk-read-only': {
    says: 'Die Platte ist schreibgeschützt',
    hint: 'Nach einem Schalter an Platte oder Adapter sehen, oder den Schutz des Kernels aufheben.',
  },
  'disk-read-failed': {
    says: 'Die Platte ließ sich nicht lesen',
    hint: 'Vielleicht ist sie defekt (dmesg, smartctl), oder ihr System wurde nicht sauber heruntergefahren.',
  },
  'disk-write-failed': {
    says: 'Die Platte ließ sich nicht beschreiben',
    hint: 'Vielleicht ist sie defekt (dmesg, smartctl): ersetzen; sonst das Abbild prüfen.',
  },
  'partition-table-bad': {
    says: 'Die Partitionstabelle ist nicht brauchbar',
    hint: 'Prüfen, ob es die richtige Platte ist und ob ihr System startet.',
  },
  'hash-mismatch': {
    says: 'Die Daten kamen verfälscht an',
    hint: 'Das Abbild prüfen; ist es heil, Speicher und Netz von Rechner und Server prüfen.',
  },
  'stream-wrong': {
    says: 'Es kamen nicht die erwarteten Daten',
    hint: 'Noch einmal versuchen; geschieht es wieder, das Abbild prüfen und den Fehler melden.',
  },
  'stream-broken': {
    says: 'Die Übertragung brach ab',
    hint: 'Prüfen, ob Server und Netz gehen, dann für diesen Rechner noch einmal starten.',
  },
  'session-missed': {
    says: 'Die Übertragung kam hier nicht an',
    hint: 'Prüfen, ob Multicast vom Server zum Rechner durchkommt (Switches, IGMP), oder mit Unicast verteilen.',
  },
  'session-failed': {
    says: 'Die Übertragung ist fehlgeschlagen',
    hint: 'An die Rechner, die nicht fertig wurden, neu verteilen; sonst Netz und Protokoll des Servers ansehen.',
  },
  'tool-missing': {
    says: 'Ein nötiges Programm fehlt',
    hint: 'Das Debian-Paket einspielen, zu dem es gehört.',
  },
  'tool-failed': {
    says: 'Ein Programm ist fehlgeschlagen',
    hint: 'Die Ursache nennt, was es gesagt hat; seine Handbuchseite erklärt den Rückgabewert.',
  },
  interrupted: {
    says: 'Unterbrochen',
    hint: 'Nach dem Rechner sehen. Kommt seine Engine binnen einer Stunde wieder, macht sie weiter oder beginnt von vorn; sonst neu starten.',
  },
  'not-in-time': {
    says: 'Der Rechner kam nicht rechtzeitig',
    hint: 'Auf ihm wurde nichts geändert. Den Auftrag noch einmal erteilen, wenn er ihn doch bekommen soll.',
  },
  cancelled: {
    says: 'Abgebrochen',
    hint: 'Neu starten, wenn es doch geschehen soll.',
  },
  'task-failed': {
    says: 'Der Auftrag ist fehlgeschlagen',
    hint: 'Bei jedem Rechner des Auftrags steht, woran es lag.',
  },
};

export type ShownError = {
  /** What happened. */
  readonly what: string;
  /** What to do. */
  readonly hint: string;
  /** Message and hint as they came, where `what` and `hint` are other words. */
  readonly original: { readonly message: string; readonly hint: string } | null;
};

/** An error in `language`: what its kind says, and the reason. */
export function errorIn(
  language: Language,
  { code, message, hint, reason }: ErrorReport,
): ShownError {
  if (language === 'en') return { what: message, hint, original: null };
  const german = GERMAN[code];
  return {
    what: reason === undefined ? german.says : `${german.says}: ${render(language, reason)}`,
    hint: german.hint,
    original: { message, hint },
  };
}

/**
 * On one line that may be cut: what kind of error it is, where that is not English, before `detail` in the words that it
 * came in.
 */
export function errorLineIn(
  language: Language,
  report: ErrorReport,
  detail = describeError(report),
): string {
  const { what, original } = errorIn(language, report);
  return original === null ? detail : `${what}: ${detail}`;
}
