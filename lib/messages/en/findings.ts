/** Findings in English. */

import type { FINDING_MESSAGES } from '../../model/messages/findings.ts';
import type { TextsOf } from '../texts.ts';

export const findings: TextsOf<typeof FINDING_MESSAGES> = {
  'file.missing': 'it is missing',
  'file.not-regular': 'it is no regular file',
  'file.foreign': 'it does not belong to the image',
  'file.unreadable': ({ said }) => `it cannot be read: ${said}`,
  'file.wrong-size': ({ foundBytes, expectedBytes }) =>
    `it has ${foundBytes} bytes instead of ${expectedBytes}`,
  'file.wrong-hash': ({ found, expected }) =>
    `its SHA-256 is ${found} instead of ${expected}: its content changed`,
  'file.manifest-damaged': ({ said }) => `it is damaged, so the streams cannot be checked: ${said}`,
  'file.unknown-format': ({ version }) =>
    `it has format version ${version}, which this program does not know`,
  'build.server-starting': 'the server is starting',
  'build.missing': ({ link }) => `there is no root file system for the hosts (${link} is missing)`,
  'build.no-build': ({ link, target }) => `${link} points to ${target}, which is no build`,
  'build.incomplete': ({ path, build }) => `${path} of the current build ${build} is missing`,
  'server.no-build': ({ reason }) => `all hosts boot their own disks: ${reason}`,
  'server.boot-files-failed': ({ said }) =>
    `hosts may boot the wrong thing: writing the boot files failed: ${said}`,
  'server.read-only': ({ directory }) =>
    `nothing can be stored in ${directory}: its file system is read-only`,
  'server.low-space': ({ directory, freeBytes, sizeBytes, reserveBytes }) =>
    `the file system of ${directory} has ${freeBytes} of ${sizeBytes} free, less than the reserve of ${reserveBytes}`,
  'server.change-not-stored': ({ said }) => `the last change was not stored: ${said}`,
  'server.store-large': ({ directory, sizeBytes, mostBytes }) =>
    `the store in ${directory} has ${sizeBytes} of at most ${mostBytes}`,
  'hint.build-rootfs': 'Build a root file system: `sudo openclone rootfs build --activate`.',
  'hint.boot-files': ({ directory }) =>
    `See that ${directory} is there, that the server's user may write its directories bios/*/pxelinux.cfg and grub, and that it is not full. The server tries again by itself.`,
  'hint.read-only':
    'See what the kernel says of the disk (dmesg), repair it, and mount it writable again.',
  'hint.low-space':
    'Delete images that are not needed any more (openclone image delete NAME), or give it more room.',
  'hint.change-not-stored': ({ hint }) => hint,
  'hint.store-large':
    'Cancel tasks that nobody needs any more (openclone task list, openclone task cancel): the oldest ended ones go when the next one is made. Delete hosts that nobody knows (openclone host list, openclone host delete).',
};
