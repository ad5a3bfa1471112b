/** Notes of steps in English. */

import type { COPY_MESSAGES, GPT_MESSAGES, NOTE_MESSAGES } from '../../model/messages/notes.ts';
import type { TextsOf } from '../texts.ts';

type Behind = {
  readonly sizeBytes: string;
  readonly endBytes: string;
  readonly partitionBytes: string;
};

export const notes: TextsOf<typeof NOTE_MESSAGES> = {
  'note.no-partition': 'The partition table has no partition',
  'note.only-boot-code':
    'The partition table has no partition: nothing but boot code would be captured',
  'note.no-ebr': ({ partition }) =>
    `The extended partition ${partition} has no EBR: it is taken as empty`,
  'note.backup-gpt-not-last': ({ sector, lastSector }) =>
    `The backup GPT is in sector ${sector}, not in the disk's last sector ${lastSector}`,
  'note.gpt-copies-differ': 'The two copies of the GPT differ: the primary one is used',
  'note.backup-gpt-unusable': ({ sector, damage }) =>
    `The backup GPT in sector ${sector} cannot be used (${damage}): it is made again from the primary one for every clone`,
  'note.primary-gpt-unusable': ({ sector, damage }) =>
    `The primary GPT cannot be used (${damage}): it is made again from the backup in sector ${sector} for every clone`,
  'note.signature-outside': ({ what, atByte }) =>
    `Outside the partitions there is the signature of ${what} (byte ${atByte}): what it belongs to is not in the image`,
  'note.dynamic-disk':
    'This is a Windows dynamic disk: its database and all sectors of its partitions are in the image, but of volumes that span several disks only a part; deploy to disks of the same size, and keep no two clones in one computer',
  'note.every-sector': ({ reason }) => `copied sector by sector: ${reason}`,
  'note.own-map': ({ reason }) => `copied by its own map of used blocks: ${reason}`,
  'note.behind-copied': (behind) =>
    `${behindText(behind)} are copied too; if they are of no use, let the file system fill its partition, or shrink the partition`,
  'note.behind-lost': (behind) => `${behindText(behind)} are not zero, and not in the image`,
  'note.behind-unreadable': (behind) =>
    `${behindText(behind)} cannot be read, and are not in the image`,
  'note.had-errors': 'it notes that errors were met when it was read or written',
  'note.bad-clusters': ({ clusters }) => `${clusters} clusters that are marked bad are left out`,
  'note.journal-elsewhere': 'its journal is on another device, which a clone needs too',
  'note.sent-again': ({ times }) => `sent ${times} times: the connection was lost`,
  'note.no-room-for-ntfs-backup': 'there is no room for the backup boot sector in the partition',
  'note.session-missed': 'the transmission did not get through: it is done again',
  'note.host-restarted': 'the host was restarted: it is done again',
  'note.server-restarted': 'the server was restarted: it is done again',
  'note.notes-left-out': ({ count }) => `${count} more notes were left out: the host said too much`,
  'note.image-stored-already': 'the image was stored already when the host was restarted',
};

function behindText({ sizeBytes, endBytes, partitionBytes }: Behind): string {
  return `${sizeBytes} behind the end of the file system (${endBytes} of the partition's ${partitionBytes})`;
}

export const copies: TextsOf<typeof COPY_MESSAGES> = {
  'copy.tool-fails': ({ said }) => `its structures are not understood (${said})`,
  'copy.kind-unchecked': ({ filesystem }) =>
    `whether used blocks would do is not known for ${filesystem ?? 'it'}`,
  'copy.larger-than-partition': 'the file system is larger than its partition',
  'copy.unclean-map':
    'it was not unmounted cleanly, so that its map may call blocks free that are not',
  'copy.has-errors': ({ check }) =>
    `it is marked as having errors; check it (${check}) before you rely on the image`,
  'copy.contradicts-itself': ({ check }) =>
    `its maps contradict its counts; check it (${check}) before you rely on the image`,
  'copy.needs-repair': ({ check }) => `it is marked as in need of a check or repair (${check})`,
  'copy.unknown-features': 'it has features that OpenClone does not know',
  'copy.damaged-super-block': 'its super block is damaged',
  'copy.half-made': 'it was never completely made',
  'copy.is-journal': 'it is the journal of another',
  'copy.external-log':
    'it has an external log, which a clone needs too: nothing here tells whether that is clean',
  'copy.realtime-device': 'part of its data is on a real-time device, which a clone needs too',
  'copy.never-says-clean': ({ filesystem }) =>
    `a ${filesystem} does not say whether it was unmounted`,
  'copy.unreadable': ({ program }) => `${program} cannot read it`,
  'copy.unreadable-says': ({ program, said }) => `${program} cannot read it (${said})`,
  'copy.program-silent': ({ program, elapsedMs }) =>
    `${program} had not told after ${elapsedMs} what it would copy`,
  'copy.program-wrote-nothing': ({ program }) => `${program} wrote no image`,
  'copy.program-unknown-format': ({ program }) => `${program} writes a format that is not known`,
  'copy.program-calls-larger': ({ program }) => `${program} takes it for larger than its partition`,
  'copy.dynamic-disk': 'it belongs to a dynamic disk, and may hold several volumes',
  'copy.swap-version': ({ version }) => `its swap header is of the unknown version ${version}`,
  'copy.swap-too-full': 'its swap header is too full to be kept alone',
  'copy.member': ({ of }) =>
    `it belongs to ${of}: what of that lies on other disks is not in the image`,
  'copy.btrfs-devices': ({ devices }) =>
    `a btrfs over ${devices} devices, which are of use only together`,
  'copy.raid-mirror': ({ devices, raid }) =>
    `it is one of ${devices} devices of a Linux ${raid}; a clone has all data, but a set that lacks the others`,
  'copy.raid-device': ({ devices, raid }) =>
    `it is one of ${devices} devices of a Linux ${raid}, which are of use only together`,
  'copy.lvm-volumes': ({ volumes }) =>
    `it is one of ${volumes} physical volumes of an LVM volume group, which are of use only together`,
  'copy.zfs-devices': 'it is one of several devices of a ZFS pool, which are of use only together',
};

export const gptDamages: TextsOf<typeof GPT_MESSAGES> = {
  'gpt.absent': 'there is none',
  'gpt.header-size': ({ sizeBytes }) => `its header claims ${sizeBytes} bytes`,
  'gpt.header-checksum': 'the checksum of its header is wrong',
  'gpt.sectors-beyond': 'its header has sector numbers beyond every disk',
  'gpt.other-sector': ({ sector }) => `its header is one for sector ${sector}`,
  'gpt.entry-size': ({ sizeBytes }) => `its header claims entries of ${sizeBytes} bytes`,
  'gpt.entry-count': ({ entries, sizeBytes }) =>
    `its header claims ${entries} entries of ${sizeBytes} bytes`,
  'gpt.no-sectors': 'its header has no sector for partitions',
  'gpt.claimed-sector': ({ sector }) => `the primary one claims it in sector ${sector}`,
  'gpt.entries-place': ({ sector }) => `its entries cannot lie in sector ${sector}`,
  'gpt.entries-checksum': 'the checksum of its entries is wrong',
};
