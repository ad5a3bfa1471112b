/** The rows of the commands about hosts. */

import type { Command } from '../command.ts';
import { sharedOptions } from '../options.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';

export function hostCommands(texts: HelpTexts): readonly Command[] {
  const { hosts } = texts;
  const { host, targets, yes } = sharedOptions(texts);
  const name = { flags: '--name <name>', help: hosts.name };
  const group = { flags: '--group <group>', help: hosts.group };
  const ip = { flags: '--ip <address>', help: hosts.ip };
  return [
    {
      path: 'host list',
      summary: hosts.list.summary,
      options: [{ flags: '--group <group>', help: hosts.list.group }],
      load: async () => (await import('../commands/host-list.ts')).hostList,
    },
    {
      path: 'host show',
      summary: hosts.show.summary,
      arguments: [host],
      load: async () => (await import('../commands/host-show.ts')).hostShow,
    },
    {
      path: 'host add',
      summary: hosts.add.summary,
      details: hosts.add.details,
      arguments: [{ syntax: '<mac>', help: hosts.add.mac }],
      options: [name, group, ip],
      load: async () => (await import('../commands/host-add.ts')).hostAdd,
    },
    {
      path: 'host approve',
      summary: hosts.approve.summary,
      details: hosts.approve.details,
      arguments: [{ syntax: '<hosts...>', help: hosts.approve.hosts }],
      load: async () => (await import('../commands/host-approve.ts')).hostApprove,
    },
    {
      path: 'host edit',
      summary: hosts.edit.summary,
      arguments: [host],
      options: [
        name,
        { flags: '--mac <address>', help: hosts.edit.mac },
        group,
        { flags: '--no-group', help: hosts.edit.noGroup },
        { flags: '--serial <number>', help: hosts.edit.serial },
        { flags: '--no-serial', help: hosts.edit.noSerial },
        ip,
        { flags: '--no-ip', help: hosts.edit.noIp },
        { flags: '--debug-shell', help: hosts.edit.debugShell },
        { flags: '--no-debug-shell', help: hosts.edit.noDebugShell },
        { flags: '--local-boot <way>', help: hosts.edit.localBoot },
      ],
      load: async () => (await import('../commands/host-edit.ts')).hostEdit,
    },
    {
      path: 'host clear',
      summary: hosts.clear.summary,
      arguments: [host],
      options: [yes],
      load: async () => (await import('../commands/host-clear.ts')).hostClear,
    },
    {
      path: 'host wake',
      summary: hosts.wake.summary,
      details: hosts.wake.details,
      arguments: [targets],
      options: [{ flags: '--detach', help: hosts.wake.detach }],
      load: async () => (await import('../commands/host-wake.ts')).hostWake,
    },
    {
      path: 'host accept-machine',
      summary: hosts.accept.summary,
      details: hosts.accept.details,
      arguments: [host],
      options: [
        { flags: '--serial <number>', help: hosts.accept.serial },
        { flags: '--no-serial', help: hosts.accept.noSerial },
        { flags: '--adapter <mac>', help: hosts.accept.adapter },
        yes,
      ],
      load: async () => (await import('../commands/host-accept-machine.ts')).hostAcceptMachine,
    },
    {
      path: 'host delete',
      summary: hosts.delete.summary,
      arguments: [host],
      options: [yes],
      load: async () => (await import('../commands/host-delete.ts')).hostDelete,
    },
  ];
}
