/** A disk that the hosts, as far as the server knows them, do not have is refused before a task is made. */

import { describeDisk, formatDiskSelector, selectDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { Host } from '../../lib/model/host.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Disk } from '../../lib/model/system-info.ts';

/** More hosts than these are counted, and their disks not listed. */
const LISTED_HOSTS = 5;

type WrongHost = {
  readonly name: string;
  readonly disks: readonly Disk[];
  readonly error: OperatorError;
};

/**
 * Hosts that were never here say nothing: their disks are looked at when they come. Throws `disk-not-found`, or
 * `disk-ambiguous` when that is all that is wrong, naming the hosts and what each of them has.
 */
export function refuseWrongDisk(hosts: readonly Host[], operations: readonly Operation[]): void {
  for (const selector of selectorsOf(operations)) {
    const wrong = hosts.flatMap((host) => wrongHost(host, selector));
    if (wrong.length === 0) continue;
    const isMissing = wrong.some(({ error }) => error.code === 'disk-not-found');
    const some = wrong.slice(0, LISTED_HOSTS);
    const more = wrong.length - some.length;
    const names = some.map(({ name }) => name).join(', ');
    throw new OperatorError({
      code: isMissing ? 'disk-not-found' : 'disk-ambiguous',
      message: `choosing the disk ${formatDiskSelector(selector)}: ${
        isMissing ? 'no such disk' : 'more than one disk matches'
      } in ${names}${more > 0 ? ` and ${more} more` : ''}`,
      hint: `${some.map(disksIn).join('. ')}. Name one of them by address, serial or WWN. A host whose disks have been changed tells of them when its engine starts next (openclone shutdown HOST --mode reboot makes it start).`,
    });
  }
}

function selectorsOf(operations: readonly Operation[]): DiskSelector[] {
  const all = operations.flatMap((each) => ('disk' in each ? [each.disk] : []));
  return [...new Map(all.map((each) => [formatDiskSelector(each), each])).values()];
}

function wrongHost({ name, systemInfo }: Host, selector: DiskSelector): WrongHost[] {
  if (systemInfo === null) return [];
  try {
    selectDisk(systemInfo.disks, selector);
    return [];
  } catch (error) {
    if (error instanceof OperatorError) return [{ name, disks: systemInfo.disks, error }];
    throw error;
  }
}

function disksIn({ name, disks }: WrongHost): string {
  const listed = disks.map((disk) => {
    const wwn = disk.wwn === null ? '' : `, wwn ${disk.wwn}`;
    return `${describeDisk(disk)}${wwn}`;
  });
  return `${name} has ${listed.length === 0 ? 'no disk' : listed.join('; ')}`;
}
