/** All texts of the UI, in every language, checked against each other by their types. */

import type { Language } from '../../lib/model/language.ts';
import { states } from '../../lib/text/states.ts';
import { capture } from './capture.ts';
import { deploy } from './deploy.ts';
import { events } from './events.ts';
import { common } from './general.ts';
import { groups } from './groups.ts';
import { hostActions } from './hosts/actions.ts';
import { hostForms } from './hosts/forms.ts';
import { hostGroups } from './hosts/groups.ts';
import { hostList } from './hosts/list.ts';
import { hostPage } from './hosts/page.ts';
import { images } from './images.ts';
import { login } from './login.ts';
import { newTask } from './new-task.ts';
import { overview } from './overview.ts';
import { session } from './session.ts';
import { settings } from './settings.ts';
import { tasks } from './tasks.ts';
import { noServer } from './trouble.ts';

const TEXTS = {
  en: {
    capture: capture.en,
    common: common.en,
    deploy: deploy.en,
    events: events.en,
    groups: groups.en,
    hosts: {
      ...hostList.en,
      ...hostActions.en,
      ...hostForms.en,
      ...hostPage.en,
      ...hostGroups.en,
    },
    images: images.en,
    login: login.en,
    newTask: newTask.en,
    noServer: noServer.en,
    overview: overview.en,
    session: session.en,
    settings: settings.en,
    states: states.en,
    tasks: tasks.en,
  },
  de: {
    capture: capture.de,
    common: common.de,
    deploy: deploy.de,
    events: events.de,
    groups: groups.de,
    hosts: {
      ...hostList.de,
      ...hostActions.de,
      ...hostForms.de,
      ...hostPage.de,
      ...hostGroups.de,
    },
    images: images.de,
    login: login.de,
    newTask: newTask.de,
    noServer: noServer.de,
    overview: overview.de,
    session: session.de,
    settings: settings.de,
    states: states.de,
    tasks: tasks.de,
  },
} as const;

export type Texts = (typeof TEXTS)['en'];

export function textsOf(language: Language): Texts {
  return TEXTS[language];
}
