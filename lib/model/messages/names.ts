/** What is wrong with a name or an address that was typed. */

import type { Declarations } from '../message.ts';

export const NAME_MESSAGES = {
  'name.empty': {},
  'name.too-long': { most: 'number' },
  'name.invisible': {},
  'name.space-at-end': {},
  'name.slash': {},
  'name.dash-first': {},
  'name.not-of-host': {},
  'mac.not-one': {},
} as const satisfies Declarations;
