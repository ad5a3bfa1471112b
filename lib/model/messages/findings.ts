/** What a verification of an image finds, and what is wrong with the server and what to do about it. */

import type { Declarations } from '../message.ts';

export const FINDING_MESSAGES = {
  // a file of an image
  'file.missing': {},
  'file.not-regular': {},
  'file.foreign': {},
  'file.unreadable': { said: 'text' },
  'file.wrong-size': { foundBytes: 'number', expectedBytes: 'number' },
  'file.wrong-hash': { found: 'text', expected: 'text' },
  'file.manifest-damaged': { said: 'text' },
  'file.unknown-format': { version: 'number' },
  // the build that hosts boot
  'build.server-starting': {},
  'build.missing': { link: 'text' },
  'build.no-build': { link: 'text', target: 'text' },
  'build.incomplete': { path: 'text', build: 'text' },
  // the server
  'server.no-build': { reason: 'message' },
  'server.boot-files-failed': { said: 'text' },
  'server.read-only': { directory: 'text' },
  'server.low-space': {
    directory: 'text',
    freeBytes: 'bytes',
    sizeBytes: 'bytes',
    reserveBytes: 'bytes',
  },
  'server.change-not-stored': { said: 'text' },
  'server.store-large': { directory: 'text', sizeBytes: 'bytes', mostBytes: 'bytes' },
  'hint.build-rootfs': {},
  'hint.boot-files': { directory: 'text' },
  'hint.read-only': {},
  'hint.low-space': {},
  /** `hint`: of the error, in English. */
  'hint.change-not-stored': { hint: 'text' },
  'hint.store-large': {},
} as const satisfies Declarations;
