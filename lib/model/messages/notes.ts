/** Notes of steps: what was found, why it was warned or skipped. An image keeps those that its capture warned of. */

import type { Declarations } from '../message.ts';

export const NOTE_MESSAGES = {
  // the partition table
  'note.no-partition': {},
  'note.only-boot-code': {},
  'note.no-ebr': { partition: 'number' },
  'note.backup-gpt-not-last': { sector: 'number', lastSector: 'number' },
  'note.gpt-copies-differ': {},
  'note.backup-gpt-unusable': { sector: 'number', damage: 'message' },
  'note.primary-gpt-unusable': { sector: 'number', damage: 'message' },
  'note.signature-outside': { what: 'container', atByte: 'number' },
  'note.dynamic-disk': {},
  // how a partition is copied
  'note.every-sector': { reason: 'message' },
  'note.own-map': { reason: 'message' },
  'note.behind-copied': { sizeBytes: 'bytes', endBytes: 'bytes', partitionBytes: 'bytes' },
  'note.behind-lost': { sizeBytes: 'bytes', endBytes: 'bytes', partitionBytes: 'bytes' },
  'note.behind-unreadable': { sizeBytes: 'bytes', endBytes: 'bytes', partitionBytes: 'bytes' },
  'note.had-errors': {},
  'note.bad-clusters': { clusters: 'number' },
  'note.journal-elsewhere': {},
  'note.sent-again': { times: 'number' },
  // deploy
  'note.no-room-for-ntfs-backup': {},
  // what the server adds
  'note.session-missed': {},
  'note.host-restarted': {},
  'note.server-restarted': {},
  'note.image-stored-already': {},
  'note.notes-left-out': { count: 'number' },
} as const satisfies Declarations;

/** Why all sectors of a partition are copied, or partclone does not copy it. */
export const COPY_MESSAGES = {
  'copy.tool-fails': { said: 'text' },
  'copy.kind-unchecked': { filesystem: 'text?' },
  'copy.larger-than-partition': {},
  'copy.unclean-map': {},
  'copy.has-errors': { check: 'text' },
  'copy.contradicts-itself': { check: 'text' },
  'copy.needs-repair': { check: 'text' },
  'copy.unknown-features': {},
  'copy.damaged-super-block': {},
  'copy.half-made': {},
  'copy.is-journal': {},
  'copy.external-log': {},
  'copy.realtime-device': {},
  'copy.never-says-clean': { filesystem: 'text' },
  'copy.unreadable': { program: 'text' },
  'copy.unreadable-says': { program: 'text', said: 'text' },
  'copy.program-silent': { program: 'text', elapsedMs: 'duration' },
  'copy.program-wrote-nothing': { program: 'text' },
  'copy.program-unknown-format': { program: 'text' },
  'copy.program-calls-larger': { program: 'text' },
  'copy.dynamic-disk': {},
  'copy.swap-version': { version: 'number' },
  'copy.swap-too-full': {},
  'copy.member': { of: 'container' },
  'copy.btrfs-devices': { devices: 'number' },
  'copy.raid-mirror': { devices: 'number', raid: 'text' },
  'copy.raid-device': { devices: 'number', raid: 'text' },
  'copy.lvm-volumes': { volumes: 'number' },
  'copy.zfs-devices': {},
} as const satisfies Declarations;

/** What is wrong with a copy of a GPT. */
export const GPT_MESSAGES = {
  'gpt.absent': {},
  'gpt.header-size': { sizeBytes: 'number' },
  'gpt.header-checksum': {},
  'gpt.sectors-beyond': {},
  'gpt.other-sector': { sector: 'number' },
  'gpt.entry-size': { sizeBytes: 'number' },
  'gpt.entry-count': { entries: 'number', sizeBytes: 'number' },
  'gpt.no-sectors': {},
  'gpt.claimed-sector': { sector: 'number' },
  'gpt.entries-place': { sector: 'number' },
  'gpt.entries-checksum': {},
} as const satisfies Declarations;
