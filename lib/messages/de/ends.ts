/** Why connections and logins are over in German. */

import type { END_MESSAGES, LOGIN_END_MESSAGES } from '../../model/messages/ends.ts';
import type { TextsOf } from '../texts.ts';

export const ends: TextsOf<typeof END_MESSAGES> = {
  'end.done': 'sie wird nicht mehr gebraucht',
  'end.refused': 'die Gegenseite wurde abgewiesen',
  'end.login-over': 'die Anmeldung ist beendet',
  'end.server-stops': 'der Server wird beendet',
  'end.logged-off': 'abgemeldet',
  'end.no-call': 'es kam nicht rechtzeitig eine Anfrage',
  'end.host-unknown': 'ihr Rechner ist nicht mehr bekannt',
  'end.host-deleted': 'der Rechner wurde gelöscht',
  'end.other-machine': 'ein anderes Gerät gilt jetzt als dieser Rechner',
  'end.connected-again': 'der Rechner hat sich neu verbunden',
  'end.other-start': 'sie antwortete nicht, als die Engine ein weiteres Mal gestartet war',
  'end.other-system': 'der Rechner hat sein anderes System gestartet',
  'end.too-many-waiting': 'zu viele Verbindungen warten auf eine Anmeldung',
  'end.binary-message': 'binäre Nachrichten gibt es im Protokoll nicht',
  'end.not-json': 'eine Nachricht war kein JSON',
  'end.no-single-call': 'eine Nachricht war keine einzelne Anfrage',
  'end.message-too-large': 'eine Nachricht war größer als erlaubt',
  'end.message-too-slow': 'eine begonnene Nachricht kam nicht rechtzeitig zu Ende',
  'end.too-much-unfinished': 'alle Verbindungen zusammen hatten zu viel an unfertigen Nachrichten',
  'end.broken-off': 'die Verbindung ist abgerissen',
  'end.stopped-answering': 'die Gegenseite antwortet nicht mehr',
  'end.without-reason': ({ code }) => `die Gegenseite hat sie beendet (${code})`,
};

export const loginEnds: TextsOf<typeof LOGIN_END_MESSAGES> = {
  'login.idle': ({ minutes }) => `abgemeldet nach ${minutes} min ohne Taste`,
  'login.left': 'abgemeldet',
  'login.password-changed': 'das Kennwort dieses Benutzers wurde geändert',
  'login.account-deleted': 'der Benutzer wurde gelöscht',
};
