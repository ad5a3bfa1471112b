/** Why something cannot be done, in the language of the UI. */

import { render } from '../../lib/messages/render.ts';
import type { DisabledReason } from '../disabled-reason.ts';
import type { Language } from '../../lib/model/language.ts';

/** What schemas say of names (lib/model/names.ts), and the other side when it ends a connection, which is text. */
const GERMAN: readonly (readonly [english: string | RegExp, german: string])[] = [
  ['a name cannot be empty', 'ein Name darf nicht leer sein'],
  ['a name has at most 64 characters', 'ein Name hat höchstens 64 Zeichen'],
  ['a name cannot contain control characters', 'ein Name darf keine Steuerzeichen enthalten'],
  [
    'a name cannot begin or end with a space',
    'ein Name darf nicht mit einem Leerzeichen beginnen oder enden',
  ],
  ['a name cannot contain a slash', 'ein Name darf keinen Schrägstrich enthalten'],
  ['a name cannot begin with a dash', 'ein Name darf nicht mit einem Strich beginnen'],
  [
    'a host name has letters, digits and dashes only',
    'ein Rechnername hat nur Buchstaben, Ziffern und Striche',
  ],
  ['not a MAC address', 'keine MAC-Adresse'],
  // why a connection or a login is over
  ['the connection broke off', 'die Verbindung ist abgerissen'],
  ['the other side ended it', 'die Gegenseite hat sie beendet'],
  ['the other side stopped answering', 'die Gegenseite antwortet nicht mehr'],
  [/^logged out after (\d+) min without a key$/, 'abgemeldet nach $1 min ohne Taste'],
  [/^logged out$/, 'abgemeldet'],
  ['the password of this operator was changed', 'das Kennwort dieses Benutzers wurde geändert'],
  ['the account was deleted', 'der Benutzer wurde gelöscht'],
];

/** The reason in the language of the UI; a text that is not in the table is in that language. */
export function reasonIn(language: Language, reason: DisabledReason): string {
  if (typeof reason !== 'string') {
    return 'host' in reason
      ? `${reason.host}: ${render(language, reason.reason)}`
      : render(language, reason);
  }
  if (language === 'en') return reason;
  return GERMAN.reduce((text, [english, german]) => text.replace(english, german), reason);
}
