/** All commands, in the order of the help: what they are called and take; what each does is in its file. */

import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';
import type { Command } from '../command.ts';
import { DOCTOR_STATUS } from '../doctor/verdict.ts';
import {
  DETACH_OPTION,
  DISK_OPTION,
  HOST_ARGUMENT,
  IMAGE_ARGUMENT,
  OPERATOR_ARGUMENT,
  SECRET_OPTIONS,
  THEN_OPTION,
  TO_OPTION,
  UNTIL_OPTION,
  WAKE_OPTION,
  YES_OPTION,
} from '../options.ts';

export const COMMANDS: readonly Command[] = [
  {
    path: 'capture',
    summary: "make an image of a host's disk",
    details: [
      'The disk is only read. An image of that name gets a new version; the old one',
      'stays until the new one is complete and verified.',
      '',
      'Compressions, by speed and size:',
      '  zstd  fast and small; the default',
      '  lzo   least processor time, larger: for slow hosts on a fast network',
      '  gzip  readable everywhere, slow: for images that other systems shall read',
      '  none  for data that is compressed or encrypted already',
    ].join('\n'),
    arguments: [HOST_ARGUMENT],
    options: [
      {
        flags: '--disk <disk>',
        help: 'the disk: /dev/sda, serial:NUMBER, wwn:NUMBER, or "only" for the one fixed disk',
        mandatory: true,
      },
      { flags: '--name <name>', help: "the image's name", mandatory: true },
      { flags: '--compression <how>', help: 'zstd, lzo, gzip or none (default: zstd)' },
      THEN_OPTION,
      WAKE_OPTION,
      UNTIL_OPTION,
      DETACH_OPTION,
    ],
    load: async () => (await import('./capture.ts')).capture,
  },
  {
    path: 'deploy',
    summary: 'write the newest version of an image to the disks of hosts',
    details:
      'Everything on these disks is lost. All hosts get the image by one multicast transmission, and each ' +
      'verifies what it got; one host alone, and one that missed the transmission, gets it by unicast.\n' +
      'Name the targets after the image: openclone deploy win11 --to room-1 pc-17',
    arguments: [IMAGE_ARGUMENT],
    options: [
      TO_OPTION,
      DISK_OPTION,
      {
        flags: '--transport <how>',
        help: 'auto (multicast for several hosts, unicast for one), multicast or unicast (default: auto)',
      },
      {
        flags: '--wait <seconds>',
        help: 'how long to wait for missing hosts after the first is ready (default: 120)',
      },
      THEN_OPTION,
      WAKE_OPTION,
      UNTIL_OPTION,
      DETACH_OPTION,
      YES_OPTION,
    ],
    load: async () => (await import('./deploy.ts')).deploy,
  },
  {
    path: 'partition',
    summary: "write an image's partition table, and nothing else, to the disks of hosts",
    details: 'Everything on these disks is lost.',
    arguments: [IMAGE_ARGUMENT],
    options: [
      TO_OPTION,
      DISK_OPTION,
      THEN_OPTION,
      WAKE_OPTION,
      UNTIL_OPTION,
      DETACH_OPTION,
      YES_OPTION,
    ],
    load: async () => (await import('./partition.ts')).partition,
  },
  {
    path: 'shutdown',
    summary: 'power off or restart hosts, or end their engines',
    details:
      'Hosts with other work do that first. A host that is off does it when its engine starts next, if that is in time.',
    arguments: [{ syntax: '<targets...>', help: 'hosts and groups' }],
    options: [
      { flags: '--mode <mode>', help: 'power-off, reboot or exit (default: power-off)' },
      UNTIL_OPTION,
      DETACH_OPTION,
    ],
    load: async () => (await import('./shutdown.ts')).shutdown,
  },
  {
    path: 'status',
    summary: 'show the server, the hosts at work, tasks under way and sessions',
    options: [{ flags: '--watch', help: 'go on until Ctrl-C; with --json one status per line' }],
    load: async () => (await import('./status.ts')).status,
  },
  {
    path: 'host list',
    summary: 'list the hosts, with their state',
    options: [{ flags: '--group <group>', help: 'only those of this group' }],
    load: async () => (await import('./host-list.ts')).hostList,
  },
  {
    path: 'host show',
    summary: 'show what is known of a host: its machine, disks and partitions',
    arguments: [HOST_ARGUMENT],
    load: async () => (await import('./host-show.ts')).hostShow,
  },
  {
    path: 'host add',
    summary: 'make a host known before it has ever started from the network',
    details: 'It is approved at once: work that it is given waits for it.',
    arguments: [{ syntax: '<mac>', help: 'the MAC address it boots with' }],
    options: [
      { flags: '--name <name>', help: 'the name operators see' },
      { flags: '--group <group>', help: 'put it into this group' },
      { flags: '--ip <address>', help: 'the IPv4 address' },
    ],
    load: async () => (await import('./host-add.ts')).hostAdd,
  },
  {
    path: 'host approve',
    summary: 'take in hosts that have registered and wait for approval',
    details:
      '`openclone host list` shows who waits; `openclone host delete` refuses one. With automatic registration ' +
      '(`openclone settings`) hosts are taken in by themselves.',
    arguments: [{ syntax: '<hosts...>', help: 'hosts by name, MAC address, IP address or id' }],
    load: async () => (await import('./host-approve.ts')).hostApprove,
  },
  {
    path: 'host edit',
    summary: 'change what is stored of a host',
    arguments: [HOST_ARGUMENT],
    options: [
      { flags: '--name <name>', help: 'the name operators see' },
      { flags: '--mac <address>', help: 'the MAC address it is known by' },
      { flags: '--group <group>', help: 'put it into this group' },
      { flags: '--no-group', help: 'take it out of its group' },
      { flags: '--serial <number>', help: 'the serial number' },
      { flags: '--no-serial', help: 'the serial number that its firmware reports' },
      { flags: '--ip <address>', help: 'the IPv4 address' },
      { flags: '--no-ip', help: 'no fixed address' },
      {
        flags: '--debug-shell',
        help: 'a shell on its own console, for the next start of its engine',
      },
      { flags: '--no-debug-shell', help: 'no shell' },
      {
        flags: '--local-boot <way>',
        help: 'how it starts its own disk: site, firmware (its boot order), disk (the disk itself)',
      },
    ],
    load: async () => (await import('./host-edit.ts')).hostEdit,
  },
  {
    path: 'host clear',
    summary:
      'say that the half-written disk of a host is fine, so that the host boots from it again',
    arguments: [HOST_ARGUMENT],
    options: [YES_OPTION],
    load: async () => (await import('./host-clear.ts')).hostClear,
  },
  {
    path: 'host wake',
    summary: 'switch on hosts that are off, by Wake-on-LAN',
    details:
      'A host with work is sent magic packets until its engine answers, for three minutes at most. One without work ' +
      'starts from its own disk, which cannot be seen from here: it is sent three.',
    arguments: [{ syntax: '<targets...>', help: 'hosts and groups' }],
    options: [{ flags: '--detach', help: 'do not wait for the hosts' }],
    load: async () => (await import('./host-wake.ts')).hostWake,
  },
  {
    path: 'host accept-machine',
    summary:
      'say that a host is another machine now: it has a new main board, or a stranger came first',
    details:
      'A machine that has told its serial number once must always tell it; another one is refused, and `openclone host ' +
      'show` and the log say so. This accepts the one that was refused, and sends away the one that was there.',
    arguments: [HOST_ARGUMENT],
    options: [
      {
        flags: '--serial <number>',
        help: 'the serial number of the machine, as on its case: needed when several were refused, or none was yet',
      },
      { flags: '--no-serial', help: 'the machine tells no serial number' },
      {
        flags: '--adapter <mac>',
        help: 'the network adapter that it sent from: needed when several were refused with one serial number',
      },
      YES_OPTION,
    ],
    load: async () => (await import('./host-accept-machine.ts')).hostAcceptMachine,
  },
  {
    path: 'host delete',
    summary: 'forget a host; it registers again when its engine starts again',
    arguments: [HOST_ARGUMENT],
    options: [YES_OPTION],
    load: async () => (await import('./host-delete.ts')).hostDelete,
  },
  {
    path: 'group list',
    summary: 'list the groups',
    load: async () => (await import('./group-list.ts')).groupList,
  },
  {
    path: 'group show',
    summary: 'show a group and its hosts',
    arguments: [{ syntax: '<group>', help: 'a group by name or id' }],
    load: async () => (await import('./group-show.ts')).groupShow,
  },
  {
    path: 'group create',
    summary: 'make a group, mostly a room',
    arguments: [
      { syntax: '<name>', help: 'its name' },
      { syntax: '[hosts...]', help: 'hosts to put into it; they leave the group they are in' },
    ],
    load: async () => (await import('./group-create.ts')).groupCreate,
  },
  {
    path: 'group edit',
    summary: 'rename a group, or change which hosts are in it',
    arguments: [{ syntax: '<group>', help: 'a group by name or id' }],
    options: [
      { flags: '--name <name>', help: 'its new name' },
      { flags: '--add <host...>', help: 'hosts to put into it; they leave the group they are in' },
      { flags: '--remove <host...>', help: 'hosts to take out of it' },
    ],
    load: async () => (await import('./group-edit.ts')).groupEdit,
  },
  {
    path: 'group delete',
    summary: 'delete a group; its hosts stay, without a group',
    arguments: [{ syntax: '<group>', help: 'a group by name or id' }],
    options: [YES_OPTION],
    load: async () => (await import('./group-delete.ts')).groupDelete,
  },
  {
    path: 'image list',
    summary: 'list the images',
    load: async () => (await import('./image-list.ts')).imageList,
  },
  {
    path: 'image show',
    summary: 'show an image: its disk, partitions and versions',
    arguments: [IMAGE_ARGUMENT],
    options: [
      {
        flags: '--by-hand',
        help: 'print a shell script that restores the newest version without OpenClone',
      },
    ],
    load: async () => (await import('./image-show.ts')).imageShow,
  },
  {
    path: 'image verify',
    summary: 'read every file of an image and compare its hash',
    details: `Ends with exit status ${ERROR_TREATMENT['image-damaged'].exitStatus} when something is wrong with a version.`,
    arguments: [IMAGE_ARGUMENT],
    options: [{ flags: '--all-versions', help: 'all versions, not only the newest' }],
    load: async () => (await import('./image-verify.ts')).imageVerify,
  },
  {
    path: 'image rename',
    summary: 'give an image another name',
    arguments: [IMAGE_ARGUMENT, { syntax: '<new-name>', help: 'its new name' }],
    load: async () => (await import('./image-rename.ts')).imageRename,
  },
  {
    path: 'image protect',
    summary: 'keep an image from being deleted or captured anew',
    arguments: [IMAGE_ARGUMENT],
    load: async () => (await import('./image-protect.ts')).imageProtect,
  },
  {
    path: 'image unprotect',
    summary: 'let an image be deleted and captured anew again',
    arguments: [IMAGE_ARGUMENT],
    load: async () => (await import('./image-unprotect.ts')).imageUnprotect,
  },
  {
    path: 'image delete',
    summary: 'delete an image with all its versions',
    arguments: [IMAGE_ARGUMENT],
    options: [YES_OPTION],
    load: async () => (await import('./image-delete.ts')).imageDelete,
  },
  {
    path: 'task list',
    summary: 'list the latest tasks, newest first',
    options: [{ flags: '--limit <count>', help: 'how many (default: 20)' }],
    load: async () => (await import('./task-list.ts')).taskList,
  },
  {
    path: 'task show',
    summary: 'show a task: its hosts, their steps and errors',
    arguments: [{ syntax: '<id>', help: 'the id of a task' }],
    load: async () => (await import('./task-show.ts')).taskShow,
  },
  {
    path: 'task log',
    summary: 'show what the engines said while they worked on a task',
    details:
      'Every step with its errors and what the tools printed, as the hosts reported it. Of a long log the end is shown; on the server it is in the data directory, logs/RUN.log.',
    arguments: [{ syntax: '<id>', help: 'the id of a task' }],
    options: [{ flags: '--host <host>', help: 'only of this host' }],
    load: async () => (await import('./task-log.ts')).taskLog,
  },
  {
    path: 'task cancel',
    summary: 'end a task on all its hosts, or on one',
    details:
      'A host in the middle of writing stops within two seconds; its disk is then made unbootable.',
    arguments: [{ syntax: '<id>', help: 'the id of a task' }],
    options: [{ flags: '--host <host>', help: 'only on this host' }],
    load: async () => (await import('./task-cancel.ts')).taskCancel,
  },
  {
    path: 'task put-away',
    summary: 'say that a failure has been seen: it is red nowhere any more',
    details:
      'For all operators, in the overview of the full-screen UI (x there) and in the list of hosts. The task stays in the list of tasks.',
    arguments: [{ syntax: '<id>', help: 'the id of a task that has ended' }],
    load: async () => (await import('./task-put-away.ts')).taskPutAway,
  },
  {
    path: 'session start',
    summary: 'begin a transmission now, without waiting for missing hosts',
    details:
      'Hosts that come later get a session of their own. `openclone status` shows the sessions.',
    arguments: [{ syntax: '<id>', help: 'the id of a session' }],
    load: async () => (await import('./session-start.ts')).sessionStart,
  },
  {
    path: 'operator list',
    summary: 'list the operators',
    load: async () => (await import('./operator-list.ts')).operatorList,
  },
  {
    path: 'operator add',
    summary: 'add an operator, who may log on with a name and a password',
    details:
      'The password is asked for twice on the terminal. It has 8 characters or more, and 72 bytes at most.',
    arguments: [OPERATOR_ARGUMENT],
    options: SECRET_OPTIONS,
    load: async () => (await import('./operator-add.ts')).operatorAdd,
  },
  {
    path: 'operator password',
    summary: 'give an operator a new password',
    arguments: [OPERATOR_ARGUMENT],
    options: SECRET_OPTIONS,
    load: async () => (await import('./operator-password.ts')).operatorPassword,
  },
  {
    path: 'operator delete',
    summary: 'delete an operator, but not the last one',
    arguments: [OPERATOR_ARGUMENT],
    options: [YES_OPTION],
    load: async () => (await import('./operator-delete.ts')).operatorDelete,
  },
  {
    path: 'boot-media',
    summary:
      'make an image for a CD or USB stick that starts hosts which cannot boot from the network',
    details:
      'For BIOS and UEFI, Secure Boot too. The medium has kernel and initramfs; the host still needs the network.\n' +
      'It belongs to the build of the root file system that is current now: make a new one after an update.\n' +
      'Write the file to a USB stick with: dd if=FILE of=/dev/STICK bs=4M conv=fsync (all on the stick is lost)',
    arguments: [{ syntax: '<file>', help: 'the image to be made' }],
    options: [
      {
        flags: '--server <address>',
        help: "the server's address as the hosts reach it (default: that of the first subnet)",
      },
      {
        flags: '--ip <address>',
        help: 'a fixed address instead of DHCP, 10.0.0.9/24: for one host at a time',
      },
      { flags: '--router <address>', help: 'the router that goes with --ip' },
      { flags: '--ram', help: 'the host fetches its system into memory, instead of using NFS' },
      {
        flags: '--with-rootfs',
        help: 'the system itself is on the medium too, which is some 200 MB larger',
      },
      { flags: '--overwrite', help: 'replace the file if it is there already' },
      { flags: '--site <file>', help: `how the server serves its rooms (default: ${SITE_FILE})` },
    ],
    load: async () => (await import('./boot-media.ts')).bootMedia,
  },
  {
    path: 'settings',
    summary: 'show or change what holds for the whole server',
    details:
      'With automatic registration, hosts that nobody knows boot the engine and are taken in without approval; without ' +
      'it, they boot their own disks. Switch it on for as long as a room is being taken in (30m): whoever is in the ' +
      'network meanwhile is taken in too.\n' +
      'Compression, afterwards and wake are what the wizards of the full-screen UI start with; openclone capture and ' +
      'openclone deploy have defaults of their own.',
    options: [
      {
        flags: '--automatic-registration <on|off|time>',
        help: 'take unknown hosts in; with a time (30m, 2h, 18:00) for so long only',
      },
      { flags: '--compression <how>', help: 'of captures: zstd, lzo, gzip or none' },
      {
        flags: '--afterwards <what>',
        help: 'what hosts do after a task: wait (for more work), shutdown or reboot',
      },
      { flags: '--deploy-wake <on|off>', help: 'switch on hosts that are off for a deploy' },
      {
        flags: '--wait-hours <hours>',
        help: 'how long tasks wait for their hosts, without --until',
      },
      {
        flags: '--check-addresses <on|off>',
        help: 'refuse who claims a host from a network adapter that is not its own; off behind proxy ARP or wireless bridges',
      },
    ],
    load: async () => (await import('./settings.ts')).settings,
  },
  {
    path: 'boot refresh',
    summary: 'look for a new root file system, and write all files with boot choices again',
    details:
      'The server does so by itself; this is for who does not want to wait, or has changed files by hand.',
    load: async () => (await import('./boot-refresh.ts')).bootRefresh,
  },
  {
    path: 'doctor',
    summary: 'check this server as the hosts see it, and say what to do about what is wrong',
    details:
      'Asks for DHCP as a booting host does (and takes no lease), reads boot files, tries the services, ' +
      'the network and the disks of this machine. As root it sees more.\n\n' +
      `Exit status: 0 nothing is wrong, ${DOCTOR_STATUS.warning} warnings only, ${DOCTOR_STATUS.failure} something is wrong.`,
    options: [
      { flags: '--site <file>', help: `how the server serves its rooms (default: ${SITE_FILE})` },
      { flags: '--data <directory>', help: "the server's data (default: /var/lib/openclone)" },
      { flags: '--long', help: 'also what takes minutes: listen for an IGMP querier' },
    ],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    path: 'tui',
    summary: 'the full-screen UI; also what `openclone` alone starts on a terminal',
    arguments: [{ syntax: '[options...]', help: 'what the UI takes; see `openclone tui --help`' }],
    passThrough: true,
    load: async () => (await import('./tui.ts')).tui,
  },
  {
    path: 'rootfs',
    summary:
      'build, activate, list and remove root file systems of the hosts; see `openclone rootfs --help`',
    arguments: [{ syntax: '[options...]', help: 'what it takes' }],
    passThrough: true,
    load: async () => (await import('./rootfs.ts')).rootfs,
  },
  {
    path: 'server',
    summary: 'run the server in the foreground; see `openclone server --help`',
    arguments: [{ syntax: '[options...]', help: 'what the server takes' }],
    passThrough: true,
    load: async () => (await import('./server.ts')).server,
  },
  {
    path: 'help',
    summary: 'explain a command, or the exit statuses',
    arguments: [{ syntax: '[topic...]', help: 'a command ("host edit") or exit-status' }],
    load: async () => (await import('./help.ts')).help,
  },
];

/** What the help says of the first words that several commands share. */
export const COMMAND_GROUPS: Readonly<Record<string, string>> = {
  host: 'list, show, add, approve, edit, wake and delete hosts',
  group: 'list, show, make, edit and delete groups of hosts',
  image: 'list, show, verify, rename, protect and delete images',
  task: 'list, show, cancel and put away tasks, and read their logs',
  session: 'act on multicast sessions',
  operator: 'list, add and delete operators, and set their passwords',
  boot: 'what hosts boot from the network',
};
