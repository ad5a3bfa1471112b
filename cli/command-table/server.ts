/** The rows of the commands about the server as a whole, and of those that start other programs. */

import { SITE_FILE } from '../../lib/model/site-file.ts';
import type { Command } from '../command.ts';
import { DOCTOR_STATUS } from '../doctor/exit-status.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';

export function serverCommands(texts: HelpTexts): readonly Command[] {
  const { medium, settings, bootRefresh, doctor } = texts.server;
  const site = { flags: '--site <file>', help: texts.general.site(SITE_FILE) };
  return [
    {
      path: 'boot-media',
      summary: medium.summary,
      details: medium.details,
      arguments: [{ syntax: '<file>', help: medium.file }],
      options: [
        { flags: '--server <address>', help: medium.server },
        { flags: '--ip <address>', help: medium.ip },
        { flags: '--router <address>', help: medium.router },
        { flags: '--ram', help: medium.ram },
        { flags: '--with-rootfs', help: medium.withRootfs },
        { flags: '--overwrite', help: medium.overwrite },
        site,
      ],
      load: async () => (await import('../commands/boot-media.ts')).bootMedia,
    },
    {
      path: 'settings',
      summary: settings.summary,
      details: settings.details,
      options: [
        { flags: '--automatic-registration <when>', help: settings.registration },
        { flags: '--compression <how>', help: settings.compression },
        { flags: '--afterwards <what>', help: settings.afterwards },
        { flags: '--deploy-wake <on|off>', help: settings.deployWake },
        { flags: '--wait-hours <hours>', help: settings.waitHours },
        { flags: '--check-addresses <on|off>', help: settings.checkAddresses },
        { flags: '--host-language <en|de>', help: settings.hostLanguage },
      ],
      load: async () => (await import('../commands/settings.ts')).settings,
    },
    {
      path: 'boot refresh',
      summary: bootRefresh.summary,
      details: bootRefresh.details,
      load: async () => (await import('../commands/boot-refresh.ts')).bootRefresh,
    },
    {
      path: 'doctor',
      summary: doctor.summary,
      details: doctor.details(DOCTOR_STATUS.warning, DOCTOR_STATUS.failure),
      options: [
        site,
        { flags: '--data <directory>', help: doctor.data },
        { flags: '--long', help: doctor.long },
      ],
      load: async () => (await import('../commands/doctor.ts')).doctor,
    },
  ];
}

/** Commands that hand their words on to another program, and the help. */
export function programCommands(texts: HelpTexts): readonly Command[] {
  const { tui, rootfs, server, help } = texts.server;
  const options = '[options...]';
  return [
    {
      path: 'tui',
      summary: tui.summary,
      arguments: [{ syntax: options, help: tui.options }],
      passThrough: true,
      load: async () => (await import('../commands/tui.ts')).tui,
    },
    {
      path: 'rootfs',
      summary: rootfs.summary,
      arguments: [{ syntax: options, help: rootfs.options }],
      passThrough: true,
      load: async () => (await import('../commands/rootfs.ts')).rootfs,
    },
    {
      path: 'server',
      summary: server.summary,
      arguments: [{ syntax: options, help: server.options }],
      passThrough: true,
      load: async () => (await import('../commands/server.ts')).server,
    },
    {
      path: 'help',
      summary: help.summary,
      arguments: [{ syntax: '[topic...]', help: help.topic }],
      load: async () => (await import('../commands/help.ts')).help,
    },
  ];
}
