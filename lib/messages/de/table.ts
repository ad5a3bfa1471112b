/** The texts of all messages in German. */

import type { MESSAGES } from '../../model/messages/table.ts';
import type { TextsOf } from '../texts.ts';
import { checks, doctor } from './doctor.ts';
import { ends, loginEnds } from './ends.ts';
import { findings } from './findings.ts';
import { names } from './names.ts';
import { copies, gptDamages, notes } from './notes.ts';
import { jobFaults, reasons } from './reasons.ts';
import { remedies } from './remedies.ts';
import { structures } from './structures.ts';
import { steps } from './steps.ts';
import { titles } from './titles.ts';

export const texts: TextsOf<typeof MESSAGES> = {
  verbatim: ({ text }) => text,
  ...titles,
  ...steps,
  ...notes,
  ...copies,
  ...structures,
  ...gptDamages,
  ...reasons,
  ...names,
  ...ends,
  ...loginEnds,
  ...findings,
  ...checks,
  ...doctor,
  ...remedies,
  ...jobFaults,
};
