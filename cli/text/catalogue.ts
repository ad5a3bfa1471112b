/** All texts of the command line but its help, in every language, checked against each other by their types. */

import type { Language } from '../../lib/model/language.ts';
import { counts } from './counts.ts';
import { doctor } from './doctor.ts';
import { errors } from './errors.ts';
import { hosts } from './hosts.ts';
import { images } from './images.ts';
import { jobs } from './jobs.ts';
import { layout } from './layout.ts';
import { questions } from './questions.ts';
import { results } from './results.ts';
import { states } from '../../lib/text/states.ts';
import { status } from './status.ts';
import { tasks } from './tasks.ts';

const TEXTS = {
  en: {
    counts: counts.en,
    doctor: doctor.en,
    errors: errors.en,
    hosts: hosts.en,
    images: images.en,
    jobs: jobs.en,
    layout: layout.en,
    questions: questions.en,
    results: results.en,
    states: states.en,
    status: status.en,
    tasks: tasks.en,
  },
  de: {
    counts: counts.de,
    doctor: doctor.de,
    errors: errors.de,
    hosts: hosts.de,
    images: images.de,
    jobs: jobs.de,
    layout: layout.de,
    questions: questions.de,
    results: results.de,
    states: states.de,
    status: status.de,
    tasks: tasks.de,
  },
} as const;

/** The texts of a language, and which language that is, which numbers ask for. */
export type Texts = (typeof TEXTS)['en'] & { readonly language: Language };

export function textsOf(language: Language): Texts {
  return { ...TEXTS[language], language };
}
