/** What the help says, in every language. */

import type { Language } from '../../../lib/model/language.ts';
import { general } from './general.ts';
import { hosts } from './hosts.ts';
import { groups, images } from './images.ts';
import { server } from './server.ts';
import { jobs } from './jobs.ts';
import { operators, tasks } from './tasks.ts';
import { work } from './work.ts';

const TEXTS = {
  en: {
    general: general.en,
    groups: groups.en,
    hosts: hosts.en,
    images: images.en,
    jobs: jobs.en,
    operators: operators.en,
    server: server.en,
    tasks: tasks.en,
    work: work.en,
  },
  de: {
    general: general.de,
    groups: groups.de,
    hosts: hosts.de,
    images: images.de,
    jobs: jobs.de,
    operators: operators.de,
    server: server.de,
    tasks: tasks.de,
    work: work.de,
  },
} as const;

export type HelpTexts = (typeof TEXTS)['en'];

export function helpTextsOf(language: Language): HelpTexts {
  return TEXTS[language];
}
