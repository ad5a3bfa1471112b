/** The lines that name what a destructive command will destroy, shown before it is confirmed. */

import { selectDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import { printable } from '../../lib/format.ts';
import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { HostView } from '../../lib/model/host.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import type { Texts } from '../text/catalogue.ts';
import { indented, table } from './table.ts';
import { orDash } from './labels.ts';

/** More hosts than these are counted, not listed. */
const LISTED_HOSTS = 10;

/** The disks that will be overwritten. `replacement` is what comes onto them: "the image win11". */
export function diskLossLines(
  texts: Texts,
  hosts: readonly HostView[],
  disk: DiskSelector,
  replacement: string,
): string[] {
  const { questions } = texts;
  const columns = questions.diskColumns;
  const listed = hosts.slice(0, LISTED_HOSTS);
  const more = hosts.length - listed.length;
  return [
    printable(questions.diskLoss(replacement, hosts.length)),
    ...indented(
      table(
        [
          { title: columns.host },
          { title: columns.disk },
          { title: columns.model },
          { title: columns.serial },
          { title: columns.size, align: 'right' },
        ],
        listed.map((host) => [host.name, ...diskCells(texts, host, disk)]),
      ),
    ),
    ...(more > 0 ? [questions.moreDisks(more)] : []),
  ];
}

function diskCells(texts: Texts, host: HostView, selector: DiskSelector): string[] {
  if (host.systemInfo === null) return [texts.questions.unknownDisk, '-', '-', '-'];
  try {
    const disk = selectDisk(host.systemInfo.disks, selector);
    return [
      disk.address,
      orDash(disk.model),
      orDash(disk.serial),
      bytesText(disk.sizeBytes, texts),
    ];
  } catch (error) {
    const { severalDisks, noDisk } = texts.questions;
    if (!(error instanceof OperatorError)) throw error;
    // The host itself will refuse, unless its disks have changed since it was last seen.
    return [error.code === 'disk-ambiguous' ? severalDisks : noDisk, '-', '-', '-'];
  }
}
