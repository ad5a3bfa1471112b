/** The texts of all messages in English. */

import type { MESSAGES } from '../../model/messages/table.ts';
import type { TextsOf } from '../texts.ts';
import { checks, doctor } from './doctor.ts';
import { findings } from './findings.ts';
import { copies, notes } from './notes.ts';
import { reasons } from './reasons.ts';
import { remedies } from './remedies.ts';
import { steps } from './steps.ts';
import { titles } from './titles.ts';

export const texts: TextsOf<typeof MESSAGES> = {
  verbatim: ({ text }) => text,
  ...titles,
  ...steps,
  ...notes,
  ...copies,
  ...reasons,
  ...findings,
  ...checks,
  ...doctor,
  ...remedies,
};
