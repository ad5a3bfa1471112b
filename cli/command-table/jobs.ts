/** The rows of the commands about jobs. */

import type { Command } from '../command.ts';
import { sharedOptions } from '../options.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';

export function jobCommands(texts: HelpTexts): readonly Command[] {
  const { jobs } = texts;
  const { detach, task, yes } = sharedOptions(texts);
  const job = { syntax: '<job>', help: jobs.job };
  const file = { syntax: '<file>', help: jobs.file };
  return [
    {
      path: 'job list',
      summary: jobs.list,
      load: async () => (await import('../commands/job-list.ts')).jobList,
    },
    {
      path: 'job show',
      summary: jobs.show,
      arguments: [job],
      load: async () => (await import('../commands/job-show.ts')).jobShow,
    },
    {
      path: 'job start',
      summary: jobs.start.summary,
      details: jobs.start.details,
      arguments: [job],
      options: [{ flags: '--set <value...>', help: jobs.start.set }, detach],
      load: async () => (await import('../commands/job-start.ts')).jobStart,
    },
    {
      path: 'job history',
      summary: jobs.history.summary,
      arguments: [job],
      options: [{ flags: '--limit <count>', help: jobs.history.limit }],
      load: async () => (await import('../commands/job-history.ts')).jobHistory,
    },
    {
      path: 'job check',
      summary: jobs.check,
      arguments: [file],
      load: async () => (await import('../commands/job-check.ts')).jobCheck,
    },
    {
      path: 'job create',
      summary: jobs.create.summary,
      details: jobs.create.details,
      arguments: [file],
      load: async () => (await import('../commands/job-create.ts')).jobCreate,
    },
    {
      path: 'job keep',
      summary: jobs.keep.summary,
      details: jobs.keep.details,
      arguments: [task],
      options: [{ flags: '--name <name>', help: jobs.keep.name, mandatory: true }],
      load: async () => (await import('../commands/job-keep.ts')).jobKeep,
    },
    {
      path: 'job export',
      summary: jobs.export,
      arguments: [job],
      load: async () => (await import('../commands/job-export.ts')).jobExport,
    },
    {
      path: 'job edit',
      summary: jobs.edit.summary,
      details: jobs.edit.details,
      arguments: [job, file],
      load: async () => (await import('../commands/job-edit.ts')).jobEdit,
    },
    {
      path: 'job delete',
      summary: jobs.delete,
      arguments: [job],
      options: [yes],
      load: async () => (await import('../commands/job-delete.ts')).jobDelete,
    },
  ];
}
