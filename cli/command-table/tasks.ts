/** The rows of the commands about tasks, sessions and operators. */

import type { Command } from '../command.ts';
import { sharedOptions } from '../options.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';

export function taskCommands(texts: HelpTexts): readonly Command[] {
  const { tasks } = texts;
  const { task } = sharedOptions(texts);
  return [
    {
      path: 'task list',
      summary: tasks.list.summary,
      options: [{ flags: '--limit <count>', help: tasks.list.limit }],
      load: async () => (await import('../commands/task-list.ts')).taskList,
    },
    {
      path: 'task show',
      summary: tasks.show.summary,
      arguments: [task],
      load: async () => (await import('../commands/task-show.ts')).taskShow,
    },
    {
      path: 'task log',
      summary: tasks.log.summary,
      details: tasks.log.details,
      arguments: [task],
      options: [{ flags: '--host <host>', help: tasks.log.host }],
      load: async () => (await import('../commands/task-log.ts')).taskLog,
    },
    {
      path: 'task cancel',
      summary: tasks.cancel.summary,
      details: tasks.cancel.details,
      arguments: [task],
      options: [{ flags: '--host <host>', help: tasks.cancel.host }],
      load: async () => (await import('../commands/task-cancel.ts')).taskCancel,
    },
    {
      path: 'task put-away',
      summary: tasks.putAway.summary,
      details: tasks.putAway.details,
      arguments: [{ syntax: '<id>', help: tasks.putAway.id }],
      load: async () => (await import('../commands/task-put-away.ts')).taskPutAway,
    },
    {
      path: 'session start',
      summary: tasks.start.summary,
      details: tasks.start.details,
      arguments: [{ syntax: '<id>', help: tasks.start.id }],
      load: async () => (await import('../commands/session-start.ts')).sessionStart,
    },
  ];
}

export function operatorCommands(texts: HelpTexts): readonly Command[] {
  const { operators } = texts;
  const { operator, secrets, yes } = sharedOptions(texts);
  return [
    {
      path: 'operator list',
      summary: operators.list.summary,
      load: async () => (await import('../commands/operator-list.ts')).operatorList,
    },
    {
      path: 'operator add',
      summary: operators.add.summary,
      details: operators.add.details,
      arguments: [operator],
      options: secrets,
      load: async () => (await import('../commands/operator-add.ts')).operatorAdd,
    },
    {
      path: 'operator password',
      summary: operators.password.summary,
      arguments: [operator],
      options: secrets,
      load: async () => (await import('../commands/operator-password.ts')).operatorPassword,
    },
    {
      path: 'operator delete',
      summary: operators.delete.summary,
      arguments: [operator],
      options: [yes],
      load: async () => (await import('../commands/operator-delete.ts')).operatorDelete,
    },
  ];
}
