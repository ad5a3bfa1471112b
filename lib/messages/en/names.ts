/** What is wrong with names and addresses in English. */

import type { NAME_MESSAGES } from '../../model/messages/names.ts';
import type { TextsOf } from '../texts.ts';

export const names: TextsOf<typeof NAME_MESSAGES> = {
  'name.empty': 'a name cannot be empty',
  'name.too-long': ({ most }) => `a name has at most ${most} characters`,
  'name.invisible': 'a name cannot contain control characters',
  'name.space-at-end': 'a name cannot begin or end with a space',
  'name.slash': 'a name cannot contain a slash',
  'name.dash-first': 'a name cannot begin with a dash',
  'name.not-of-host': 'a host name has letters, digits and dashes only',
  'mac.not-one': 'not a MAC address (52:54:00:77:00:01 is one)',
};
