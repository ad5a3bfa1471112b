/** Options that several commands have, described once. */

import type { ArgumentHelp, OptionHelp } from './command.ts';

export const HOST_ARGUMENT: ArgumentHelp = {
  syntax: '<host>',
  help: 'a host by name, MAC address, IP address or id',
};

export const IMAGE_ARGUMENT: ArgumentHelp = { syntax: '<image>', help: 'an image by name or id' };

export const OPERATOR_ARGUMENT: ArgumentHelp = { syntax: '<name>', help: "an operator's name" };

export const TO_OPTION: OptionHelp = {
  flags: '--to <target...>',
  help: 'hosts and groups that get it',
  mandatory: true,
};

export const DISK_OPTION: OptionHelp = {
  flags: '--disk <disk>',
  help: 'the disk: /dev/sda, serial:NUMBER, wwn:NUMBER, or "only" for the one fixed disk (default: only)',
};

export const THEN_OPTION: OptionHelp = {
  flags: '--then <what>',
  help: 'afterwards: shutdown, reboot, or exit (end the engine)',
};

export const DETACH_OPTION: OptionHelp = {
  flags: '--detach',
  help: 'do not follow the task: print its id and return',
};

export const WAKE_OPTION: OptionHelp = {
  flags: '--wake',
  help: 'switch on the hosts that are off, by Wake-on-LAN',
};

export const UNTIL_OPTION: OptionHelp = {
  flags: '--until <when>',
  help: 'how long to wait for hosts that are off or busy: 90m, 24h, 3d, 18:00, "2026-12-01 18:00"; after that they do not get it (default: as `openclone settings` says, a day)',
};

export const YES_OPTION: OptionHelp = {
  flags: '-y, --yes',
  help: 'do not ask before something is lost; needed without a terminal',
};

export const SECRET_OPTIONS: readonly OptionHelp[] = [
  {
    flags: '--password-stdin',
    help: 'read the password from standard input, one line, instead of asking on the terminal',
  },
  {
    flags: '--hash-stdin',
    help: 'read a bcrypt hash ($2b$ or $2a$) of the password from standard input',
  },
];
