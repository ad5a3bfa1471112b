/** Putting a task together, first step: a group, several hosts, or one. */

import { span } from '../../picture.ts';
import { targetChooser } from '../../presentation/hosts/target-chooser.ts';
import { textsOf } from '../../text/catalogue.ts';
import { openNewTask } from '../open.ts';
import type { ScreenStates } from '../../screen-states.ts';

export const TASK_HOSTS = targetChooser<ScreenStates['task-hosts']>({
  list: 'task-hosts',
  title: (_, { language }) => textsOf(language).newTask.hostsTitle,
  words: ({ language }) => {
    const texts = textsOf(language).newTask;
    return {
      groupRow: texts.groupRow,
      groupState: ({ length }) => span(texts.groupHosts(length)),
      head: ({ length }) => (length === 0 ? texts.hostsHead : texts.hostsMarked(length)),
      next: () => texts.next,
      nextHelp: texts.nextHelp,
      markHelp: texts.markHelp,
      none: texts.noHosts,
    };
  },
  next: openNewTask,
});
