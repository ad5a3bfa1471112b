/** What is wrong with names and addresses in German. */

import type { NAME_MESSAGES } from '../../model/messages/names.ts';
import type { TextsOf } from '../texts.ts';

export const names: TextsOf<typeof NAME_MESSAGES> = {
  'name.empty': 'ein Name darf nicht leer sein',
  'name.too-long': ({ most }) => `ein Name hat höchstens ${most} Zeichen`,
  'name.invisible': 'ein Name darf keine Steuerzeichen enthalten',
  'name.space-at-end': 'ein Name darf nicht mit einem Leerzeichen beginnen oder enden',
  'name.slash': 'ein Name darf keinen Schrägstrich enthalten',
  'name.dash-first': 'ein Name darf nicht mit einem Strich beginnen',
  'name.not-of-host': 'ein Rechnername hat nur Buchstaben, Ziffern und Striche',
  'mac.not-one': 'keine MAC-Adresse (52:54:00:77:00:01 wäre eine)',
};
