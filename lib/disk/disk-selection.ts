/** Choosing one disk of a host by what an operator typed, or refusing with what is there. */

import { OperatorError } from '../errors.ts';
import { DiskSelector } from '../model/disk-selector.ts';
import type { Disk } from '../model/system-info.ts';
import { diskText } from '../text/disks.ts';

/**
 * Reads "/dev/sda", "sda", "serial:S3Z8NB0K", "wwn:0x5002538e40b2c0d1" or "only".
 * Throws OperatorError bad-argument for anything else.
 */
export function parseDiskSelector(text: string): DiskSelector {
  const [prefix, ...rest] = text.split(':');
  const value = rest.join(':');
  if (prefix === 'serial' || prefix === 'wwn') {
    const parsed = DiskSelector.safeParse({ type: prefix, value });
    if (parsed.success) return parsed.data;
  } else if (text === 'only') {
    return { type: 'only' };
  } else {
    const address = text.startsWith('/') ? text : `/dev/${text}`;
    const parsed = DiskSelector.safeParse({ type: 'address', value: address });
    if (parsed.success) return parsed.data;
  }
  throw new OperatorError({
    code: 'bad-argument',
    message: `reading the disk "${text}"`,
    hint: 'Name a disk by its address (/dev/sda), serial:NUMBER, wwn:NUMBER, or "only" for the one fixed disk.',
  });
}

/** The text that parseDiskSelector reads back. */
export function formatDiskSelector(selector: DiskSelector): string {
  if (selector.type === 'only') return 'only';
  return selector.type === 'address' ? selector.value : `${selector.type}:${selector.value}`;
}

/** The one disk that `selector` means. Throws disk-not-found or disk-ambiguous, naming what is there. */
export function selectDisk(disks: readonly Disk[], selector: DiskSelector): Disk {
  const found = disks.filter((disk) => matches(disk, selector));
  const [disk] = found;
  if (disk !== undefined && found.length === 1) return disk;
  const listed = disks.map(describeDisk).join('; ');
  throw new OperatorError({
    code: found.length === 0 ? 'disk-not-found' : 'disk-ambiguous',
    message: `choosing the disk ${formatDiskSelector(selector)}: ${
      found.length === 0 ? 'the host has no such disk' : `${found.length} disks match`
    }`,
    hint: `The host has ${listed === '' ? 'no disk' : listed}. Name one of them by address, serial or WWN.`,
  });
}

/** "/dev/sda (Samsung SSD 860, serial S3Z8NB0K, 500107862016 bytes)". */
export function describeDisk(disk: Disk): string {
  return diskText('en', disk);
}

function matches(disk: Disk, selector: DiskSelector): boolean {
  switch (selector.type) {
    case 'address':
      return disk.address === selector.value;
    case 'serial':
      return disk.serial === selector.value;
    case 'wwn':
      return disk.wwn === selector.value;
    case 'only':
      return !disk.removable;
  }
}
