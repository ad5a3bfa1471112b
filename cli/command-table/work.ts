/** The rows of the commands that give hosts work. */

import type { Command } from '../command.ts';
import { sharedOptions } from '../options.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';

export function workCommands(texts: HelpTexts): readonly Command[] {
  const { work } = texts;
  const { host, image, targets, to, disk, then, wake, until, detach, yes } = sharedOptions(texts);
  return [
    {
      path: 'capture',
      summary: work.capture.summary,
      details: work.capture.details,
      arguments: [host],
      options: [
        { flags: '--disk <disk>', help: work.capture.disk, mandatory: true },
        { flags: '--name <name>', help: work.capture.name, mandatory: true },
        { flags: '--compression <how>', help: work.capture.compression },
        then,
        wake,
        until,
        detach,
      ],
      load: async () => (await import('../commands/capture.ts')).capture,
    },
    {
      path: 'deploy',
      summary: work.deploy.summary,
      details: work.deploy.details,
      arguments: [image],
      options: [
        to,
        disk,
        { flags: '--transport <how>', help: work.deploy.transport },
        { flags: '--wait <seconds>', help: work.deploy.wait },
        then,
        wake,
        until,
        detach,
        yes,
      ],
      load: async () => (await import('../commands/deploy.ts')).deploy,
    },
    {
      path: 'partition',
      summary: work.partition.summary,
      details: work.partition.details,
      arguments: [image],
      options: [to, disk, then, wake, until, detach, yes],
      load: async () => (await import('../commands/partition.ts')).partition,
    },
    {
      path: 'shutdown',
      summary: work.shutdown.summary,
      details: work.shutdown.details,
      arguments: [targets],
      options: [{ flags: '--mode <mode>', help: work.shutdown.mode }, until, detach],
      load: async () => (await import('../commands/shutdown.ts')).shutdown,
    },
    {
      path: 'status',
      summary: work.status.summary,
      options: [{ flags: '--watch', help: work.status.watch }],
      load: async () => (await import('../commands/status.ts')).status,
    },
  ];
}
