/** What a destructive command is about to destroy, named before anybody says yes. */

import { selectDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes, printable } from '../../lib/format.ts';
import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { HostView } from '../../lib/model/host.ts';
import { indented, table } from './table.ts';
import { countOf, orDash } from './words.ts';

/** More hosts than these are counted, not listed. */
const LISTED_HOSTS = 10;

/** The disks that will be overwritten. `replacement` is what comes onto them: "the image win11". */
export function diskLossLines(
  hosts: readonly HostView[],
  disk: DiskSelector,
  replacement: string,
): string[] {
  const listed = hosts.slice(0, LISTED_HOSTS);
  const more = hosts.length - listed.length;
  return [
    `${printable(replacement)} goes to ${countOf(hosts.length, 'host')}. Everything on these disks will be lost:`,
    ...indented(
      table(
        [
          { title: 'HOST' },
          { title: 'DISK' },
          { title: 'MODEL' },
          { title: 'SERIAL' },
          { title: 'SIZE', align: 'right' },
        ],
        listed.map((host) => [host.name, ...diskCells(host, disk)]),
      ),
    ),
    ...(more > 0 ? [`  and the disks of ${countOf(more, 'more host', 'more hosts')}`] : []),
  ];
}

function diskCells(host: HostView, selector: DiskSelector): string[] {
  if (host.systemInfo === null) return ['not known yet', '-', '-', '-'];
  try {
    const disk = selectDisk(host.systemInfo.disks, selector);
    return [disk.address, orDash(disk.model), orDash(disk.serial), formatBytes(disk.sizeBytes)];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    // The host itself will refuse, unless its disks have changed since it was last seen.
    return [error.code === 'disk-ambiguous' ? 'several match' : 'no such disk', '-', '-', '-'];
  }
}
