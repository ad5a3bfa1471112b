/** Why something cannot be done, in German: lib/model says it in English, to the command line and the log as well. */

import {
  MAX_HOSTS_BY_THEMSELVES,
  MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS,
  MAX_HOSTS_BY_THEMSELVES_PER_HOUR,
  MAX_PENDING_HOSTS,
  MAX_PENDING_HOSTS_PER_ADDRESS,
} from '../../lib/rules/capability.ts';
import type { Language } from '../../lib/model/language.ts';

/** What lib/rules/capability.ts, lib/model/names.ts and lib/protocol/peer.ts say. A name may stand before it. */
const GERMAN: readonly (readonly [english: string | RegExp, german: string])[] = [
  [
    'the host has unfinished work: cancel it first',
    'der Rechner hat noch Arbeit: zuerst abbrechen',
  ],
  [
    'its disk is half written: deploy anew, or clear the mark first (openclone host clear)',
    'seine Platte ist halb geschrieben: neu verteilen, oder sie zuerst für gut erklären (openclone host clear)',
  ],
  [
    'it waits for approval: approve the host first',
    'er wartet auf Zulassung: den Rechner zuerst zulassen',
  ],
  [
    'no disk of the host is known to be half written',
    'keine Platte des Rechners gilt als halb geschrieben',
  ],
  [
    'no other machine has said that it is this host',
    'kein anderer Rechner hat sich für diesen ausgegeben',
  ],
  [
    `${MAX_PENDING_HOSTS} hosts wait for approval already: approve or delete some first`,
    `${MAX_PENDING_HOSTS} Rechner warten schon auf Zulassung: zuerst einige zulassen oder löschen`,
  ],
  [
    `${MAX_PENDING_HOSTS_PER_ADDRESS} hosts from its address wait for approval already: approve or delete some first`,
    `${MAX_PENDING_HOSTS_PER_ADDRESS} Rechner von seiner Adresse warten schon auf Zulassung: zuerst einige zulassen oder löschen`,
  ],
  [
    `there are ${MAX_HOSTS_BY_THEMSELVES} hosts already: further ones are added by operators (openclone host add)`,
    `es gibt schon ${MAX_HOSTS_BY_THEMSELVES} Rechner: weitere legen Benutzer an (openclone host add)`,
  ],
  [
    `${MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS} hosts have registered from its address already: further ones are added by operators (openclone host add)`,
    `von seiner Adresse haben sich schon ${MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS} Rechner angemeldet: weitere legen Benutzer an (openclone host add)`,
  ],
  [
    `${MAX_HOSTS_BY_THEMSELVES_PER_HOUR} hosts have registered by themselves within an hour: this one can later, or is added by an operator (openclone host add)`,
    `${MAX_HOSTS_BY_THEMSELVES_PER_HOUR} Rechner haben sich innerhalb einer Stunde selbst angemeldet: dieser kann es später, oder ein Benutzer legt ihn an (openclone host add)`,
  ],
  ['the run has already ended', 'das ist schon zu Ende'],
  [
    'the image is protected: take the protection away first',
    'das Abbild ist geschützt: zuerst freigeben',
  ],
  [
    'an unfinished task uses the image: cancel it first',
    'ein laufender Auftrag benutzt das Abbild: zuerst abbrechen',
  ],
  [
    'a host that was cut off may still be receiving it: it can be deleted an hour after that',
    'ein Rechner, der abgerissen ist, empfängt es vielleicht noch: löschen geht eine Stunde danach',
  ],
  [
    'the image has no complete version: capture it first',
    'das Abbild hat keine vollständige Version: zuerst aufnehmen',
  ],
  [
    'the image of this name is protected: take the protection away first, or choose another name',
    'das Abbild dieses Namens ist geschützt: zuerst freigeben oder einen anderen Namen wählen',
  ],
  [
    'another unfinished task captures to this name',
    'ein anderer laufender Auftrag nimmt unter diesem Namen auf',
  ],
  [
    'an unfinished capture will make an image of that name: cancel it first, or choose another name',
    'eine laufende Aufnahme wird ein Abbild dieses Namens machen: zuerst abbrechen oder einen anderen Namen wählen',
  ],
  [
    'an unfinished capture will make a version of it: cancel it first',
    'eine laufende Aufnahme wird eine Version davon machen: zuerst abbrechen',
  ],
  [
    'a version of it is being captured: let that end, or cancel it first',
    'eine Version davon wird gerade aufgenommen: sie enden lassen oder zuerst abbrechen',
  ],
  ['a part of the task has not ended yet', 'ein Teil des Auftrags läuft noch'],
  ['the group has no hosts', 'die Gruppe hat keine Rechner'],
  ['there are no hosts', 'es gibt keine Rechner'],
  [
    'there is nothing to do: add an operation',
    'es gibt nichts zu tun: zuerst einen Schritt hinzufügen',
  ],
  [
    'is there twice: each operation can be there once',
    'steht zweimal da: jeder Schritt darf einmal vorkommen',
  ],
  ['is for one host at a time', 'geht nur mit einem einzelnen Rechner'],
  ['nothing can follow a shutdown', 'nach dem Beenden kann nichts mehr kommen'],
  [
    'partition after deploy would destroy what was deployed',
    'partitionieren nach dem Verteilen würde das Verteilte zerstören',
  ],
  [
    'nobody would be left who may log on: add another operator first',
    'niemand könnte sich mehr anmelden: zuerst einen anderen Benutzer anlegen',
  ],
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

/** The reason in the language of the UI; one that is not in the table stays as it is. */
export function reasonIn(language: Language, reason: string): string {
  if (language === 'en') return reason;
  return GERMAN.reduce((text, [english, german]) => text.replace(english, german), reason);
}

/** The reason that an error's message gives, in German; null when it is none of the table. */
export function reasonFoundIn(message: string): string | null {
  const found = GERMAN.find(
    ([english]) => typeof english === 'string' && message.endsWith(english),
  );
  return found?.[1] ?? null;
}
